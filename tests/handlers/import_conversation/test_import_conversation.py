"""Sheets that a lead gives: shown, agreed to or declined, and imported once."""

import asyncio
from pathlib import Path

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.import_conversation import forget_unanswered
from store.session import Store
from tests.handlers.import_conversation.leads import imported_elsewhere, names, shown
from tests.sheets_given import MASTER, give, joes, master, workbook
from tests.world import counted, run


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
