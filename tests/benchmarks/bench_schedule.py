"""`/schedule NAME` next to a bare echo: `python -m tests.benchmarks.bench_schedule 1000000`.

Both are served by uvicorn in one process each, on the same machine and in the same run, and asked
in turn over 16 connections: Wavepost with the example's master sheet imported and planned at that
size, and a bare Bolt app that echoes what was typed, and that looks one customer up by its id: the
least that an answer from a database can cost (docs/decisions/0012). Also printed: the time a search
takes inside one process, for whole names, beginnings and typos.
"""

import asyncio
import random
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from bot.embedded_postgres import EmbeddedPostgres
from bot.example.master import write_master_csv
from handlers.importing import import_sheets
from handlers.planning import publish_first_plan
from rules.parameters import Parameters
from store.migrate import migrate
from store.session import Store
from tests.benchmarks.load import Load, put_on
from tests.benchmarks.sides import both_served, say

TODAY = date(2022, 1, 15)
REQUESTS = 6_000
ROUNDS = 3


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
    names = await furnish(store, folder / "master.csv", locations)
    owner = Store(server.owner_url)
    async with owner.reading() as reading:
        await reading.connection.execute(text("ANALYZE"))
    await owner.close()
    await _search(store, names)
    async with store.reading() as reading:
        found = await reading.connection.execute(text("SELECT id FROM customers"))
        known = list(found.scalars())
    await store.close()
    async with both_served(server) as sides:
        for _ in range(ROUNDS):
            chance = random.Random(7)
            texts = chance.choices(names, k=REQUESTS)
            ids = chance.choices(known, k=REQUESTS)
            secret, user = sides.secret, sides.user
            echo = await put_on(sides.echo, secret, texts, command="/echo", user=user)
            one = await put_on(sides.echo, secret, ids, command="/one", user=user)
            ours = await put_on(sides.wavepost, secret, texts, command="/schedule", user=user)
            say(
                f"echo {_told(echo)}; one look-up by id {_told(one)}; /schedule {_told(ours)}; "
                f"ratio to the echo {ours.per_second / echo.per_second:.2f}, "
                f"to one look-up {ours.per_second / one.per_second:.2f}"
            )


def _told(load: Load) -> str:
    return f"{load.per_second:,.0f}/s, p50 {load.p50 * 1e3:.1f}, p99 {load.p99 * 1e3:.1f} ms"


async def furnish(
    store: Store, sheet: Path, locations: int, customers: int | None = None
) -> list[str]:
    """Import and plan; gives the customers' names."""
    write_master_csv(sheet, locations, customers or locations // 5, 2022)
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
    chance = random.Random(11)
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
        say(f"search by {kind}: p50 {times[len(times) // 2]:.1f} ms, p99 {times[-2]:.1f} ms")


if __name__ == "__main__":
    main(*sys.argv[1:])
