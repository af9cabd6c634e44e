"""`wavepost spaces` as somebody at a terminal meets it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.spaces_command import spaces
from bot.terminal import console
from rules.roles import Kind
from store.people import PersonRow
from store.session import Store
from tests.world import counted

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    exit_code: int
    output: str


Command = Callable[..., Said]


@pytest.fixture
def run(database_url: str, logging_restored: None, monkeypatch: pytest.MonkeyPatch) -> Command:
    async def begin() -> None:
        store = Store(database_url)
        async with store.transaction(actor="test") as tx:
            gus = PersonRow(id="U1", name="Gus", email="gus@shop.example", kind=Kind.guest)
            await tx.people.keep([gus])
        await store.close()

    asyncio.run(begin())
    monkeypatch.setenv("WAVEPOST_DATABASE_URL", database_url)
    monkeypatch.setattr(console, "width", 300)

    def run(*words: str) -> Said:
        result = CliRunner().invoke(spaces, list(words))
        return Said(result.exit_code, result.output.replace(NBSP, " "))

    return run


def test_where_nothing_is_the_command_says_so_and_what_to_do(run: Command) -> None:
    assert "There is no space yet. `wavepost spaces make ORGANISATION SPACE`" in run("list").output
    run("make", "Joe's Pizza", "Menus")
    assert "Nobody is in menus yet. `wavepost spaces add`" in run("list", "menus").output


def test_a_space_is_made_with_its_organisation_once(run: Command) -> None:
    assert "Menus of Joe's Pizza is there." in run("make", "Joe's Pizza", "Menus").output
    assert "Prices of Joe's Pizza is there." in run("make", "JOES PIZZA", "Prices").output

    again = run("make", "joe’s pizza", "menus")
    assert again.exit_code == 2
    assert "Joe's Pizza has a space called Menus already" in again.output
    listed = run("list").output
    assert listed.count("Joe's Pizza") == 2
    assert "from the store" in listed


def test_people_are_added_and_each_who_cannot_be_is_told_of_by_line(
    run: Command, tmp_path: Path
) -> None:
    run("make", "Joe's Pizza", "Menus")
    run("make", "Beta", "Reports")
    run("add", "Reports", "bea@beta.example")
    pasted = tmp_path / "people.txt"
    pasted.write_text(
        "\ufeffAna <ana@shop.example>\n\ngus@shop.example\nnobody\nbea@beta.example\n"
    )

    said = run("add", "menus", "--file", str(pasted))

    assert said.exit_code == 2
    assert "2 people were added." in said.output
    assert "Line 4, nobody: this is no e-mail address." in said.output
    assert "Line 5, bea@beta.example: bea@beta.example belongs to Beta." in said.output
    listed = run("list", "menus").output
    assert "Ana" in listed
    assert "U1" in listed
    assert "bea" not in listed

    again = run("add", "menus", "ana@shop.example")
    assert again.exit_code == 0
    assert "1 person was in it already." in again.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp1252"])
def test_a_file_is_read_in_the_encoding_that_its_program_wrote(
    run: Command, tmp_path: Path, encoding: str
) -> None:
    run("make", "Joe's Pizza", "Menus")
    pasted = tmp_path / "people.txt"
    pasted.write_text("Zoë <zoe@shop.example>\nana@shop.example\n", encoding)
    assert "2 people were added." in run("add", "Menus", "--file", str(pasted)).output
    assert "Zoë" in run("list", "Menus").output


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"ana@shop.example\n\x81\x8d\n", "Save it again as text in UTF-8. Nobody was added."),
        (b"\xff\xfe\0bad", "this is no e-mail address"),
        (b"\xff\xfe\0bad\n", "Save it again as text in UTF-8. Nobody was added."),
    ],
)
def test_a_file_that_is_no_text_is_told_of_in_words(
    run: Command, tmp_path: Path, held: bytes, said: str
) -> None:
    run("make", "Joe's Pizza", "Menus")
    pasted = tmp_path / "people.txt"
    pasted.write_bytes(held)
    ended = run("add", "Menus", "--file", str(pasted))
    assert ended.exit_code == 2
    assert said in ended.output
    assert "Nobody is in Menus yet." in run("list", "Menus").output


def test_who_is_removed_is_gone_and_nobody_is_removed_twice(run: Command) -> None:
    run("make", "Joe's Pizza", "Menus")
    run("add", "Menus", "ana@shop.example", "ben@shop.example")

    removed = run("remove", "Menus", "Ana@shop.example")

    assert "ana@shop.example was removed from Menus" in removed.output
    assert "ana@" not in run("list", "Menus").output
    again = run("remove", "Menus", "ana@shop.example")
    assert again.exit_code == 2
    assert "Nobody in Menus has the address" in again.output


def test_downloads_of_a_space_can_go_through_wavepost(run: Command) -> None:
    run("make", "Joe's Pizza", "Menus")
    assert "knows when all bytes have arrived" in run("through", "Menus", "wavepost").output
    assert "through Wavepost" in run("list").output
    assert "straight from the store" in run("through", "Menus", "store").output
    assert run("through", "Menus", "pigeon").exit_code == 2


def test_a_closed_space_takes_nobody_and_is_listed_as_closed(run: Command) -> None:
    run("make", "Joe's Pizza", "Menus")
    assert "Menus was closed" in run("close", "Menus").output
    assert "closed" in run("list").output
    assert "No space is called Menus." in run("add", "Menus", "ana@shop.example").output


def test_a_name_that_two_organisations_use_needs_whose(run: Command) -> None:
    for owner in ("Acme", "Acme2"):
        run("make", owner, "Reports")
    asked = run("add", "Reports", "ana@acme.example")
    assert "Several are called Reports: of Acme, Acme2." in asked.output
    assert run("add", "Reports", "ana@acme.example", "--organisation", "acme").exit_code == 0
    assert "ana@" in run("list", "Reports", "--organisation", "Acme").output
    assert "ana@" not in run("list", "Reports", "--organisation", "Acme2").output


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "\u200b", "\u202e\u3164"])
def test_a_name_that_is_none_is_refused(run: Command, name: str, database_url: str) -> None:
    assert run("make", "Joe's Pizza", name).exit_code == 2

    async def look() -> int:
        store = Store(database_url)
        try:
            return await counted(store, "organisations")
        finally:
            await store.close()

    assert asyncio.run(look()) == 0


def test_nobody_named_is_asked_for(run: Command) -> None:
    run("make", "Joe's Pizza", "Menus")
    assert "name at least one address" in run("add", "Menus").output
