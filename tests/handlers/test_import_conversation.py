"""Importing in Slack, as the people who do it meet it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.import_conversation import forget_unanswered
from handlers.importing import import_sheets
from handlers.roles import give as give_role
from handlers.roles import take as take_role
from rules.roles import Role
from store.import_lock import take_turn
from store.session import Store
from tests.conftest import TODAY
from tests.post_office import PostOffice
from tests.sheets_given import MASTER, give, joes, locked_workbook, master, with_bucket, workbook
from tests.world import counted, run

PATIENCE = 60.0


@pytest.fixture
def has_bucket() -> bool:
    return True


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3, *, has_bucket: bool) -> Settings:
    return with_bucket(settings, s3_server) if has_bucket else settings


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A lead, who waits as long as reading may take on a busy machine."""
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "lea@northwind.example", Role.lead)
        await give_role(tx, "ada@northwind.example", Role.lead)
    return await patient(sandbox, "lea")


async def patient(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


async def shown(person: Person) -> str:
    return "\n".join(await person.reads("DM"))


async def names(store: Store) -> list[str]:
    async with store.reading() as reading:
        rows = await reading.connection.execute(text("SELECT name FROM customers ORDER BY id"))
        return list(rows.scalars())


async def test_sheets_are_shown_then_imported_when_somebody_says_so(
    lea: Person, store: Store
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.modal.opened()
    assert any("nothing is imported before you say so" in line for line in await lea.reads("modal"))

    await lea.sees("This is what it would do. Nothing is imported yet.", in_="DM")
    assert await names(store) == []
    said = await shown(lea)
    assert "customers.csv is the master sheet: 1 location new." in said.replace("*", "")

    await lea.press("Import", in_="DM")
    await lea.sees("Imported: 1 location new.", in_="DM")
    assert await names(store) == ["Joe"]
    assert "Nothing is imported yet" not in await shown(lea), (
        "one message, which says how far it is"
    )
    assert await counted(store, f"audit WHERE action = 'imported' AND actor = '{lea.id}'") == 1


async def test_what_was_shown_can_be_declined(lea: Person, store: Store) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("import_no", in_="DM")
    await lea.sees("cancelled it", in_="DM")
    assert await names(store) == []


async def test_a_second_press_does_nothing_more(
    lea: Person, sandbox: Sandbox, store: Store
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    presses = (lea.press("Import", in_="DM") for _ in range(2))
    await asyncio.gather(*presses, return_exceptions=True)
    await lea.sees("Imported: 1 location new", in_="DM")
    assert await counted(store, "jobs WHERE kind = 'import'") == 1


async def test_headers_numbers_notes_and_rejects_are_all_shown(lea: Person, store: Store) -> None:
    header = "Store No.,customer_id,customer_name,csa_email,Fax"
    rows = ["L-1,C-1,Joe,ana@northwind.example,1", ",C-2,Cleo,ana@northwind.example,2"]
    await give(lea, ("customers.csv", master(*rows, header=header)))
    await lea.sees("Nothing is imported yet", in_="DM")
    said = await shown(lea)
    for words in (
        "Column `Store No.` is read as *location id*",
        "Column `Fax` is not used",
        "1 location new, 1 row left out",
        "Row 3, `Store No.`: It is empty.",
    ):
        assert words in said
    assert "No location names" in said, "the defaults in use"

    await lea.sees("Rows left out of customers.csv", in_="DM")
    [file] = [f for m in await lea.messages("DM") for f in m.get("files") or ()]
    given_back = (await lea.downloads(file)).decode("utf-8-sig")
    assert given_back.splitlines()[0] == f"{header},problem"
    assert given_back.splitlines()[1].startswith(",C-2,Cleo")


async def test_several_files_are_imported_together(lea: Person, store: Store) -> None:
    csas = b"email,name,weekly_capacity\nana@northwind.example,Ana,3\n"
    book = workbook(
        {"Locations": [MASTER.split(","), ["L-1", "C-1", "Joe", "ana@northwind.example"]]}
    )
    await give(lea, ("team.csv", csas), ("all.xlsx", book))
    await lea.sees("Nothing is imported yet", in_="DM")
    assert "Import of team.csv and 1 more" in await shown(lea)
    assert "all.xlsx (Locations)" in await shown(lea)
    await lea.press("Import", in_="DM")
    await lea.sees("Imported: 1 CSA new; 1 location new.", in_="DM")
    assert await counted(store, "csas") == 1


async def test_what_changes_nothing_is_said_and_not_asked(lea: Person, store: Store) -> None:
    for _ in range(2):
        await give(lea, ("customers.csv", joes()))
        if not await names(store):
            await lea.press("Import", in_="DM")
            await lea.sees("Imported: 1 location new", in_="DM")
    await lea.sees("All of this was there already: nothing changed.", in_="DM")


async def test_an_import_that_would_do_something_else_by_now_asks_again(
    lea: Person, store: Store, tmp_path: Path
) -> None:
    await give(lea, ("customers.csv", joes("Joe")))
    await lea.sees("1 location new", in_="DM")
    await imported_elsewhere(store, tmp_path / "theirs.csv", joes("Joseph"))
    await lea.press("Import", in_="DM")
    await lea.sees(
        "Somebody imported something meanwhile, so nothing of this was imported yet.", in_="DM"
    )
    await lea.sees("1 location changed", in_="DM")
    assert await names(store) == ["Joseph"]
    await lea.press("Import", in_="DM")
    await lea.sees("Imported: 1 location changed.", in_="DM")
    assert await names(store) == ["Joe"]


async def test_what_is_left_out_is_given_back_once_however_often_it_is_asked(
    lea: Person, store: Store, tmp_path: Path
) -> None:
    row, bad = "L-1,C-1,{name},ana@northwind.example", ",C-2,Cleo,ana@northwind.example"
    await give(lea, ("customers.csv", master(row.format(name="Joe"), bad)))
    await lea.sees("Rows left out of customers.csv", in_="DM")
    await imported_elsewhere(store, tmp_path / "theirs.csv", joes("Joseph"))

    await lea.press("Import", in_="DM")
    await lea.sees("The rows that were left out are the same as before", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Imported: 1 location changed.", in_="DM")

    files = [file for said in await lea.messages("DM") for file in said.get("files") or ()]
    assert [file["name"] for file in files] == ["customers-rejects.csv"]


async def imported_elsewhere(store: Store, path: Path, content: bytes) -> None:
    await asyncio.to_thread(path.write_bytes, content)
    async with store.transaction(actor="Omar") as tx:
        await import_sheets(tx, [path], today=TODAY)


@pytest.fixture
async def somebody_imports(store: Store) -> AsyncIterator[asyncio.Event]:
    """Somebody who imports until told to stop."""
    stop = asyncio.Event()

    async def hold() -> None:
        async with store.transaction(actor="Omar") as tx:
            await take_turn(tx.connection, "Omar")
            began.set()
            await stop.wait()

    began = asyncio.Event()
    task = asyncio.create_task(hold())
    await began.wait()
    yield stop
    stop.set()
    await task


async def test_who_imports_while_another_does_waits_and_sees_for_whom(
    lea: Person, store: Store, somebody_imports: asyncio.Event
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Waiting for Omar, who is importing just now", in_="DM")
    somebody_imports.set()
    await lea.sees("Imported: 1 location new", in_="DM")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("broken.xlsx", b"PK\3\4 but then nothing", "broken.xlsx:"),
        ("locked.xlsx", locked_workbook(), "locked.xlsx:"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "photo.png:"),
        ("empty.csv", b"\n", "There is nothing in this file."),
        ("other.csv", b"a,b\n1,2\n", "Its first rows hold no headers that we know"),
    ],
)
async def test_a_file_that_cannot_be_imported_is_told_in_words(
    lea: Person, store: Store, name: str, content: bytes, words: str
) -> None:
    await give(lea, (name, content))
    await lea.sees("could not be done.", in_="DM")
    said = await shown(lea)
    assert words in said
    assert "Nothing was imported" in said
    assert "Try again" not in said, "it would only fail again"


async def test_a_file_of_more_than_ten_megabytes_goes_another_way(lea: Person) -> None:
    posted = await lea.says("our history", "#general", files=[("big.csv", b"x" * 10_485_761)])
    answer = await lea.message_shortcut("Import this file", posted, "#general")
    assert "big.csv is larger than 10 MB" in answer
    assert "wavepost import big.csv" in answer
    assert answer.is_private


async def test_a_file_of_a_message_is_imported_by_a_shortcut(lea: Person, store: Store) -> None:
    posted = await lea.says("the new ones", "#general", files=[("new.csv", joes())])
    answer = await lea.message_shortcut("Import this file", posted, "#general")
    assert "I am looking at new.csv" in answer
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Imported: 1 location new", in_="DM")


async def test_a_shortcut_on_a_message_without_a_file_says_so(lea: Person) -> None:
    posted = await lea.says("hello", "#general")
    answer = await lea.message_shortcut("Import this file", posted, "#general")
    assert "There is no file in this message." in answer


@pytest.mark.parametrize(
    ("name", "words"), [("ana", "This needs the role lead"), ("gus", "You are here as a guest")]
)
async def test_who_may_not_import_is_told_so(
    lea: Person, sandbox: Sandbox, store: Store, name: str, words: str
) -> None:
    person = await sandbox.person(name)
    assert words in await person.command("/wavepost import")
    said = await person.says("mine", "DM", files=[("mine.csv", joes())])
    assert words in await person.message_shortcut("Import this file", said, "DM")
    assert await counted(store, "jobs") == 0


async def test_a_stranger_is_told_nothing_more(lea: Person, sandbox: Sandbox) -> None:
    sam = await sandbox.person("sam")
    assert "I can only answer members of this workspace" in await sam.command("/wavepost import")


async def test_a_question_nobody_answers_is_closed_after_a_day(
    lea: Person, wavepost: Wavepost, store: Store
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await run(store, "UPDATE jobs SET ended_at = ended_at - interval '25 hours'")
    assert "Nobody agreed to this within a day" in await lea.press("Import", in_="DM")
    await forget_unanswered(wavepost.store, wavepost.files)
    await lea.sees("nobody agreed to it within a day", in_="DM")
    assert await names(store) == []


async def test_an_import_can_be_stopped_while_it_goes_on(
    lea: Person, sandbox: Sandbox, store: Store, somebody_imports: asyncio.Event
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Waiting for Omar", in_="DM")
    await lea.press("Cancel", in_="DM")
    await lea.sees("Nothing of it was kept.", in_="DM")
    somebody_imports.set()
    await PostOffice(store, sandbox).all_ended()
    assert await names(store) == []


async def test_who_is_no_lead_any_more_cannot_have_an_import_done_again(
    lea: Person, store: Store, somebody_imports: asyncio.Event
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Waiting for Omar", in_="DM")
    await lea.press("Cancel", in_="DM")
    await lea.command("/wavepost jobs", in_="#general")
    async with store.transaction(actor="test") as tx:
        await take_role(tx, "lea@northwind.example", Role.lead)
    somebody_imports.set()

    await lea.press("Try again", in_="#general")

    await lea.sees("does not have the role lead any more", in_="DM")
    assert await names(store) == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("\N{CJK UNIFIED IDEOGRAPH-9867}" * 95 + ".csv", id="long in bytes"),
        pytest.param("..", id="two dots"),
        pytest.param("a/../../b.csv", id="a path"),
        pytest.param("\0.csv", id="no character"),
    ],
)
async def test_a_file_may_be_called_anything(lea: Person, store: Store, name: str) -> None:
    await give(lea, (name, joes()))
    await lea.sees("This is what it would do", in_="DM")


@pytest.mark.parametrize("has_bucket", [False])
async def test_where_there_is_no_bucket_it_is_said_what_to_set(
    lea: Person, *, has_bucket: bool
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("sets WAVEPOST_S3_BUCKET", in_="DM")


async def test_jobs_are_listed_with_what_can_be_done(
    lea: Person, sandbox: Sandbox, store: Store, somebody_imports: asyncio.Event
) -> None:
    assert "nobody asked for any lately" in await lea.command("/wavepost jobs")
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Waiting for Omar", in_="DM")
    ada = await patient(sandbox, "ada")
    listed = await ada.command("/wavepost jobs", in_="#general")
    assert "*2\u00a0jobs* were asked for lately; those that are not over come first." in listed
    assert "^{ago}|" in str(listed.blocks)
    assert "Import of customers.csv" in listed
    assert "Preview of customers.csv" in listed
    await ada.press("Cancel", in_="#general")
    await lea.sees("Ada Admin cancelled it", in_="DM")
    again = await ada.press("Try again", in_="#general")
    assert again.ok
    somebody_imports.set()
    await lea.sees("Imported: 1 location new", in_="DM")
    vic = await sandbox.person("vic")
    assert "You have asked for no long work lately." in await vic.command("/wavepost jobs")


async def test_two_who_press_cancel_do_it_once(
    lea: Person, sandbox: Sandbox, store: Store, somebody_imports: asyncio.Event
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("Nothing is imported yet", in_="DM")
    await lea.press("Import", in_="DM")
    await lea.sees("Waiting for Omar", in_="DM")
    ada = await patient(sandbox, "ada")
    await ada.command("/wavepost jobs", in_="#general")
    await lea.press("Cancel", in_="DM")
    await lea.sees("Nothing of it was kept.", in_="DM")
    await ada.press("Cancel", in_="#general")
    assert await ada.sees("This was over already, so nothing changed.", in_="#general")
