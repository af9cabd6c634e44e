"""Many messages at once, delivered by processes of their own under the stand-in's rates."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from sqlalchemy import TextClause, text

from bot.embedded_postgres import EmbeddedPostgres
from bot.sandbox.clock import Clock
from bot.sandbox.rates import MINUTE, SLACKS
from bot.sandbox.seed import ChannelSeed, TeamSeed, UserSeed, Workspace
from bot.sandbox.server import Sandbox
from bot.settings import CourierSettings, Settings
from rules.roles import Kind
from store.channels import ChannelRow
from store.migrate import migrate
from store.outbox import Message
from store.people import PersonRow
from store.session import Store
from tests.courier_process import carrying

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a rush: seconds from the commit to the end, and how many Slack refused for a while.

    `heard` are the messages of each lane, in the order of their arrival.
    """

    seconds: float
    refused: int
    heard: Mapping[str, Sequence[str]]

    def right(self, said: Sequence[tuple[str, str]]) -> int:
        """How many lanes heard what was said to them, all of it, once and in order."""
        expected: dict[str, list[str]] = {lane: [] for lane in self.heard}
        for lane, words in said:
            expected[lane].append(words)
        return sum(self.heard[lane] == words for lane, words in expected.items())


def best_possible(messages: int, speed: float) -> float:
    """The fewest seconds in which the stand-in takes so many: 600 at once, 600 a minute later, …"""
    return (messages - 1) // SLACKS.messages * MINUTE / speed


class Rush:
    """A workspace of so many channels and people, on clocks that run `speed` times as fast as Slack's."""

    def __init__(self, *, channels: int, people: int = 0, speed: float) -> None:
        self._speed = speed
        self._channels = [f"c{number}" for number in range(channels)]
        self._people = [f"p{number}" for number in range(people)]

    @property
    def lanes(self) -> list[str]:
        """The keys of its channels, then of its people."""
        return [*self._channels, *self._people]

    async def delivered(self, said: Sequence[tuple[str, str]], processes: int) -> Outcome:
        """Say words to lanes in one transaction, and have so many processes deliver them."""
        async with self._workspace() as (store, sandbox, server):
            with ExitStack() as ending:
                for _ in range(processes):
                    courier = carrying(self._settings(server, sandbox))
                    ending.callback(courier.join)
                    ending.callback(courier.kill)
                ids = self._ids(sandbox)
                await self._known(store, ids)
                async with store.transaction(actor="bench") as tx:
                    for lane, words in said:
                        tx.say(Message(ids[lane], words, [], cause="bench"))
                began = time.monotonic()
                await _all_ended(store)
                seconds = time.monotonic() - began
            refused = await _one(store, text("SELECT sum(tries)::int FROM outbox")) - len(said)
            return Outcome(seconds, refused, self._heard(sandbox))

    @asynccontextmanager
    async def _workspace(self) -> AsyncIterator[tuple[Store, Sandbox, EmbeddedPostgres]]:
        channels = [ChannelSeed(key, key, app_is_member=True) for key in self._channels]
        people = [UserSeed(key, key, key, f"{key}@bench.example") for key in self._people]
        workspace = Workspace(team=TeamSeed("Bench", "bench"), users=people, channels=channels)
        sandbox = Sandbox(manifest=MANIFEST, workspace=workspace, clock=Clock(self._speed))
        with (
            TemporaryDirectory(prefix="wavepost-bench-") as folder,
            EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
        ):
            await migrate(server.owner_url, application_role="wavepost_app")
            async with sandbox.running():
                store = Store(server.app_url)
                yield store, sandbox, server
                await store.close()

    def _settings(self, server: EmbeddedPostgres, sandbox: Sandbox) -> Settings:
        usual = CourierSettings()
        hurried = {
            "pause_between_messages": usual.pause_between_messages / self._speed,
            "workspace_messages_a_minute": round(usual.workspace_messages_a_minute * self._speed),
        }
        return Settings(
            database_url=server.app_url,
            slack_token=SecretStr(sandbox.bot_token),
            slack_signing_secret=SecretStr(sandbox.signing_secret),
            slack_app_token=None,
            slack_address=sandbox.api_address,
            s3_bucket="",
            courier=usual.model_copy(update=hurried),
        )

    def _ids(self, sandbox: Sandbox) -> dict[str, str]:
        channels = {key: sandbox.people.channel(key).id for key in self._channels}
        return channels | {key: sandbox.people.user(key).id for key in self._people}

    async def _known(self, store: Store, ids: Mapping[str, str]) -> None:
        channels = [ChannelRow(id=ids[key], name=key, joined=True) for key in self._channels]
        people = [PersonRow(id=ids[key], name=key, kind=Kind.member) for key in self._people]
        async with store.transaction(actor="bench") as tx:
            await tx.channels.keep(channels)
            await tx.people.keep(people)

    def _heard(self, sandbox: Sandbox) -> dict[str, list[str]]:
        directory = sandbox.world.directory
        bot = directory.app.bot_user_id
        logs = {key: sandbox.people.channel(key).log for key in self._channels}
        for key in self._people:
            logs[key] = directory.direct(sandbox.people.user(key).id, bot).log
        return {key: [said.text for said in log.messages] for key, log in logs.items()}


async def _all_ended(store: Store) -> None:
    query = text("SELECT coalesce(sum(last_number - done_number), 0)::int FROM lanes")
    while await _one(store, query):
        await asyncio.sleep(0.1)


async def _one(store: Store, query: TextClause) -> int:
    async with store.reading() as reading:
        return int((await reading.connection.execute(query)).scalar_one())
