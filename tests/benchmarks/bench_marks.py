"""How long marking a wave by sheet takes: `python -m tests.benchmarks.bench_marks 5000`.

A wave of so many locations, of 5 each customer on average, is started, looked at (a dry run), marked by
one sheet of which 1 in 100 failed by one of ten causes, and the same sheet is imported again. Then a
second such wave is marked by one call of the API's function. Everything that follows from marks
happens too: the brake, who is told, the timeline and the audit. Aim: marked within 20 s.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from sqlalchemy import text

from bot.embedded_postgres import EmbeddedPostgres
from bot.example.master import write_master_csv
from handlers.import_files import read_files
from handlers.importing import import_sheets, preview
from handlers.marks import Part, judge, mark_all
from handlers.running import start_wave
from rules import wave_life
from rules.location_life import Who
from rules.marking import Mark, Outcome
from store.migrate import migrate
from store.session import Store
from store.spreadsheets import sheet_of

WEEK, NEXT = date(2022, 1, 17), date(2022, 1, 24)
LEAD = "Lea"
CAUSES = [f"Cause number {number}" for number in range(10)]
PROMISE = text("""
    INSERT INTO promises (location_id, customer_id, week, plan_id)
    SELECT id, customer_id, CAST(:week AS date), 1 FROM locations
    WHERE status = 'active' AND cardinality(requires) = 0
    AND id NOT IN (SELECT location_id FROM promises)
    ORDER BY customer_id, id LIMIT :most
""")
PLAN = text("""
    INSERT INTO plans (id, state, made_on, first_monday, made_by, parameters, cost, bound, placed,
        unplaced)
    OVERRIDING SYSTEM VALUE
    VALUES (1, 'published', '2022-01-12', '2022-01-17', 'Lea', '{}', 1, 1, 1, 0)
""")


def main(locations: str = "5000", all_locations: str = "100000") -> None:
    """Print seconds of each part."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        asyncio.run(_measure(server, Path(folder), int(locations), int(all_locations)))


async def _measure(server: EmbeddedPostgres, folder: Path, locations: int, every: int) -> None:
    await migrate(server.owner_url, application_role="wavepost_app")
    store = Store(server.app_url)
    await _furnish(store, folder / "master.csv", every)
    owner = Store(server.owner_url)
    sheet = folder / "wave.xlsx"
    for week in (WEEK, NEXT):
        _say("started", await _timed(_started(store, week, locations)))
    async with owner.reading() as reading:
        await reading.connection.execute(text("ANALYZE"))
    await owner.close()
    async with store.reading() as reading:
        rows = await reading.marks.exported(WEEK)
    sheet.write_bytes(sheet_of(sheet.name, _filled(rows), page="marks"))
    _say("looked at", await _timed(_looked(store, sheet)))
    _say("marked by sheet", await _timed(_marked(store, sheet)))
    _say("the same sheet again", await _timed(_marked(store, sheet)))
    async with store.reading() as reading:
        counts = await reading.waves.counts(WEEK)
        wave = await reading.waves.get(WEEK)
        others = _filled(await reading.marks.exported(NEXT))
    assert wave
    _say(f"{dict(counts)}, the wave is {wave.state}")
    _say("marked as by the API", await _timed(_called(store, others)))
    await store.close()


async def _furnish(store: Store, sheet: Path, every: int) -> None:
    write_master_csv(sheet, every, every // 5, 2022)
    async with store.transaction(actor=LEAD) as tx:
        await tx.clock.set_now(datetime(2022, 1, 17, 9, tzinfo=UTC))
        await import_sheets(tx, [sheet], today=date(2022, 1, 17))
        await tx.connection.execute(PLAN)


async def _started(store: Store, week: date, locations: int) -> None:
    async with store.transaction(actor=LEAD) as tx:
        await tx.connection.execute(PROMISE, {"week": week, "most": locations})
        await start_wave(tx, week, by=LEAD, who=wave_life.Who.lead)


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    """One in a hundred failed, by ten causes."""
    number = pl.int_range(pl.len())
    is_failed = number % 100 == 50
    cause = pl.lit("Cause number ") + (number // 100 % len(CAUSES)).cast(pl.String)
    return rows.with_columns(
        outcome=pl.when(is_failed).then(pl.lit("failed")).otherwise(pl.lit("migrated")),
        cause=pl.when(is_failed).then(cause),
    )


async def _looked(store: Store, sheet: Path) -> None:
    async with store.reading(consistent=True) as reading:
        sheets = await asyncio.to_thread(read_files, [sheet], today=WEEK)
        report = await preview(reading, sheets, by=LEAD)
    assert not report.rejected, report.sheets[0].sheet.rejects


async def _marked(store: Store, sheet: Path) -> None:
    async with store.transaction(actor=LEAD) as tx:
        await import_sheets(tx, [sheet], today=WEEK)


async def _called(store: Store, rows: pl.DataFrame) -> None:
    marks = [
        Mark(row["location_id"], Outcome(row["outcome"]), cause=row["cause"] or "")
        for row in rows.iter_rows(named=True)
    ]
    part = Part("the program point-of-sale", Who.csa)
    async with store.transaction(actor=part.by) as tx:
        judged = await judge(tx, [(mark, NEXT) for mark in marks], part, hold=True)
        assert all(each.is_taken for each in judged), next(each.why for each in judged if each.why)
        await mark_all(tx, judged, part)


async def _timed(work: Awaitable[None]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


def _say(what: str, seconds: float | None = None) -> None:
    sys.stdout.write(f"{what}: {seconds:.2f} s\n" if seconds is not None else f"{what}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
