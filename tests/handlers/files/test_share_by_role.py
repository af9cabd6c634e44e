"""/share by who types it: what each may do, who may send, and what nobody learns of others."""

from typing import Any

import pytest

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from rules.clearance import Classification
from tests.handlers.files.release_world import House

PERSONAL: dict[str, Any] = {"classification": Classification.personal}
SEARCHES = ("tag:pilot", 'space:"Acme Foods"', "from:@sue", "price")


def plain(words: str) -> str:
    return words.replace("*", "").replace("`", "").replace("\N{NO-BREAK SPACE}", " ")


async def answered(person: Person, line: str) -> str:
    return plain((await person.command(line)).text)


async def test_a_lead_reads_who_may_send_and_whom_to_ask_and_can_do_the_rest(
    sandbox: Sandbox, house: House
) -> None:
    lea = await sandbox.person("lea")
    for line in ("/share", "/share sent", "/share Menus", "/share help"):
        told = await answered(lea, line)
        assert "Sending files takes the role sender" in told, line
        assert "@Sue Sender can send files for you until then" in told, line
        assert "opens the form" not in told, line
    told = await answered(lea, "/share help")
    for line in ("/share waiting", "/share find menus tag:", "/share 12", "/share spaces"):
        assert line in told
    assert "You have sent no files." in await answered(lea, "/share sent")

    await lea.command("/share")
    await lea.press("Spaces", in_="DM")
    await lea.sees("Make a space", in_="DM")
    await lea.command("/share Menus")
    await lea.press("Menus (Acme Foods)", in_="DM")
    assert "A space" in (await lea.modal.opened()).title


async def test_a_member_without_a_role_is_offered_what_they_can_do_and_no_more(
    sandbox: Sandbox, house: House
) -> None:
    vic = await sandbox.person("vic")
    told = await answered(vic, "/share help")
    assert "Sending files takes the role sender" in told
    assert "spaces" not in told
    assert "waiting" not in told
    assert "you are neither" in await answered(vic, "/share waiting")
    assert "needs the role sender" in await answered(vic, "/share spaces")


@pytest.mark.parametrize("key", ["gus", "sam"])
async def test_who_only_gets_files_is_led_to_them_and_learns_nothing_of_others(
    sandbox: Sandbox, house: House, key: str
) -> None:
    secret = await house.sent("Price list of others", **PERSONAL)
    person = await sandbox.person(key)
    for line in ("/share sent", "/share spaces", "/share space Menus", "/share waiting"):
        told = await answered(person, line)
        assert "You get files here: /share lists what was sent to you" in told, line
    told = await answered(person, "/share help")
    assert "Files for you" in told
    assert "role" not in told
    for typed in SEARCHES:
        for line in (f"/share find {typed}", f"/share {typed}"):
            told = await answered(person, line)
            assert "No file fits" in told, line
            assert "which /share lists" in told, line
            assert "Acme" not in told.replace(typed, ""), line
            assert "Price list" not in told, line
    assert "no file 99999999999 that you may see" in await answered(person, "/share 99999999999")
    here, nowhere = secret[0].number, secret[0].number + 90
    of_theirs = await answered(person, f"/share {here}")
    assert of_theirs.replace(str(here), "N") == (
        await answered(person, f"/share {nowhere}")
    ).replace(str(nowhere), "N")


async def test_a_guest_finds_their_own_by_its_words_without_the_word_find(
    house: House, gus: Person
) -> None:
    await house.sent("Summer menus")
    for line in ("/share summer", "/share find summer", "/share find"):
        assert "Summer menus" in await answered(gus, line), line
    assert "from:@ana" not in await answered(gus, "/share find")


async def test_a_guest_is_led_from_an_edition_that_was_replaced_to_what_became_of_it(
    house: House, gus: Person
) -> None:
    [old] = await house.sent("Menus")
    await house.sent("Menus of May", supersedes=old.id, edition=2)
    await gus.command(f"/share {old.number}")
    assert "A newer edition took its place" in gus.modal.text
    await gus.press("Open", in_="modal")
    assert "A newer edition took its place: file" in gus.modal.text


async def test_home_of_who_may_send_leads_to_the_form_before_anything_was_sent(
    house: House, sue: Person
) -> None:
    await sue.home()
    await sue.sees("You have sent none yet.", in_="home")
    await sue.press("Deliver files", in_="home")
    assert (await sue.modal.opened()).title == "Deliver files"
