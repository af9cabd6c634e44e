"""Sheets that cannot come in, and imports that fail or meet another: what leaves no trace."""

import asyncio
from pathlib import Path

import pytest

from handlers.errors import Refused
from handlers.importing import import_sheets
from store.session import Store
from tests.handlers.importing.desk import MASTER, TODAY, TRACES, Desk, bring, counts


async def test_one_unreadable_file_keeps_the_others_out(store: Store, desk: Desk) -> None:
    good = desk.write("master.csv", MASTER, "1,C1,Joe,ana@x.de")
    bad = desk.write("plan.pdf", "%PDF-1.7")
    with pytest.raises(Refused) as refused:
        await bring(store, good, bad)
    assert refused.value.words == (
        "plan.pdf: This is a PDF. A table in it is a drawing, not rows and columns. Send the table "
        "as CSV or as an Excel workbook (.xlsx).\nNothing was imported, also not from 1 other file."
    )
    assert (await counts(store, "locations"))["locations"] == 0


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            ("location_id,customer_id,customer_name,gmv_28d", "1,C1,Joe,4"),
            "no column for csa_email",
        ),
        (("foo,bar", "1,2"), "do not tell what it is about: foo, bar"),
    ],
)
async def test_a_sheet_that_cannot_be_imported_is_answered_with_what_to_do(
    desk: Desk, lines: tuple[str, ...], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        await desk.bring("a.csv", *lines)


async def test_the_second_of_two_imports_hears_who_is_at_it(store: Store, desk: Desk) -> None:
    path = desk.write("a.csv", MASTER, "1,C1,Joe,ana@x.de")
    async with store.transaction(actor="U_ANA") as tx:
        await import_sheets(tx, [path], today=TODAY)
        with pytest.raises(Refused, match="U_ANA is importing just now, so nothing was changed"):
            await bring(store, path, actor="U_BO")
    assert not (await bring(store, path, actor="U_BO")).changes_something


async def test_an_import_that_fails_at_the_end_leaves_nothing(store: Store, desk: Desk) -> None:
    path = desk.write("a.csv", MASTER, "1,C1,Joe,ana@x.de")
    with pytest.raises(RuntimeError):
        await _fail_after_importing(store, path)
    tables = ("customers", "locations", *TRACES)
    assert await counts(store, *tables) == dict.fromkeys(tables, 0)


async def _fail_after_importing(store: Store, path: Path) -> None:
    async with store.transaction(actor="U_ANA") as tx:
        await import_sheets(tx, [path], today=TODAY)
        raise RuntimeError


async def test_two_imports_at_once_take_turns(store: Store, desk: Desk) -> None:
    path = desk.write("a.csv", MASTER, "1,C1,Joe,ana@x.de")
    reports = await asyncio.gather(*(bring(store, path) for _ in range(3)))
    assert sorted(report.changes_something for report in reports) == [False, False, True]
    assert await counts(store, "imports", "timeline") == {"imports": 1, "timeline": 1}


@pytest.mark.parametrize(
    "lines",
    [
        (MASTER,),
        (MASTER, ",C1,Joe,ana@x.de"),
        ("location_id,week_start,orders",),
        ("location_id,week_start,orders", "9,2022-01-03,5"),
        ("email,name,weekly_capacity", "ana,Ana,5"),
        ("key,name,target_release_on",),
    ],
)
async def test_a_sheet_without_a_single_good_row_leaves_no_trace(
    store: Store, desk: Desk, lines: tuple[str, ...]
) -> None:
    report = await desk.bring("a.csv", *lines)
    assert not report.changes_something
    assert report.rejected == len(lines) - 1
    assert await counts(store, *TRACES) == dict.fromkeys(TRACES, 0)
