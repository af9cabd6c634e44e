"""Sheets of marks over the real database: what they mark, what is nothing new, what is left out and why."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text

from handlers.import_files import read_files
from handlers.import_words import mapped
from handlers.importing import ImportingNow, ImportReport, import_sheets, preview
from rules.location_life import State, Step
from store.session import Store
from store.spreadsheets import sheet_of
from tests.waves_given import WEEK, given_wave, paused, states, taken
from tests.world import counted

HEADER = "location_id,outcome,cause,remedy,lost_orders,on"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(*rows: str, header: str = HEADER, name: str = "marks.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows, ""]))
        return path

    return write


async def marked(store: Store, *paths: Path) -> ImportReport:
    async with store.transaction(actor="Lea") as tx:
        today = (await tx.clock.now()).date()
        return await import_sheets(tx, list(paths), today=today)


async def foreseen(store: Store, path: Path) -> ImportReport:
    async with store.reading(consistent=True) as reading:
        today = (await reading.clock.now()).date()
        return await preview(reading, read_files([path], today=today), by="Lea")


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """How many rows mark a location, mark one that failed before, say nothing new, are left out."""
    sheets = report.sheets
    return (
        sum(each.added for each in sheets),
        sum(each.changed for each in sheets),
        sum(each.unchanged for each in sheets),
        sum(each.rejected for each in sheets),
    )


def why(report: ImportReport) -> dict[int, str]:
    """What is said of each row that is left out."""
    rejects = pl.concat(each.sheet.rejects for each in report.sheets)
    return dict(rejects.select("row", "problem").iter_rows())


async def kept(store: Store) -> list[int]:
    """How many rows there are in every table that a mark may write."""
    tables = ("location_steps", "failures", "causes", "timeline", "audit", "outbox", "imports")
    return [await counted(store, table) for table in tables]


async def test_a_sheet_marks_what_it_says_and_the_same_sheet_again_changes_nothing(
    store: Store, write: Write
) -> None:
    await given_wave(store)
    sheet = write("joes-L1,migrated,,,,", "joes-L2,failed,No menu sync,Restarted it,yes,2022-01-17")

    looked = await foreseen(store, sheet)
    assert set((await states(store)).values()) == {State.planned}, "a look marks nothing"
    done = await marked(store, sheet)

    assert counts(looked) == counts(done) == (2, 0, 0, 0)
    assert await states(store) == {
        "joes-L1": State.migrated,
        "joes-L2": State.failed,
        "joes-L3": State.planned,
    }
    async with store.reading() as reading:
        [failure] = await reading.failures.of_wave(WEEK)
        [cause] = await reading.causes.all()
    assert (cause.words, failure.remedy, failure.lost_orders) == (
        "No menu sync",
        "Restarted it",
        True,
    )
    assert "For the wave of Mon 17 Jan 2022: 1 migrated and 1 failed." in looked.notes
    assert "New in the catalogue of causes: No menu sync." in looked.notes

    before = await kept(store)
    assert counts(await marked(store, sheet)) == (0, 0, 2, 0)
    assert await kept(store) == before


async def test_a_location_that_failed_is_marked_again_once_it_is_said_what_was_done(
    store: Store, write: Write
) -> None:
    await given_wave(store)
    await marked(store, write("joes-L1,failed,No menu sync,,,"))

    refused = await marked(store, write("joes-L1,migrated,,,,", "joes-L2,failed,,,,"))
    assert counts(refused) == (0, 0, 0, 2)
    assert "It is marked failed (No menu sync)" in why(refused)[2]
    assert "A failure needs its cause" in why(refused)[3]

    mended = write("joes-L1,migrated,No menu sync,Restarted it,,")
    assert counts(await marked(store, mended)) == (0, 1, 0, 0)
    assert (await states(store))["joes-L1"] is State.migrated
    assert counts(await marked(store, mended)) == (0, 0, 1, 0)


async def test_an_old_row_is_no_second_failure_of_a_location_that_is_tried_again(
    store: Store, write: Write
) -> None:
    await given_wave(store)
    sheet = write("joes-L1,failed,No menu sync,,,")
    await marked(store, sheet)
    await taken(store, "joes-L1", Step.try_again, "Restarted it")

    again = await marked(store, sheet)

    assert counts(again) == (0, 0, 1, 0)
    assert (await states(store))["joes-L1"] is State.migrating
    assert any("1 row tells of a failure before the try that goes on" in n for n in again.notes)

    twice = await marked(store, write("joes-L1,failed,No power,,,"))
    assert counts(twice) == (1, 0, 0, 0)
    async with store.reading() as reading:
        failures = await reading.failures.of_wave(WEEK)
    assert [each.attempt for each in failures] == [1, 2]
    assert failures[0].worked is False, "what was done did not help"


async def test_rows_that_cannot_be_taken_say_why_and_the_others_are(
    store: Store, write: Write
) -> None:
    await given_wave(store)
    rows = {
        "joes-L1,migrated,,,,": None,
        "cleos-L1,migrated,,,,": "the wave of Mon 24 Jan 2022 has not started",
        "gone-L1,migrated,,,,": "is offboarded",
        "late-L1,migrated,,,,": "is in no wave yet",
        "L-0,migrated,,,,": "There is no location L-0",
        "joes-L2,gone,,,,": "We know migrated and failed",
        "joes-L3,migrated,,,yes,": "Where orders were lost, the move failed",
    }
    done = await marked(store, write(*rows))

    said = why(done)
    for number, words in enumerate(rows.values(), 2):
        assert (words in said[number]) if words else number not in said, said
    assert counts(done) == (1, 0, 0, 6)
    assert (await states(store))["joes-L1"] is State.migrated


async def test_a_wrong_day_of_a_second_try_is_left_out_and_the_other_rows_are_taken(
    store: Store, write: Write
) -> None:
    await given_wave(store)
    await taken(store, "joes-L1", Step.fail, "No menu sync")
    sheet = write("joes-L1,migrated,,Restarted it,,2022-01-10", "joes-L2,migrated,,,,")

    looked, done = await foreseen(store, sheet), await marked(store, sheet)

    assert counts(looked) == counts(done) == (1, 0, 0, 1)
    [left_out] = done.sheets[0].sheet.rejects.iter_rows(named=True)
    assert (left_out["column"], left_out["value"]) == ("on", "2022-01-10")
    assert "is before the wave of Mon 17 Jan 2022 began" in left_out["problem"]
    assert (await states(store))["joes-L1"] is State.failed
    assert (await states(store))["joes-L2"] is State.migrated


async def test_rows_that_disagree_are_all_left_out_and_those_that_agree_are_one(
    store: Store, write: Write
) -> None:
    await given_wave(store)
    rows = ("joes-L2,migrated,,,,", "joes-L1,failed,No power,,,", "joes-L2,migrated,,,,")
    done = await marked(store, write(*rows, "joes-L1,migrated,,,,"))

    assert (await states(store))["joes-L1"] is State.planned
    assert (await states(store))["joes-L2"] is State.migrated
    assert "say different things; keep one" in why(done)[3]
    assert "say different things; keep one" in why(done)[5]
    assert "Row 2 already says exactly this" in why(done)[4]


async def test_the_wave_of_a_row_counts_where_it_says_one(store: Store, write: Write) -> None:
    await given_wave(store)
    rows = ("joes-L1,2022-01-24,migrated", "joes-L2,2022-01-17,migrated")
    done = await marked(store, write(*rows, header="location_id,wave,outcome"))

    assert "is in the wave of Mon 17 Jan 2022, not in this one" in why(done)[2]
    assert (await states(store))["joes-L2"] is State.migrated


async def test_a_wave_as_a_sheet_changes_nothing_read_again_in_any_order(
    store: Store, write: Write, tmp_path: Path
) -> None:
    await given_wave(store)
    await marked(store, write("joes-L1,migrated,,,,", "joes-L2,failed,No menu sync,,,"))
    async with store.reading() as reading:
        rows = await reading.marks.exported(WEEK)
    assert rows["outcome"].to_list() == ["migrated", "failed", None]
    before = await kept(store)
    path = tmp_path / "wave.xlsx"

    path.write_bytes(sheet_of(path.name, rows.reverse(), page="marks"))
    assert counts(await marked(store, path)) == (0, 0, 3, 0)
    assert await kept(store) == before

    filled = rows.with_columns(outcome=pl.col("outcome").fill_null("migrated"))[1:]
    path = tmp_path / "wave.csv"
    path.write_bytes(sheet_of(path.name, filled, page="marks"))
    assert counts(await marked(store, path)) == (1, 0, 1, 0), "rows may be deleted, too"
    assert (await states(store))["joes-L3"] is State.migrated


async def test_a_remedy_can_be_told_after_the_failure(store: Store, write: Write) -> None:
    await given_wave(store)
    await marked(store, write("joes-L1,failed,No menu sync,,,"))

    told = write("joes-L1,failed,no menu  SYNC,Restarted it,,")
    done = await marked(store, told)

    assert counts(done) == (0, 1, 0, 0)
    assert "For 1 failure it is noted what was done about it." in done.notes
    async with store.reading() as reading:
        [failure] = await reading.failures.of_wave(WEEK)
        query = text("SELECT after FROM audit WHERE action = 'remedy told'")
        audited = (await reading.connection.execute(query)).scalar_one()
    assert failure.remedy == "Restarted it"
    assert audited == {"joes-L1": "Restarted it"}
    assert counts(await marked(store, told)) == (0, 0, 1, 0)


async def test_a_cause_that_is_like_one_in_the_catalogue_is_asked_about(
    store: Store, write: Write
) -> None:
    await given_wave(store)
    await marked(store, write("joes-L1,failed,No menu sync,,,"))

    looked = await foreseen(store, write("joes-L2,failed,No menu syncs,,,"))

    assert (
        "New in the catalogue of causes: No menu syncs. If you mean “No menu sync”, write that "
        "instead." in looked.notes
    )


async def test_of_several_sheets_the_last_one_has_the_last_word(store: Store, write: Write) -> None:
    await given_wave(store)
    first = write("joes-L1,failed,No power,,,", "joes-L2,,,,,", name="a.csv")
    second = write("joes-L1,migrated,,,,", "joes-L3,,,,,", name="b.csv")

    done = await marked(store, first, second)

    assert [(s.added, s.unchanged, s.replaced) for s in done.sheets] == [(0, 1, 1), (1, 1, 0)]
    assert (await states(store))["joes-L1"] is State.migrated
    assert "2 locations without an outcome: nothing is marked for them." in done.notes


async def test_where_the_wave_is_paused_moves_that_began_can_be_told_and_no_other(
    store: Store, write: Write
) -> None:
    await given_wave(store)
    await taken(store, "joes-L1", Step.begin)
    await taken(store, "joes-L2", Step.migrate)
    await paused(store, "Too many printers are offline")

    done = await marked(store, write(*(f"joes-L{number},migrated,,,," for number in (1, 2, 3))))

    assert counts(done) == (1, 0, 1, 1)
    assert "is paused, by Lea, since" in why(done)[4]
    assert "Too many printers are offline" in why(done)[4]


async def test_two_sheets_at_once_mark_each_location_once(store: Store, write: Write) -> None:
    await given_wave(store)
    first = write("joes-L1,migrated,,,,", "joes-L2,migrated,,,,", name="a.csv")
    second = write("joes-L1,failed,No power,,,", "joes-L3,migrated,,,,", name="b.csv")

    outcomes = await asyncio.gather(
        marked(store, first), marked(store, second), return_exceptions=True
    )

    done = [each for each in outcomes if isinstance(each, ImportReport)]
    refused = [each for each in outcomes if isinstance(each, BaseException)]
    assert all(isinstance(each, ImportingNow) for each in refused)
    assert sum(counts(each)[0] for each in done) == await counted(store, "location_steps")
    assert await counted(store, "location_steps WHERE location_id = 'joes-L1'") == 1


async def test_a_sheet_may_have_headers_of_its_own_and_rows_of_every_kind(
    store: Store, write: Write
) -> None:
    await given_wave(store)
    rows = ("joes-L1,done,,,x,", "joes-L2,failed,No menu sync,,x,", "joes-L3,failed,,,x,")
    done = await foreseen(
        store,
        write(*rows, "L-0,done,,,,", header="Store No.,Result,Cause,Fix,csa_email,Colour"),
    )

    assert counts(done) == (2, 0, 0, 2)
    [sheet] = done.sheets
    assert set(mapped(sheet.sheet)) == {"Store No.", "Result", "Fix", "Colour"}
