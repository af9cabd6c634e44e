"""Spaces as those who send files keep them in Slack, and who can be in one."""

import re

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.roles import give
from rules.roles import Role
from store.session import Store
from store.space_rows import RecipientRow
from tests.world import counted, run

JOES = "Joe's Pizza"
SAM_HAS_AN_ADDRESS = "UPDATE people SET email = 'sam@northwind.example' WHERE name LIKE 'Sam %'"
"""Slack does not tell it of all people of shared channels."""


@pytest.fixture
async def sue(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A sender; Lea is a lead."""
    async with store.transaction(actor="test") as tx:
        await give(tx, "sue@northwind.example", Role.sender)
        await give(tx, "lea@northwind.example", Role.lead)
    return await sandbox.person("sue")


def plain(words: str) -> str:
    """What can be read, without marks and with spaces that are no others."""
    return re.sub(r"[*`]|@(?=[A-Z])", "", words).replace("\N{NO-BREAK SPACE}", " ")


def shown(person: Person) -> str:
    """What somebody reads in the window that is open."""
    return plain(person.modal.text)


async def make(person: Person, name: str, organisation: str) -> dict[str, str] | None:
    """Make a space; what is wrong with the fields, if anything."""
    await person.command("/wavepost spaces", in_="DM")
    await person.press("Make a space", in_="DM")
    await person.modal.fill(organisation=organisation)
    return await person.modal.submit(name=name)


async def add(person: Person, *, slack: tuple[str, ...] = (), pasted: str = "") -> None:
    """Add people to the space that is open in a window."""
    await person.press("Add people", in_="modal")
    await add_more(person, slack=slack, pasted=pasted)


async def add_more(person: Person, *, slack: tuple[str, ...] = (), pasted: str = "") -> None:
    """The same, where the form is open."""
    if slack:
        await person.modal.fill(in_slack=list(slack))
    errors = await person.modal.submit(**({"e_mail_addresses": pasted} if pasted else {}))
    assert errors is None


async def recipients(store: Store) -> list[RecipientRow]:
    """Everybody in the space called Menus."""
    async with store.reading() as reading:
        [space] = await reading.spaces.named("menus")
        return await reading.spaces.members(space.id)


async def test_a_space_is_made_and_people_of_every_kind_are_added(
    sue: Person, store: Store
) -> None:
    assert "There is no space yet" in await sue.command("/wavepost spaces", in_="DM")

    assert await make(sue, "Menus", JOES) is None
    assert "Menus is a space of Joe's Pizza." in shown(sue)
    assert "Nobody is in it yet" in shown(sue)
    await add(
        sue,
        slack=("Gus Guest", "Sam Stranger", "Vic Viewer"),
        pasted="Ana Bell <Ana@Joes.example>\nben@joes.example",
    )

    assert "5 people were added." in shown(sue)
    assert "5 people are in it:" in shown(sue)
    assert "Ana Bell · ana@joes.example" in shown(sue)
    assert "Sam Stranger" in shown(sue)
    listed = plain((await sue.command("/wavepost spaces", in_="DM")).text)
    assert "Menus · Joe's Pizza" in listed
    assert "5 people" in listed
    assert await counted(store, "audit WHERE action = 'joined a space'") == 5


async def test_an_organisation_is_named_once_and_a_space_once_in_it(
    sue: Person, store: Store
) -> None:
    await make(sue, "Menus", JOES)
    await make(sue, "Prices", JOES)
    assert await counted(store, "organisations") == 1

    errors = await make(sue, "MENUS", JOES)

    assert errors is not None
    assert "Joe's Pizza has a space called Menus already" in errors["What the space is called"]
    assert await counted(store, "spaces") == 2


async def test_who_belongs_to_another_organisation_is_refused_and_whose_they_are_is_said(
    sue: Person, store: Store
) -> None:
    await make(sue, "Reports", "Beta")
    await add(sue, slack=("Gus Guest",), pasted="bea@beta.example")
    await make(sue, "Menus", JOES)

    await add(sue, slack=("Gus Guest", "Sam Stranger"), pasted="BEA@beta.example\nana@joes.example")

    assert "2 people were added." in shown(sue)
    assert "2 could not be added:" in shown(sue)
    assert "Gus Guest belongs to Beta." in shown(sue)
    assert "Line 1, BEA@beta.example: bea@beta.example belongs to Beta." in shown(sue)
    assert {each.name for each in await recipients(store)} == {"Sam Stranger", "ana@joes.example"}


async def test_lines_that_are_no_address_stay_to_be_mended_and_the_good_ones_are_kept(
    sue: Person, store: Store
) -> None:
    await make(sue, "Menus", JOES)

    await add(sue, pasted="ana@joes.example\n\nben at joes\ncleo@joes.example\ndan@joes")

    assert "2 people were added." in shown(sue)
    assert "Line 3, ben at joes: this is no e-mail address." in shown(sue)
    assert "Line 5, dan@joes" in shown(sue)
    [left] = [
        block["element"]["initial_value"]
        for block in sue.modal.blocks
        if block.get("element", {}).get("initial_value")
    ]
    assert left == "ben at joes\ndan@joes"

    await add_more(sue, pasted="ben@joes.example\ndan@joes.example\nANA@joes.example")

    assert "2 people were added." in shown(sue)
    assert "1 person was in it already." in shown(sue)
    assert sue.modal.depth == 1
    assert len(await recipients(store)) == 4


async def test_nobody_named_is_asked_for(sue: Person) -> None:
    await make(sue, "Menus", JOES)
    await sue.press("Add people", in_="modal")
    assert await sue.modal.submit() == {"E-mail addresses": "Choose somebody, or write an address."}


async def test_an_app_and_who_was_deactivated_get_no_files(
    sue: Person, sandbox: Sandbox, store: Store
) -> None:
    await make(sue, "Menus", JOES)
    await run(store, "UPDATE people SET kind = 'bot' WHERE name = 'Vic Viewer'")
    sandbox.people.deactivate("omar")
    await sandbox.world.events.settle()

    await add(sue, slack=("Vic Viewer", "Omar Haddad", "Gus Guest"))

    assert "1 person was added." in shown(sue)
    assert "Vic Viewer is an app." in shown(sue)
    assert "was deactivated in Slack." in shown(sue)


async def test_an_outside_recipient_who_comes_into_slack_is_one_recipient_if_they_are_our_guest(
    sue: Person, sandbox: Sandbox, store: Store
) -> None:
    await make(sue, "Menus", JOES)
    await run(store, SAM_HAS_AN_ADDRESS)
    await add(sue, pasted="gus@northwind.example\nsam@northwind.example")

    await add(sue, slack=("Gus Guest", "Sam Stranger"))

    assert "1 person was added." in shown(sue)
    assert "their address is sam@northwind.example" in shown(sue)
    assert "these are two recipients" in shown(sue)
    people = {(each.email, each.person_id) for each in await recipients(store)}
    assert people == {
        ("gus@northwind.example", sandbox.people.user("gus").id),
        ("sam@northwind.example", None),
        (None, sandbox.people.user("sam").id),
    }


async def test_two_people_of_slack_with_one_address_are_not_taken_for_each_other(
    sue: Person, store: Store
) -> None:
    await make(sue, "Menus", JOES)
    await add(sue, slack=("Gus Guest",))
    gus = "UPDATE people SET email = 'gus@northwind.example' WHERE name LIKE 'Vic %'"
    await run(store, gus)

    await add(sue, slack=("Vic Viewer",))

    assert "Nobody was added." in shown(sue)
    assert "is known as that of Gus Guest" in shown(sue)
    assert [each.name for each in await recipients(store)] == ["Gus Guest"]


async def test_what_a_stranger_s_workspace_says_of_them_makes_them_nobody_else(
    sue: Person, store: Store
) -> None:
    await run(store, SAM_HAS_AN_ADDRESS)
    await make(sue, "Reports", "Beta")
    await add(sue, pasted="sam@northwind.example")
    await make(sue, "Menus", JOES)

    await add(sue, slack=("Sam Stranger",))

    assert "1 person was added." in shown(sue)
    async with store.reading() as reading:
        outside = await reading.spaces.recipient_by_email("sam@northwind.example")
        assert outside
        assert outside.person_id is None


async def test_who_is_removed_is_out_at_once_and_can_be_put_back(sue: Person, store: Store) -> None:
    await make(sue, "Menus", JOES)
    await add(sue, pasted="ana@joes.example")

    await sue.press("Remove", in_="modal")

    assert "ana@joes.example was removed from Menus" in shown(sue)
    assert "Nobody is in it yet" in shown(sue)
    assert await recipients(store) == []
    await sue.press("Put back", in_="modal")
    assert "ana@joes.example is in it again." in shown(sue)
    assert len(await recipients(store)) == 1
    assert await counted(store, "audit WHERE action = 'left a space'") == 1


async def test_a_recipient_who_left_slack_is_shown_as_such(sue: Person, sandbox: Sandbox) -> None:
    await make(sue, "Menus", JOES)
    await add(sue, slack=("Gus Guest",))
    assert "in Slack" in shown(sue)
    sandbox.people.deactivate("gus")
    await sandbox.world.events.settle()

    await sue.command("/wavepost spaces menus", in_="DM")

    assert "was deactivated in Slack, and gets nothing any more" in shown(sue)


async def test_downloads_go_through_wavepost_where_that_is_chosen(sue: Person) -> None:
    await make(sue, "Menus", JOES)
    assert "Downloads go straight from the store" in shown(sue)
    await sue.press("Let downloads go through Wavepost", in_="modal")
    assert "which knows when all bytes have arrived" in shown(sue)
    assert "From now on downloads go through Wavepost." in shown(sue)
    assert "downloads through Wavepost" in await sue.command("/wavepost spaces", in_="DM")
    await sue.press("Let downloads come from the store", in_="modal")
    assert "Downloads go straight from the store" in shown(sue)


async def test_a_space_is_closed_once_somebody_is_sure(sue: Person, store: Store) -> None:
    await make(sue, "Menus", JOES)
    await add(sue, pasted="ana@joes.example")
    await sue.press("Close the space for good", in_="modal")
    assert "the one person in it can open nothing any more" in shown(sue)

    assert await sue.modal.submit() is None

    assert "Menus was closed" in shown(sue)
    assert await counted(store, "spaces WHERE closed_at IS NULL") == 0
    asked = await sue.command("/wavepost spaces menus", in_="DM")
    assert "No space is called menus." in plain(asked.text)


async def test_a_window_that_is_out_of_date_adds_nobody_to_a_closed_space(
    sue: Person, sandbox: Sandbox, store: Store
) -> None:
    await make(sue, "Menus", JOES)
    await sue.press("Add people", in_="modal")
    lea = await sandbox.person("lea")
    await lea.command("/wavepost spaces menus", in_="DM")
    await lea.press("Close the space for good", in_="modal")
    await lea.modal.submit()

    errors = await sue.modal.submit(e_mail_addresses="ana@joes.example")

    assert errors == {"E-mail addresses": "Menus was closed. Nothing was changed."}
    assert await counted(store, "recipients") == 0


async def test_a_space_is_found_by_its_name_or_its_organisation(sue: Person) -> None:
    await make(sue, "Menus", JOES)
    await make(sue, "Prices", JOES)

    asked = await sue.command("/wavepost spaces joes", in_="DM")
    assert "2 spaces could be meant by joes" in plain(asked.text)
    await sue.choose("Prices (Joe's Pizza)", in_="DM")
    assert "Prices is a space of Joe's Pizza." in shown(sue)
    near = await sue.command("/wavepost spaces menis", in_="DM")
    assert "No space is called menis. Did you mean Menus?" in plain(near.text)


@pytest.mark.parametrize("who", ["vic", "gus", "sam"])
async def test_others_do_not_see_who_the_customers_are(
    who: str, sue: Person, sandbox: Sandbox
) -> None:
    await make(sue, "Menus", JOES)
    person = await sandbox.person(who)
    said = await person.command("/wavepost spaces", in_="DM")
    assert "Joe" not in said.text
