"""Opening the page of a wave: `python -m tests.benchmarks.bench_wave_page 5000 1000000`.

A wave of 5,000 locations among a million is under way: most have migrated, some failed, each with its
steps. Its pages are opened over 16 connections as its CSA sees them: the first, any other, those of
one CSA, and those that failed. Aim: p99 under 500 ms.
"""

import asyncio
import random
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

import httpx
from sqlalchemy import text

from bot.cookies import SESSION
from bot.embedded_postgres import EmbeddedPostgres
from bot.example.master import write_master_csv
from bot.sandbox.ids import stable_id
from handlers.importing import import_sheets
from handlers.running import start_wave, take_steps
from handlers.wave_page import SIZE
from handlers.wave_turn import Wish
from rules import wave_life
from rules.location_life import Step, Who
from rules.roles import Kind, Role
from store.migrate import migrate
from store.people import PersonRow
from store.session import Store
from tests.benchmarks.bench_marks import PLAN, PROMISE
from tests.benchmarks.load import open_pages
from tests.benchmarks.sides import both_served, say
from tests.world import ANA

WEEK = date(2022, 1, 17)
OPENINGS = 400
ROUNDS = 2
ONE_FAILS_IN = 100
SHARE_MARKED = 0.7
USER = stable_id("U", "ana")
OWNED = text("""
    UPDATE customers SET csa_email = :ana WHERE id IN (
        SELECT DISTINCT customer_id FROM promises ORDER BY customer_id LIMIT 300)
""")


def main(locations: str = "5000", every: str = "1000000") -> None:
    """Print how long opening pages of the wave takes."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        asyncio.run(_measure(server, Path(folder), int(locations), int(every)))


async def _measure(server: EmbeddedPostgres, folder: Path, locations: int, every: int) -> None:
    await migrate(server.owner_url, application_role="wavepost_app")
    store = Store(server.app_url)
    await _furnish(store, folder / "master.csv", locations, every)
    await _run(store)
    owner = Store(server.owner_url)
    async with owner.reading() as reading:
        await reading.connection.execute(text("VACUUM ANALYZE"))
    await owner.close()
    async with store.transaction(actor="bench") as tx:
        token = await tx.web_sessions.begin(USER)
    async with store.reading() as reading:
        others = [email for email, _, _ in await reading.wave_day.owners(WEEK)]
    await store.close()
    async with both_served(server) as sides:
        await _ready(sides.wavepost)
        chance = random.Random(7)
        kinds = {
            "first page": [""],
            "any page": [f"?page={number}" for number in range(1, locations // SIZE + 1)],
            "of one CSA": [f"?csa={email}" for email in others],
            "failed ones": ["?show=failed"],
        }
        for _ in range(ROUNDS):
            for kind, queries in kinds.items():
                paths = [f"/wave/{WEEK}{query}" for query in chance.choices(queries, k=OPENINGS)]
                load = await open_pages(sides.wavepost, paths, f"{SESSION}={token}")
                say(
                    f"{kind}: {load.per_second:,.0f}/s, p50 {load.p50 * 1e3:.0f}, "
                    f"p99 {load.p99 * 1e3:.0f} ms"
                )


async def _ready(address: str) -> None:
    """Wait until it has read what it reads at its start, the names of a million among it."""
    url = urljoin(address, "/readyz")
    async with httpx.AsyncClient(timeout=60) as client:
        while (await client.get(url)).is_error:
            await asyncio.sleep(0.5)


async def _furnish(store: Store, sheet: Path, locations: int, every: int) -> None:
    """Import everybody, promise a week to some, and start their wave."""
    write_master_csv(sheet, every, every // 5, 2022)
    async with store.transaction(actor="bench") as tx:
        await tx.clock.set_today(WEEK)
        await import_sheets(tx, [sheet], today=WEEK)
        await tx.connection.execute(PLAN)
        await tx.connection.execute(PROMISE, {"week": WEEK, "most": locations})
        await tx.connection.execute(OWNED, {"ana": ANA})
        person = PersonRow(id=USER, name="Ana Reyes", email=ANA, kind=Kind.member)
        await tx.people.keep([person])
        await tx.roles.give(USER, Role.csa, by="bench")
        await start_wave(tx, WEEK, by="bench", who=wave_life.Who.lead)


async def _run(store: Store) -> None:
    """Mark most of the wave: one in a hundred failed, all others migrated."""
    began = time.perf_counter()
    async with store.transaction(actor="bench") as tx:
        ids = await tx.wave_day.left(WEEK)
        wishes = [
            Wish(each, Step.migrate)
            if number % ONE_FAILS_IN
            else Wish(each, Step.fail, f"Cause number {number % 7}")
            for number, each in enumerate(ids[: int(SHARE_MARKED * len(ids))])
        ]
        await take_steps(tx, WEEK, wishes, by=USER, who=Who.lead)
    say(f"{len(wishes):,} locations marked in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
