"""`/schedule NAME` next to a bare echo: `python -m tests.benchmarks.bench_schedule 1000000`.

Both are served by uvicorn in one process each, on the same machine and in the same run, and asked
in turn over 16 connections: Wavepost with the example's master sheet imported and planned at that
size, and a Bolt app with one listener that echoes what was typed. Also printed: the time a search
takes inside one process, for whole names, beginnings and typos.
"""

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bot.embedded_postgres import EmbeddedPostgres
from bot.example.master import write_master_csv
from bot.sandbox.server import Sandbox
from handlers.importing import import_sheets
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.migrate import migrate
from store.session import Store
from tests.benchmarks.load import put_on
from tests.workspace import WORKSPACE

TODAY = date(2022, 1, 15)
REQUESTS = 6_000
ROUNDS = 3
MANIFEST = Path(__file__).parents[2] / "manifest.yml"


def main(locations: str = "1000000") -> None:
    """Print answers a second, p50 and p99 of both sides, their ratio, and search times."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        asyncio.run(_measure(server, Path(folder), int(locations)))


async def _measure(server: EmbeddedPostgres, folder: Path, locations: int) -> None:
    await migrate(server.owner_url, application_role="wavepost_app")
    store = Store(server.app_url)
    names = await _furnish(store, folder / "master.csv", locations)
    owner = Store(server.owner_url)
    async with owner.reading() as reading:
        await reading.connection.execute(text("ANALYZE"))
    await owner.close()
    await _search(store, names)
    await store.close()
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(
            Sandbox(manifest=MANIFEST, workspace=WORKSPACE, rates=None).running()
        )
        ports = [_free_port(), _free_port()]
        programs = [_wavepost(server, sandbox, ports[0]), _echo(sandbox, ports[1])]
        stack.callback(_end, programs)
        for port in ports:
            await _answers(port)
        user, secret = sandbox.people.user("ana").id, sandbox.signing_secret
        for _ in range(ROUNDS):
            texts = random.Random(7).choices(names, k=REQUESTS)  # noqa: S311 - a sample
            echo = await put_on(_url(ports[1]), secret, texts, command="/echo", user=user)
            ours = await put_on(_url(ports[0]), secret, texts, command="/schedule", user=user)
            _say(
                f"echo {echo.per_second:,.0f}/s, p50 {echo.p50 * 1e3:.1f}, p99 {echo.p99 * 1e3:.1f} ms; "
                f"/schedule {ours.per_second:,.0f}/s, p50 {ours.p50 * 1e3:.1f}, "
                f"p99 {ours.p99 * 1e3:.1f} ms; ratio {ours.per_second / echo.per_second:.2f}"
            )


async def _furnish(store: Store, sheet: Path, locations: int) -> list[str]:
    """Import and plan; gives the customers' names."""
    write_master_csv(sheet, locations, locations // 5, 2022)
    async with store.transaction(actor="bench") as tx:
        await tx.clock.set_today(TODAY)
        await import_sheets(tx, [sheet], today=TODAY)
    async with store.transaction(actor="bench") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters())
    async with store.reading() as reading:
        rows = await reading.connection.execute(text("SELECT name FROM customers ORDER BY id"))
        return list(rows.scalars())


async def _search(store: Store, names: list[str]) -> None:
    """Milliseconds of single searches, by what was typed."""
    chance = random.Random(11)  # noqa: S311 - a sample
    sample = [name for name in chance.sample(names, 200) if len(name) > 8]
    kinds = {
        "whole names": sample,
        "first letters": [name[:6] for name in sample],
        "with a slip": [name[:3] + name[4] + name[3] + name[5:] for name in sample],
    }
    for kind, typed in kinds.items():
        times = []
        for words in typed:
            async with store.reading() as reading:
                began = time.perf_counter()
                await reading.names.find(words)
                times.append((time.perf_counter() - began) * 1e3)
        times.sort()
        _say(f"search by {kind}: p50 {times[len(times) // 2]:.1f} ms, p99 {times[-2]:.1f} ms")


def _wavepost(server: EmbeddedPostgres, sandbox: Sandbox, port: int) -> subprocess.Popen[bytes]:
    settings = {
        "WAVEPOST_DATABASE_URL": server.app_url,
        "WAVEPOST_SLACK_TOKEN": sandbox.bot_token,
        "WAVEPOST_SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "WAVEPOST_SLACK_ADDRESS": sandbox.api_address,
        "WAVEPOST_S3_BUCKET": "",
        "WAVEPOST_PORT": str(port),
        "WAVEPOST_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-c", "from bot.cli import app; app(['serve'])"]
    return subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program, before anything is timed


def _echo(sandbox: Sandbox, port: int) -> subprocess.Popen[bytes]:
    arguments = [str(port), sandbox.api_address, sandbox.bot_token, sandbox.signing_secret]
    return subprocess.Popen([sys.executable, "-m", "tests.benchmarks.echo", *arguments])  # noqa: S603 - as above


def _end(programs: list[subprocess.Popen[bytes]]) -> None:
    for program in programs:
        program.terminate()
        program.wait()


async def _answers(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}/slack/events"


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
