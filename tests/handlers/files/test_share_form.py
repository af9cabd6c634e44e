"""The form of /share, as who sends files fills it in: what it says, what it refuses, what it keeps."""

from collections.abc import Sequence
from datetime import date

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.files.receiving_refusals import MOST_IN_FORM
from handlers.files.share_mistakes import wrong_files
from handlers.files.share_typed import Kept
from handlers.interaction import GivenFile
from handlers.roles import give as give_role
from rules.roles import Role
from store.session import Store
from tests.handlers.files.files_given import spaces_given
from tests.world import counted

WHO = "Who gets it"
MENUS = ("menus.csv", b"dish,price\nsoup,4\n")
TILLS = ("tills.csv", b"till\n1\n")


@pytest.fixture
async def sue(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """Somebody who sends files."""
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "sue@northwind.example", Role.sender)
    return await sandbox.person("sue")


@pytest.fixture(autouse=True)
async def spaces(store: Store, sandbox: Sandbox) -> None:
    async with await sandbox.person("gus") as gus:
        guest = gus.id
    await spaces_given(
        store,
        "Acme Foods",
        "Menus",
        "Tills",
        people=[(guest, "Gus Guest")],
        outside=["chef@acme.example"],
    )
    await spaces_given(store, "Acme2 Foods", "Recipes")


def plain(person: Person) -> str:
    return person.modal.text.replace("*", "").replace("\N{NO-BREAK SPACE}", " ")


async def opened(person: Person, line: str = "/share") -> None:
    answer = await person.command(line)
    assert answer.ok, answer
    await person.modal.opened()


async def test_the_form_says_who_will_get_it_before_anything_is_sent(sue: Person) -> None:
    await opened(sue)
    await sue.modal.fill(file_spaces=["Menus (Acme Foods)", "Tills (Acme Foods)"])
    assert "Acme Foods: 2 people will get it, 1 in Slack and 1 outside it." in plain(sue)
    await sue.modal.attach("Files", MENUS)
    assert await sue.modal.submit(title="Menus 2022") is None
    asked = plain(sue)
    assert sue.modal.depth == 2
    assert "2 people of Acme Foods will get this file." in asked
    assert "Menus: 2 people – chef@acme.example, Gus Guest" in asked
    assert "menus.csv, 18 bytes" in asked
    assert "Title\nMenus 2022" in asked
    assert "the end of Mon 14 Feb 2022" in asked
    assert "you get their links to copy" in asked


@pytest.mark.parametrize(
    ("others", "called"), [((), "menus.csv"), ((TILLS,), "Each file is called by its own name")]
)
async def test_files_without_a_title_are_said_to_be_called_by_their_names(
    sue: Person, others: Sequence[tuple[str, bytes]], called: str
) -> None:
    await opened(sue, "/share menus")
    await sue.modal.attach("Files", MENUS, *others)
    assert await sue.modal.submit() is None
    assert f"Title\n{called}" in plain(sue)


async def test_a_space_is_named_in_the_command_with_slips_and_by_its_organisation(
    sue: Person,
) -> None:
    await opened(sue, "/share recipes")
    assert "Recipes (Acme2 Foods)" in sue.modal.text
    assert "Acme2 Foods: nobody is in this space yet." in plain(sue)
    await sue.modal.close()

    several = await sue.command("/share acme")
    assert "3 spaces could be meant" in several
    slip = await sue.command("/share Recipies")
    assert "Did you mean" in slip
    await sue.choose("Recipes (Acme2 Foods)", in_="DM")
    await (await sue.modal.opened()).close()
    unknown = await sue.command("/share <!channel> & co")
    assert "No space is called `<!channel> & co`" in unknown


async def test_what_is_wrong_is_told_under_its_field_and_nothing_is_sent(
    sue: Person, store: Store
) -> None:
    await opened(sue)
    await sue.modal.fill(file_spaces=["Menus (Acme Foods)", "Recipes (Acme2 Foods)"])
    assert "nobody sees what is another's" in sue.modal.text
    await sue.press("file_share_more", in_="modal")
    await sue.modal.attach("Files", MENUS)
    await sue.modal.fill(file_share_sealed="Yes, before it came here")
    missing = await sue.modal.submit()
    assert missing
    assert missing.keys() == {"How it is encrypted", "Who has the key", "How to reach them"}
    wrong = await sue.modal.submit(
        how_it_is_encrypted=" ",
        who_has_the_key=" ",
        how_to_reach_them=" ",
        expires=date(2022, 1, 14),
        retained=date(2021, 1, 1),
        facts="no colon here",
        tags="a" * 41,
    )
    assert wrong
    assert "Acme Foods and Acme2 Foods" in wrong[WHO]
    assert "Choose a later day" in wrong["Available until"]
    assert "is over" in wrong["Keep its bytes at least until"]
    assert "name: value" in wrong["Facts"]
    assert "40 characters" in wrong["Tags"]
    assert {"How it is encrypted", "Who has the key", "How to reach them"} <= wrong.keys()
    assert await counted(store, "shared_files") == 0


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ([0, 5], "0 bytes"),
        ([1] * 11, "These are 11 files"),
        ([], "no file"),
        ([MOST_IN_FORM] * 10, ""),
        ([MOST_IN_FORM + 1], "larger than 10 MB"),
    ],
)
def test_files_that_are_none_or_too_many_are_refused(sizes: list[int], words: str) -> None:
    files = [GivenFile(f"F{number}", f"{number}.txt", size) for number, size in enumerate(sizes)]
    wrong = wrong_files(files, Kept.new())
    assert words in wrong
    assert bool(words) == bool(wrong)


async def test_what_was_typed_is_there_when_the_form_is_opened_again(sue: Person) -> None:
    await opened(sue)
    await sue.modal.fill(file_spaces=["Menus (Acme Foods)"], title="Menus 2022", note="For Monday")
    await sue.modal.close()
    await opened(sue)
    assert sue.modal.holds("title.0") == "Menus 2022"
    assert "Files have to be chosen again" in sue.modal.text
    await sue.press("Start over", in_="modal")
    assert sue.modal.holds("title.1") is None
    assert "typed before" not in sue.modal.text


async def test_whoever_does_not_send_files_sees_what_was_sent_to_them(
    sandbox: Sandbox, wavepost: Wavepost, ana: Person
) -> None:
    assert "There are no files for you." in (await ana.command("/share"))
    assert "sender" in (await ana.command("/share acme"))
    gus = await sandbox.person("gus")
    assert "There are no files for you." in (await gus.command("/share"))
    assert "There is no file 1 that you may see." in (await gus.command("/share 1"))
