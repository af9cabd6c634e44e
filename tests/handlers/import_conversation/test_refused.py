"""Sheets that are not imported: by whom, from where and why, in words."""

import pytest

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from store.session import Store
from tests.handlers.import_conversation.leads import shown
from tests.sheets_given import give, joes, locked_workbook
from tests.world import counted


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


@pytest.mark.parametrize("has_bucket", [False])
async def test_where_there_is_no_bucket_it_is_said_what_to_set(
    lea: Person, *, has_bucket: bool
) -> None:
    await give(lea, ("customers.csv", joes()))
    await lea.sees("sets WAVEPOST_S3_BUCKET", in_="DM")
