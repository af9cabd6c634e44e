"""The sheets of the example come in whole, once, and as a preview said."""

import asyncio
from pathlib import Path

import pytest

from bot.example.problems import PROBLEMS
from bot.example.sheets import PROBLEM_FILE, write_world
from handlers.import_files import read_files
from handlers.importing import preview
from store.session import Store
from tests.handlers.importing.desk import TODAY, TRACES, bring, counts, digest_of, rows


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_world(tmp_path_factory.mktemp("world"), today=TODAY, locations=200, customers=40)


async def test_the_example_world_comes_in_whole(store: Store, world: list[Path]) -> None:
    report = await bring(store, *world)
    assert report.rejected == 0
    assert [(sheet.sheet.kind, sheet.added, sheet.replaced) for sheet in report.sheets] == [
        ("csas", 12, 0),
        ("features", 0, 5),
        ("features", 0, 6),
        ("features", 6, 0),
        ("blackouts", 29, 0),
        ("master", 200, 0),
        ("history", report.sheets[-1].sheet.rows.height, 0),
    ]
    assert await counts(store, "customers", "locations", "csas", "features") == {
        "customers": 40,
        "locations": 200,
        "csas": 12,
        "features": 6,
    }
    assert await counts(store, "imports", "audit", "feature_slips") == {
        "imports": 5,
        "audit": 5,
        "feature_slips": 4,
    }
    events = await rows(store, "SELECT event, count(*) FROM timeline GROUP BY event ORDER BY event")
    assert [tuple(row) for row in events] == [("feature slipped", 12), ("imported", 40)]


async def test_the_same_files_again_leave_no_trace(store: Store, world: list[Path]) -> None:
    await bring(store, *world)
    before = await counts(store, *TRACES)
    report = await bring(store, *reversed(world[:1]), *world[1:])
    assert not report.changes_something
    assert sum(sheet.unchanged for sheet in report.sheets) > 200
    assert await counts(store, *TRACES) == before


async def test_a_preview_says_what_the_import_then_does(store: Store, world: list[Path]) -> None:
    sheets = await asyncio.to_thread(read_files, world, today=TODAY)
    async with store.reading(consistent=True) as reading:
        foreseen = await preview(reading, sheets, by="U_ANA")
    assert await counts(store, "locations", *TRACES) == dict.fromkeys(("locations", *TRACES), 0)
    done = await bring(store, *world)
    assert foreseen.notes == done.notes
    assert [(s.added, s.changed, s.unchanged, s.replaced, s.rejected) for s in foreseen.sheets] == [
        (s.added, s.changed, s.unchanged, s.replaced, s.rejected) for s in done.sheets
    ]


async def test_new_stores_with_problems_are_rejected_one_by_one(
    store: Store, world: list[Path]
) -> None:
    await bring(store, *world)
    report = await bring(store, world[0].with_name(PROBLEM_FILE))
    sheet = report.sheets[0].sheet
    mapped = {header: name for name, header in sheet.mapping.columns.items()}
    assert [
        (row, mapped[column], value or "") for row, column, value, _ in sheet.rejects.iter_rows()
    ] == [(problem.line, problem.column, problem.value) for problem in PROBLEMS]
    assert (report.sheets[0].added, report.rejected) == (5, 5)
    assert any(
        note.startswith("Not in the master sheet, kept as before: 200") for note in report.notes
    )
    assert (await counts(store, "locations"))["locations"] == 205


async def test_what_an_import_would_do_is_the_same_however_often_it_is_read(
    store: Store, world: list[Path]
) -> None:
    await bring(store, *world)
    digests = {await digest_of(store, world[0].with_name(PROBLEM_FILE)) for _ in range(10)}
    assert len(digests) == 1
