"""How fast messages leave under Slack's rates: `python -m tests.benchmarks.bench_courier 5000 10`.

So many messages wait in 100 channels; couriers in one process, and then in three, deliver them to
the stand-in, which allows 600 a minute in the workspace and about one a second in each channel. The
second number is how many times as fast as Slack's all clocks run (1: the real thing, 8 minutes for
5,000 messages). The best possible time is what the stand-in's own windows allow to someone who
knows them: 600 at once, and the next 600 a minute later.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from sqlalchemy import TextClause, text

from bot.embedded_postgres import EmbeddedPostgres
from bot.sandbox.clock import Clock
from bot.sandbox.rates import MINUTE, SLACKS
from bot.sandbox.seed import ChannelSeed, TeamSeed, Workspace
from bot.sandbox.server import Sandbox
from bot.settings import CourierSettings, Settings
from store.migrate import migrate
from store.outbox import Message
from store.session import Store
from tests.courier_process import started

CHANNELS = 100
MANIFEST = Path(__file__).parents[2] / "manifest.yml"


def main(messages: str = "5000", speed: str = "10") -> None:
    """Print seconds, the ratio to the best possible, and how often Slack had to say no."""
    asyncio.run(_measure(int(messages), float(speed)))


async def _measure(messages: int, speed: float) -> None:
    best = (messages - 1) // SLACKS.messages * MINUTE / speed
    for processes in (1, 3):
        seconds, refused, in_order = await _delivered(messages, speed, processes)
        sys.stdout.write(
            f"{messages:,} messages over {CHANNELS} channels from {processes} process(es): "
            f"{seconds:.1f} s, best possible {best:.1f} s, ratio {seconds / best:.2f}; "
            f"{refused} refused for a while; {in_order} of {CHANNELS} channels complete and in order\n"
        )
        sys.stdout.flush()


async def _delivered(messages: int, speed: float, processes: int) -> tuple[float, int, int]:
    """Seconds from the commit to the last message seen, messages sent again, channels in order."""
    with TemporaryDirectory(prefix="wavepost-bench-") as folder, ExitStack() as ending:
        server = ending.enter_context(EmbeddedPostgres(Path(folder) / "postgres", durable=False))
        await migrate(server.owner_url, application_role="wavepost_app")
        channels = [ChannelSeed(f"c{n}", f"c{n}", app_is_member=True) for n in range(CHANNELS)]
        workspace = Workspace(team=TeamSeed("Bench", "bench"), channels=channels)
        sandbox = Sandbox(manifest=MANIFEST, workspace=workspace, clock=Clock(speed))
        async with sandbox.running():
            store = Store(server.app_url)
            for _ in range(processes):
                courier = started(_settings(server, sandbox, speed))
                ending.callback(_end, courier)
            ids = [sandbox.people.channel(channel.key).id for channel in channels]
            await _directory_is_read(store)
            await _say(store, ids, messages)
            began = time.monotonic()
            await _all_ended(store)
            seconds = time.monotonic() - began
            refused = await _tries(store) - messages
            await store.close()
        return seconds, refused, _in_order(sandbox, messages)


def _settings(server: EmbeddedPostgres, sandbox: Sandbox, speed: float) -> Settings:
    usual = CourierSettings()
    hurried = usual.model_copy(
        update={
            "pause_between_messages": usual.pause_between_messages / speed,
            "workspace_messages_a_minute": round(usual.workspace_messages_a_minute * speed),
        }
    )
    return Settings(
        database_url=server.app_url,
        slack_token=SecretStr(sandbox.bot_token),
        slack_signing_secret=SecretStr(sandbox.signing_secret),
        slack_app_token=None,
        slack_address=sandbox.api_address,
        s3_bucket="",
        courier=hurried,
    )


def _end(courier: BaseProcess) -> None:
    courier.kill()
    courier.join()


async def _directory_is_read(store: Store) -> None:
    query = text("SELECT count(*) FROM channels WHERE joined")
    while await _one(store, query) < CHANNELS:  # noqa: ASYNC110 - it happens in other processes
        await asyncio.sleep(0.1)


async def _say(store: Store, channels: Sequence[str], messages: int) -> None:
    async with store.transaction(actor="bench") as tx:
        for number in range(messages):
            to = channels[number % len(channels)]
            tx.say(Message(to, f"{number}", [], cause="bench"))


async def _all_ended(store: Store) -> None:
    query = text("SELECT coalesce(sum(last_number - done_number), 0)::int FROM lanes")
    while await _one(store, query):  # noqa: ASYNC110 - it happens in other processes
        await asyncio.sleep(0.05)


async def _tries(store: Store) -> int:
    return await _one(store, text("SELECT sum(tries)::int FROM outbox"))


async def _one(store: Store, query: TextClause) -> int:
    async with store.reading() as reading:
        return int((await reading.connection.execute(query)).scalar_one())


def _in_order(sandbox: Sandbox, messages: int) -> int:
    """How many channels heard each of their messages once and in order."""
    heard = {
        n: [message.text for message in sandbox.people.channel(f"c{n}").log.messages]
        for n in range(CHANNELS)
    }
    return sum(
        said == [str(number) for number in range(n, messages, CHANNELS)]
        for n, said in heard.items()
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
