"""Buttons that somebody still sees whose role was taken away meanwhile: none of them does anything."""

import pytest

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.roles import take as take_role
from rules.file_life import State
from rules.roles import Role
from store.shared_files import SharedFile
from tests.handlers.files.release_world import SEALED, House

OF_SENDERS = ("New edition", "Change the day", "Links to copy", "Hold it", "Revoke it")
OF_LEADS = ("Change the day", "Links to copy", "Hold it", "Revoke it")


async def sees_card(person: Person, file: SharedFile) -> None:
    assert (await person.command(f"/share {file.number}")).ok
    await person.modal.opened()


async def demoted(house: House, person: str, role: Role) -> None:
    async with house.changing() as tx:
        await take_role(tx, f"{person}@northwind.example", role)


async def presses_in_vain(house: House, person: Person, file: SharedFile, button: str) -> None:
    """Nothing opens, nothing is kept, and the answer says whose it is to do."""
    before, depth = await house.file(file.id), person.modal.depth
    answer = await person.press(button, in_="modal")
    assert "role" in f"{answer} {person.modal.text}", button
    assert person.modal.depth <= depth + 1
    assert "/d/" not in person.modal.text
    assert (await house.file(file.id)).row == before.row, button


@pytest.mark.parametrize("button", OF_SENDERS)
async def test_a_sender_without_the_role_does_nothing_with_what_they_sent(
    house: House, sue: Person, button: str
) -> None:
    [file] = await house.sent("Menus")
    await sees_card(sue, file)
    await demoted(house, "sue", Role.sender)
    await presses_in_vain(house, sue, file, button)


@pytest.mark.parametrize("button", OF_LEADS)
async def test_a_lead_without_the_role_does_nothing_with_files_of_others(
    house: House, sandbox: Sandbox, button: str
) -> None:
    [file] = await house.sent("Menus")
    lea = await sandbox.person("lea")
    await sees_card(lea, file)
    await demoted(house, "lea", Role.lead)
    await presses_in_vain(house, lea, file, button)


@pytest.mark.parametrize("button", ["Release", "Decline"])
async def test_who_may_decide_no_more_decides_nothing(
    house: House, ben: Person, button: str
) -> None:
    [file] = await house.sent("Menus", **SEALED)
    assert await ben.sees(button, in_="DM")
    await demoted(house, "ben", Role.approver)
    assert "role" in str(await ben.press(button, in_="DM"))
    assert not ben.modal.is_open
    assert (await house.file(file.id)).state is State.in_review


async def test_who_lost_the_role_over_the_form_declines_nothing(house: House, ben: Person) -> None:
    [file] = await house.sent("Menus", **SEALED)
    assert await ben.sees("Decline", in_="DM")
    await ben.press("Decline", in_="DM")
    await ben.modal.opened()
    await demoted(house, "ben", Role.approver)
    assert "role" in str(await ben.modal.submit(words="No."))
    assert (await house.file(file.id)).state is State.in_review
