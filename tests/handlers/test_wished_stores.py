"""Lists of escalated stores coming in: what is sent, what joins, what is left out, and what comes once."""

from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from handlers.escalating import take_step
from handlers.import_files import read_files
from handlers.importing import ImportReport, import_sheets, preview
from rules.escalation import Origin, Step, Taken, Who
from rules.roles import Kind
from store.people import PersonRow
from store.session import Store
from store.spreadsheets import read_sheets, sheet_of
from tests.world import FIRST_MONDAY, World, run

TODAY = date(2022, 1, 15)
LEA, ANA, BEN = "U1LEA", "U2ANA", "U3BEN"
WEEK = timedelta(weeks=1)
LATE = FIRST_MONDAY + 12 * WEEK
HEADER = "Store ID,Requested by,Reason,Wished date"


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", id="JOE", weeks={LATE: 7})
    world.customer("Noodle Bar", id="NOODLE", weeks={FIRST_MONDAY + WEEK: 1, LATE: 1})
    await world.keep(store)
    people = [
        PersonRow(id=LEA, name="Lea Lindqvist", email="lea@northwind.example", kind=Kind.member),
        PersonRow(id=ANA, name="Ana Reyes", email="ana@northwind.example", kind=Kind.member),
        PersonRow(id=BEN, name="Ben Sato", email="ben@northwind.example", kind=Kind.member),
        PersonRow(id="U4BEN", name="Ben Sato", email="sato@northwind.example", kind=Kind.member),
        PersonRow(id="U5GUS", name="Gus", email="gus@joes.example", kind=Kind.guest),
    ]
    async with store.transaction(actor="test") as tx:
        await tx.people.keep(people)
    await run(
        store,
        "INSERT INTO waves SELECT '2021-12-06'::date + 7 * n, 'closed' FROM generate_series(0, 2) AS n",
    )


class Desk:
    """Where somebody keeps a list of escalated stores, and brings it in."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.path, self._store = folder / "escalated.csv", store

    def write(self, *rows: str, header: str = HEADER) -> Path:
        self.path.write_text("\n".join([header, *rows, ""]))
        return self.path

    async def bring(self, *rows: str, by: str = LEA, header: str = HEADER) -> ImportReport:
        self.write(*rows, header=header)
        async with self._store.transaction(actor=by) as tx:
            return await import_sheets(tx, [self.path], today=TODAY)

    async def look(self, *rows: str, by: str = LEA) -> ImportReport:
        sheets = read_files([self.write(*rows)], today=TODAY)
        async with self._store.reading(consistent=True) as reading:
            return await preview(reading, sheets, by=by)


@pytest.fixture
def desk(tmp_path: Path, store: Store) -> Desk:
    return Desk(tmp_path, store)


def problems(report: ImportReport) -> list[tuple[str | None, str]]:
    [sheet] = report.sheets
    return [(column, words) for _, column, _, words in sheet.sheet.rejects.iter_rows()]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    [sheet] = report.sheets
    return sheet.added, sheet.changed, sheet.unchanged, sheet.rejected


async def asked(store: Store) -> list[tuple[str, str, date, list[str]]]:
    """Who asks for what by when, and where, of every escalation."""
    query = text("""
        SELECT sent_by, explanation, wished_on,
            (SELECT array_agg(location_id ORDER BY location_id) FROM escalated_locations
             WHERE escalation_id = id) AS locations
        FROM escalations ORDER BY id
    """)
    async with store.reading() as reading:
        return [tuple(row) for row in await reading.connection.execute(query)]


async def close(store: Store, number: int, step: Step = Step.withdraw, by: str = ANA) -> None:
    async with store.transaction(actor=by) as tx:
        row = await tx.escalations.get(number)
        assert row
        now = await tx.clock.now()
        await take_step(tx, number, Taken(step, by, Who.requester, row.version, now))


async def test_rows_that_ask_the_same_become_one_escalation(store: Store, desk: Desk) -> None:
    report = await desk.bring(
        "JOE-L1,ana@northwind.example,Lease ends,2022-02-14",
        "JOE-L2,Ana Reyes,Lease ends,2022-02-14",
        "JOE-L3,ana@northwind.example,Another reason,2022-02-14",
        "NOODLE-L2,ANA@northwind.example,Lease ends,2022-02-14",
    )
    assert counts(report) == (4, 0, 0, 0)
    assert "4 stores become 3 escalations, which triage hears of at once." in report.notes
    assert not report.changes_plans
    day = date(2022, 2, 14)
    assert await asked(store) == [
        (ANA, "Lease ends", day, ["JOE-L1", "JOE-L2"]),
        (ANA, "Another reason", day, ["JOE-L3"]),
        (ANA, "Lease ends", day, ["NOODLE-L2"]),
    ]
    async with store.reading() as reading:
        row = await reading.escalations.get(1)
    assert row
    assert row.origin == Origin.sheet


async def test_a_look_writes_nothing_and_says_what_the_import_then_does(
    store: Store, desk: Desk
) -> None:
    rows = ("JOE-L1,,Lease ends,2022-02-14", "JOE-L99,,Lease ends,2022-02-14")
    foreseen = await desk.look(*rows)
    at_the_terminal = await desk.look(*rows, by="root at the command line")
    assert problems(at_the_terminal)[0][1].startswith("It says nobody who asks: write the e-mail")
    assert await asked(store) == []
    done = await desk.bring(*rows)
    assert counts(foreseen) == counts(done) == (1, 0, 0, 1)
    assert foreseen.notes == done.notes
    assert foreseen.digest() == done.digest()


async def test_a_list_may_come_with_the_sheet_that_first_names_its_stores(
    store: Store, desk: Desk
) -> None:
    master = desk.path.with_name("master.csv")
    master.write_text(
        "location_id,customer_id,customer_name,csa_email,status,requires\n"
        "NEW-L1,NEW,New Grill,ana@northwind.example,active,F9\n"
        "NEW-L2,NEW,New Grill,ana@northwind.example,active,F8\n"
    )
    features = desk.path.with_name("features.csv")
    features.write_text("key,name,target_release_on\nF9,Tips,2022-01-20\n")
    wishes = desk.write("NEW-L1,,Opens early,2022-02-14", "NEW-L2,,Opens early,2022-02-14")
    paths = [master, features, wishes]
    async with store.reading(consistent=True) as reading:
        foreseen = await preview(reading, read_files(paths, today=TODAY), by=LEA)
    async with store.transaction(actor=LEA) as tx:
        done = await import_sheets(tx, paths, today=TODAY)
    assert foreseen.digest() == done.digest()
    [left_out] = next(s for s in done.sheets if s.rejected).sheet.rejects.iter_rows()
    assert "F8" in left_out[-1]
    assert await asked(store) == [(LEA, "Opens early", date(2022, 2, 14), ["NEW-L1"])]


async def test_the_same_list_again_changes_nothing_however_it_is_sorted(
    store: Store, desk: Desk
) -> None:
    rows = ("JOE-L1,,Lease ends,2022-02-14", "NOODLE-L2,Ana Reyes,Late fee,")
    await desk.bring(*rows)
    for order in (1, -1):
        report = await desk.bring(*rows[::order])
        assert counts(report) == (0, 0, 2, 0)
        assert not report.changes_something
    await run(store, "DELETE FROM escalated_stores WHERE location_id = 'JOE-L1'")
    as_slack_has_it = await desk.bring("JOE-L1,lea@northwind.example,Lease ends,2022-02-14")
    assert counts(as_slack_has_it) == (0, 0, 1, 0)
    assert len(await asked(store)) == 2


async def test_a_row_whose_escalation_is_over_is_sent_again_only_where_it_asks_anew(
    store: Store, desk: Desk
) -> None:
    await desk.bring("JOE-L1,Ana Reyes,Lease ends,2022-02-14")
    await close(store, 1)
    assert counts(await desk.bring("JOE-L1,Ana Reyes,Lease ends,2022-02-14")) == (0, 0, 1, 0)
    assert counts(await desk.bring("JOE-L1,Ana Reyes,They sue us,2022-02-21")) == (0, 1, 0, 0)
    assert [row[1] for row in await asked(store)] == ["Lease ends", "They sue us"]
    assert counts(await desk.bring("JOE-L1,Ana Reyes,They sue us,2022-02-21")) == (0, 0, 1, 0)


async def test_a_row_that_is_changed_while_it_is_open_is_left_out_with_what_to_do(
    store: Store, desk: Desk
) -> None:
    await desk.bring("JOE-L1,Ana Reyes,Lease ends,2022-02-14")
    report = await desk.bring("JOE-L1,Ana Reyes,They sue us,2022-02-21")
    [(column, words)] = problems(report)
    assert column == "Store ID"
    assert words.startswith("Escalation 1 has this store and is new")
    assert "withdraw it in Slack" in words
    assert not report.notes[0].startswith("Not in")
    assert len(await asked(store)) == 1


async def test_somebody_else_who_asks_for_an_open_one_joins_it(store: Store, desk: Desk) -> None:
    await desk.bring("JOE-L1,Ana Reyes,Lease ends,2022-02-14")
    report = await desk.bring("JOE-L1,lea@northwind.example,I saw it too,2022-03-07")
    assert "1 store was asked for by somebody else already" in report.notes[0]
    async with store.reading() as reading:
        joiners = await reading.escalations.joiners(1)
    assert [(joiner.person, joiner.words) for joiner in joiners] == [(LEA, "I saw it too")]
    assert counts(await desk.bring("JOE-L1,lea@northwind.example,I saw it too,2022-03-07")) == (
        0,
        0,
        1,
        0,
    )


async def test_a_row_that_is_gone_is_reported_while_it_is_open_and_never_withdrawn(
    store: Store, desk: Desk
) -> None:
    await desk.bring("JOE-L1,,Lease ends,2022-02-14", "NOODLE-L2,Ana Reyes,Late fee,2022-02-14")
    gone = "Not in the list of escalated stores, kept as before: 2 stores: JOE-L1, NOODLE-L2."
    assert gone in (await desk.look("JOE-L2,,Lease ends,2022-02-14")).notes
    await close(store, 2)
    gone = "Not in the list of escalated stores, kept as before: 1 store: JOE-L1."
    assert gone in (await desk.bring("JOE-L2,,Lease ends,2022-02-14")).notes
    async with store.reading() as reading:
        row = await reading.escalations.get(1)
    assert row
    assert row.state == "new"


CANNOT_BE_TAKEN = {
    "NO-1,,Lease,2022-02-14": ("Store ID", "import it with the master sheet first"),
    "JOE-L1,nobody@x.example,Lease,2022-02-14": ("Requested by", "Nobody in this Slack"),
    "JOE-L2,gus@joes.example,Lease,2022-02-14": ("Requested by", "Nobody in this Slack"),
    "JOE-L3,ben sato,Lease,2022-02-14": ("Requested by", "Several people"),
    "JOE-L4,,,2022-02-14": ("Reason", "It is empty"),
    "JOE-L5,,Lease,2022-01-10": ("Wished date", "That day is over. Possible: the week of"),
    "JOE-L6,,Lease,2031-01-10": ("Wished date", "No plan looks that far ahead. Possible:"),
    "NOODLE-L1,,Lease,2022-02-14": ("Wished date", "It moves in the week of Mon 24 Jan 2022"),
    "JOE-L7,,Lease,soon": ("Wished date", "date"),
}


async def test_a_row_that_cannot_be_taken_says_what_is_possible_instead(
    desk: Desk, store: Store
) -> None:
    report = await desk.bring(*CANNOT_BE_TAKEN)
    assert counts(report) == (0, 0, 0, len(CANNOT_BE_TAKEN))
    for (column, words), expected in zip(problems(report), CANNOT_BE_TAKEN.values(), strict=True):
        assert column == expected[0]
        assert expected[1] in words
    assert await asked(store) == []


async def test_a_list_of_ids_and_reasons_alone_asks_for_the_first_week_that_is_possible(
    store: Store, desk: Desk
) -> None:
    report = await desk.bring("JOE-L1,'=1+1 people left", header="store,why")
    assert counts(report) == (1, 0, 0, 0)
    assert any("without a wished day" in note for note in report.notes)
    [(person, reason, wished, locations)] = await asked(store)
    assert (person, reason, locations) == (LEA, "=1+1 people left", ["JOE-L1"]), "without the mark"
    assert wished == FIRST_MONDAY


@pytest.mark.parametrize("name", ["open.csv", "open.xlsx"])
async def test_what_is_written_to_a_sheet_runs_nothing_and_is_known_when_it_comes_back(
    store: Store, desk: Desk, tmp_path: Path, name: str
) -> None:
    await desk.bring("JOE-L1,Ana Reyes,=HYPERLINK(1) they sue us,2022-02-14", "JOE-L2,,Lease,")
    async with store.reading() as reading:
        rows = await reading.escalated_stores.exported()
    path = tmp_path / name
    path.write_bytes(sheet_of(name, rows, page="escalations"))
    [sheet] = read_sheets(path)
    assert sheet.headers[:4] == ["location_id", "requested_by", "reason", "wished_on"]
    assert sheet.frame["customer_name"].to_list() == ["Joe's Pizza"] * 2
    if name.endswith(".csv"):
        assert "'=HYPERLINK(1) they sue us" in path.read_text("utf-8-sig")
    else:
        assert b"<f>" not in b"".join(ZipFile(path).read(n) for n in ZipFile(path).namelist())

    async with store.transaction(actor=LEA) as tx:
        report = await import_sheets(tx, [path], today=TODAY)
    assert counts(report) == (0, 0, 2, 0)
    assert len(await asked(store)) == 2
