"""Sheets coming in: what is written, what is only said, and what leaves no trace."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import Row, text

from bot.example.problems import PROBLEMS
from bot.example.sheets import PROBLEM_FILE, write_world
from handlers.errors import Refused
from handlers.import_files import read_files
from handlers.importing import ImportReport, import_sheets, preview
from store.session import Store

TODAY = date(2022, 1, 15)
TRACES = ("imports", "audit", "timeline", "feature_slips")
MASTER = "location_id,customer_id,customer_name,csa_email"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_world(tmp_path_factory.mktemp("world"), today=TODAY, locations=200, customers=40)


async def rows(store: Store, query: str) -> Sequence[Row[Any]]:
    async with store.reading() as reading:
        return (await reading.connection.execute(text(query))).all()


async def counts(store: Store, *tables: str) -> dict[str, int]:
    found = {}
    for table in tables:
        query = f"SELECT count(*) FROM {table}"
        found[table] = (await rows(store, query))[0][0]
    return found


async def digest_of(store: Store, path: Path) -> str:
    async with store.reading() as reading:
        return (await preview(reading, read_files([path], today=TODAY), by="U_ANA")).digest()


async def bring(store: Store, *files: Path, actor: str = "U_ANA") -> ImportReport:
    async with store.transaction(actor=actor) as tx:
        return await import_sheets(tx, files, today=TODAY)


class Desk:
    """A folder in which somebody writes sheets and imports them."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder, self._store = folder, store

    def write(self, name: str, *lines: str) -> Path:
        path = self._folder / name
        path.write_text("\n".join(lines) + "\n")
        return path

    async def bring(self, name: str, *lines: str) -> ImportReport:
        return await bring(self._store, self.write(name, *lines))


@pytest.fixture
def desk(tmp_path: Path, store: Store) -> Desk:
    return Desk(tmp_path, store)


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


async def test_only_what_differs_is_changed(store: Store, desk: Desk) -> None:
    header = f"{MASTER},location_name,orders_28d,requires"
    await desk.bring(
        "a.csv",
        header,
        "1,C1,Joe,ana@x.de,Main St,5,loyalty;catering",
        "2,C1,Joe,ana@x.de,Elm St,7,",
    )
    report = await desk.bring(
        "b.csv", header, "1,C1,Joe,ana@x.de,Main St,6,catering", "2,C1,Joe,ana@x.de,Elm St,7,"
    )
    assert (report.sheets[0].changed, report.sheets[0].unchanged) == (1, 1)
    assert [
        tuple(row)
        for row in await rows(store, "SELECT id, orders_28d, requires FROM locations ORDER BY id")
    ] == [
        ("1", 6, ["catering"]),
        ("2", 7, []),
    ]
    audit = await rows(store, "SELECT actor, action, subject, after FROM audit ORDER BY id")
    assert audit[1].actor == "U_ANA"
    assert (audit[1].action, audit[1].subject) == ("imported", "master b.csv")
    assert audit[1].after == {"added": 0, "changed": 1, "unchanged": 1, "rejected": 0}


async def test_columns_that_a_sheet_lacks_stay_as_they_were(store: Store, desk: Desk) -> None:
    await desk.bring(
        "a.csv",
        f"{MASTER},location_name,orders_28d,status",
        "1,C1,Joe,ana@x.de,Main St,5,offboarded",
    )
    report = await desk.bring("b.csv", f"{MASTER},region", "1,C1,Joe,ana@x.de,us-east")
    assert report.sheets[0].changed == 1
    kept = (await rows(store, "SELECT name, orders_28d, status, region FROM locations"))[0]
    assert tuple(kept) == ("Main St", 5, "offboarded", "us-east")


async def test_a_cell_that_was_emptied_is_emptied(store: Store, desk: Desk) -> None:
    await desk.bring("a.csv", f"{MASTER},region", "1,C1,Joe,ana@x.de,us-east")
    await desk.bring("b.csv", f"{MASTER},region", "1,C1,Joe,ana@x.de,")
    assert (await rows(store, "SELECT region FROM locations"))[0].region is None


async def test_the_four_required_columns_are_enough(store: Store, desk: Desk) -> None:
    report = await desk.bring("a.csv", MASTER, "1,C1,Joe,Ana@X.de")
    assert report.notes == (
        "There is no list of CSAs: 20 locations a week for each CSA, and no leave.",
        "There is no order history: who is inactive is told from the master sheet alone.",
        "There is no list of blackouts: no week is closed.",
        "No time zones: the zone of the region is used.",
        "No regions: all locations are in one.",
        "Locations without a status are active.",
        "No location names: locations are called by their customer and id.",
    )
    kept = (await rows(store, "SELECT name, status, requires FROM locations"))[0]
    assert tuple(kept) == ("Joe 1", "active", [])
    assert (await rows(store, "SELECT csa_email FROM customers"))[0].csa_email == "ana@x.de"


async def test_names_that_nothing_explains_are_told(desk: Desk) -> None:
    await desk.bring("csas.csv", "email,name,weekly_capacity", "ana@x.de,Ana,10")
    await desk.bring("features.csv", "key,name,target_release_on", "loyalty,Loyalty,2022-03-01")
    report = await desk.bring(
        "a.csv", f"{MASTER},requires", "1,C1,Joe,ana@x.de,loyalty", "2,C2,Bo,bo@x.de,magic;loyalty"
    )
    assert (
        "1 CSA of the master sheet is not in the list of CSAs, so 20 locations a week are counted on: "
        "bo@x.de." in report.notes
    )
    assert "1 location waits for a feature nobody knows: magic." in report.notes
    assert not any("ana@x.de" in note or "knows: loyalty" in note for note in report.notes)


async def test_history_of_unknown_locations_is_rejected(store: Store, desk: Desk) -> None:
    files = (
        desk.write("history.csv", "store id,week_start,orders", "1,2022-01-03,5", "9,2022-01-03,5"),
        desk.write("master.csv", MASTER, "1,C1,Joe,ana@x.de"),
    )
    report = await bring(store, *files)
    history = report.sheets[1]
    assert (history.sheet.kind, history.added, history.rejected) == ("history", 1, 1)
    assert history.sheet.rejects.rows() == [
        (3, "store id", "9", "No location has this id; import it with the master sheet first.")
    ]
    assert (await counts(store, "history"))["history"] == 1


async def test_history_is_kept_by_location_and_week(store: Store, desk: Desk) -> None:
    await desk.bring("master.csv", MASTER, "1,C1,Joe,ana@x.de")
    header = "location_id,week_start,orders,missed_orders"
    await desk.bring("a.csv", header, "1,2022-01-03,5,1")
    report = await desk.bring("b.csv", header, "1,2022-01-03,6,1", "1,2022-01-10,7,")
    assert (report.sheets[0].added, report.sheets[0].changed) == (1, 1)
    kept = await rows(store, "SELECT orders, missed_orders FROM history ORDER BY week_start")
    assert [tuple(row) for row in kept] == [(6, 1), (7, None)]


async def test_a_target_that_moved_later_is_a_slip(store: Store, desk: Desk) -> None:
    header = "key,name,target_release_on,released_on"
    await desk.bring(
        "a.csv", header, "a,A,2022-02-01,", "b,B,2022-02-01,", "c,C,2022-02-01,", "d,D,2022-01-01,"
    )
    report = await desk.bring(
        "b.csv", header, "a,A,2022-03-01,", "b,B,2022-01-20,", "c,C,,", "d,D,,2022-01-10"
    )
    assert report.notes[0] == "The target date moved later, or away, for 2 features: a, c."
    slips = await rows(
        store, "SELECT feature_key, from_date, to_date FROM feature_slips ORDER BY 1"
    )
    assert [tuple(row) for row in slips] == [
        ("a", date(2022, 2, 1), date(2022, 3, 1)),
        ("c", date(2022, 2, 1), None),
    ]
    released = await rows(store, "SELECT released_on FROM features WHERE key = 'd'")
    assert released[0].released_on == date(2022, 1, 10)


async def test_leave_is_replaced_for_the_csas_in_the_sheet(store: Store, desk: Desk) -> None:
    header = "email,name,weekly_capacity,leave_weeks"
    await desk.bring(
        "a.csv", header, "ana@x.de,Ana,10,2022-02-07;2022-02-14", "bo@x.de,Bo,5,2022-03-07"
    )
    report = await desk.bring("b.csv", header, "ANA@x.de,Ana,10,2022-02-21")
    assert report.sheets[0].changed == 1
    assert any(
        note == "Not in the list of CSAs, kept as before: 1 CSA: bo@x.de." for note in report.notes
    )
    leave = await rows(store, "SELECT email, week FROM csa_leave ORDER BY email")
    assert [tuple(row) for row in leave] == [
        ("ana@x.de", date(2022, 2, 21)),
        ("bo@x.de", date(2022, 3, 7)),
    ]


async def test_blackouts_are_kept_by_region_and_days(store: Store, desk: Desk) -> None:
    await desk.bring(
        "a.csv", "region,from,to,why", "*,2022-02-07,2022-02-08,Fair", "us,2022-03-07,2022-03-08,"
    )
    report = await desk.bring("b.csv", "region,from,to,why", "*,2022-02-07,2022-02-08,Big fair")
    assert report.sheets[0].changed == 1
    assert (
        "Not in the list of blackouts, kept as before: 1 blackout: us 2022-03-07 2022-03-08."
        in report.notes
    )
    kept = await rows(store, "SELECT region, why FROM blackouts ORDER BY region")
    assert [tuple(row) for row in kept] == [("*", "Big fair"), ("us", None)]


async def test_new_customers_and_new_locations_go_on_the_timeline(store: Store, desk: Desk) -> None:
    await desk.bring("a.csv", MASTER, "1,C1,Joe,ana@x.de", "2,C1,Joe,ana@x.de")
    await desk.bring("b.csv", MASTER, "3,C1,Joe,ana@x.de", "4,C2,Bo,bo@x.de")
    entries = await rows(
        store, "SELECT customer_id, event, facts, actor, happened_at FROM timeline ORDER BY id"
    )
    assert [(row.customer_id, row.event, row.facts, row.actor) for row in entries] == [
        ("C1", "imported", {"locations": 2, "file": "a.csv"}, "U_ANA"),
        ("C2", "imported", {"locations": 1, "file": "b.csv"}, "U_ANA"),
        ("C1", "grew", {"locations": 1, "ids": ["3"], "file": "b.csv"}, "U_ANA"),
    ]
    assert entries[0].happened_at.date() == TODAY


async def test_a_later_sheet_of_a_kind_has_the_last_word(store: Store, desk: Desk) -> None:
    files = (
        desk.write("old.csv", f"{MASTER},region", "1,C1,Joe,ana@x.de,us", "2,C1,Joe,ana@x.de,us"),
        desk.write("new.csv", MASTER, "1,C1,Joe's,bo@x.de"),
    )
    report = await bring(store, *files)
    assert [(sheet.added, sheet.replaced) for sheet in report.sheets] == [(1, 1), (1, 0)]
    assert [tuple(row) for row in await rows(store, "SELECT name, csa_email FROM customers")] == [
        ("Joe's", "bo@x.de")
    ]
    assert {row.region for row in await rows(store, "SELECT region FROM locations")} == {"us"}
    assert not (await bring(store, *files)).changes_something


async def test_people_find_a_renamed_customer_and_not_the_old_name(
    store: Store, desk: Desk
) -> None:
    header = f"{MASTER},location_name"
    await desk.bring(
        "a.csv", header, "1,C1,Café Zoë,ana@x.de,Zoë Boston", "2,C2,Bo,bo@x.de,Bo's O'Neill \\ Bar"
    )
    await desk.bring("b.csv", header, "1,C1,Blue Heron,ana@x.de,Zoë Boston")
    async with store.reading() as reading:
        assert [named.id for named in (await reading.names.find("blue herron")).found] == ["C1"]
        assert (await reading.names.find("cafe")).total == 0
        assert [named.id for named in (await reading.names.find("oneill bar")).found] == ["2"]


async def test_a_location_that_changed_hands_is_found_under_its_new_customer(
    store: Store, desk: Desk
) -> None:
    await desk.bring("a.csv", MASTER, "1,C1,Joe,ana@x.de")
    await desk.bring("b.csv", MASTER, "1,C2,Bo,bo@x.de")
    async with store.reading() as reading:
        assert (await reading.names.find("1")).found[0].customer_id == "C2"


async def test_a_name_of_signs_only_is_kept_and_found(store: Store, desk: Desk) -> None:
    await desk.bring("a.csv", f"{MASTER},location_name", "1,C1,'\\',ana@x.de,🍕")
    async with store.reading() as reading:
        assert (await reading.names.find("🍕")).found[0].id == "1"


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


async def test_a_new_store_may_bring_its_customer_a_new_csa(store: Store, desk: Desk) -> None:
    await desk.bring("a.csv", MASTER, "1,C1,Joe,ana@x.de")
    report = await desk.bring("b.csv", MASTER, "2,C1,Joe,bo@x.de")
    assert (report.sheets[0].added, report.sheets[0].changed) == (1, 0)
    assert (await rows(store, "SELECT csa_email FROM customers"))[0].csa_email == "bo@x.de"


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


async def test_a_page_of_remarks_is_passed_over_and_said(desk: Desk, store: Store) -> None:
    path = desk.write("book.xlsx")
    with xlsxwriter.Workbook(path) as book:
        remarks, stores = book.add_worksheet("Remarks"), book.add_worksheet("Stores")
        remarks.write_row(0, 0, ["Topic", "Said by"])
        remarks.write_row(1, 0, ["Printers", "Bo"])
        stores.write_row(0, 0, MASTER.split(","))
        stores.write_row(1, 0, ["1", "C1", "Joe", "ana@x.de"])
    report = await bring(store, path)
    assert report.sheets[0].added == 1
    assert (
        report.sheets[0]
        .sheet.notes[-1]
        .startswith(
            "Passed over. book.xlsx, sheet Remarks: Its headers do not tell what it is about"
        )
    )
