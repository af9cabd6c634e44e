"""What it means to be in a space: who comes gets what is there, who goes gets nothing; many at once."""

import asyncio
from uuid import UUID

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.errors import Refused
from handlers.files.opening import NOT_YOURS
from handlers.files.space_adding import Outcome, add_all
from handlers.files.space_keeping import close, make, remove
from tests.conftest import PATIENCE
from tests.handlers.files.release_world import House, heard_by
from tests.world import counted

AT_ONCE = 8
LOOK_EVERY = 0.05
NEW = "new@acme.example"


@pytest.fixture
async def sam(sandbox: Sandbox, house: House) -> Person:
    """Somebody of a shared channel."""
    return await sandbox.person("sam")


async def added(house: House, *people: str, pasted: str = "") -> Outcome:
    ids = [house.ids[each] for each in people]
    async with house.changing("sue") as tx:
        return await add_all(tx, house.space.id, ids, pasted)


async def test_who_is_new_in_a_space_gets_what_was_released_there_and_nobody_else_is_told(
    sue: Person, sam: Person, house: House, sandbox: Sandbox
) -> None:
    await house.sent("Prices")
    gus = await sandbox.person("gus")
    assert await heard_by(gus, "Prices") == 1

    await sue.command("/share space menus", in_="DM")
    await sue.press("Add people", in_="modal")
    await sue.modal.fill(in_slack=["Sam Stranger"])
    await sue.modal.submit(e_mail_addresses=NEW)

    text = sue.modal.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "2 people were added, and get what was released here before (1 file)." in text
    assert await heard_by(sam, "Prices") == 1
    assert await heard_by(gus, "Prices") == 1
    await sam.press("Open", in_="DM")
    assert "Prices" in (await sam.modal.opened()).text


async def test_who_is_removed_opens_nothing_from_that_moment_and_who_is_put_back_does_again(
    sue: Person, sam: Person, house: House
) -> None:
    await house.sent("Prices")
    await added(house, "sam")
    assert await heard_by(sam, "Prices") == 1
    async with house.changing("sue") as tx:
        recipient = await tx.spaces.recipient_of_person(house.ids["sam"])
        assert recipient
        await remove(tx, house.space.id, recipient.id)

    assert NOT_YOURS in await sam.press("Open", in_="DM")

    await added(house, "sam")
    await sam.press("Open", in_="DM")
    assert "Prices" in (await sam.modal.opened()).text
    assert await heard_by(sam, "Prices") == 1


async def test_who_was_removed_before_they_were_told_is_told_nothing(
    sam: Person, house: House, wavepost: Wavepost
) -> None:
    await house.sent("Prices")
    async with house.changing("sue") as tx:
        await add_all(tx, house.space.id, [house.ids["sam"]], "")
        recipient = await tx.spaces.recipient_of_person(house.ids["sam"])
        assert recipient
        await remove(tx, house.space.id, recipient.id)

    async with asyncio.timeout(PATIENCE):
        while await counted(house.store, "jobs WHERE state IN ('waiting', 'running')"):
            await asyncio.sleep(LOOK_EVERY)
    assert await counted(house.store, "deliveries") == 2
    assert await sam.messages("DM") == []


async def test_many_who_add_the_same_people_at_once_add_and_tell_them_once(
    sam: Person, house: House
) -> None:
    await house.sent("Prices")

    outcomes = await asyncio.gather(*(added(house, "sam", pasted=NEW) for _ in range(AT_ONCE)))

    assert sorted(len(each.added) for each in outcomes) == [0] * (AT_ONCE - 1) + [2]
    assert await counted(house.store, "space_members") == 4
    assert await counted(house.store, "recipients") == 4
    assert await heard_by(sam, "Prices") == 1


async def test_many_who_name_a_new_organisation_at_once_make_one(house: House) -> None:
    async def one(number: int) -> None:
        async with house.changing("sue") as tx:
            await make(tx, "Café Zwölf", f"Menus {number}")

    await asyncio.gather(*(one(number) for number in range(AT_ONCE)))

    assert await counted(house.store, "organisations WHERE folded = 'cafe zwolf'") == 1
    assert await counted(house.store, "spaces") == AT_ONCE + 1


async def test_who_comes_while_a_file_is_released_gets_it_once(sam: Person, house: House) -> None:
    await asyncio.gather(house.sent("Prices"), added(house, "sam"), house.sent("Wines"))

    assert await heard_by(sam, "Prices") == 1
    assert await heard_by(sam, "Wines") == 1
    assert await counted(house.store, "deliveries") == 6


async def test_nobody_is_added_to_a_space_that_is_closed_at_once(house: House) -> None:
    async def closing() -> None:
        async with house.changing("lea") as tx:
            await close(tx, house.space.id)

    both = await asyncio.gather(closing(), added(house, "sam"), return_exceptions=True)

    refused = [each for each in both if isinstance(each, Refused)]
    members = await counted(house.store, "space_members")
    assert members == (2 if refused else 3)


async def test_one_person_cannot_be_brought_into_two_organisations_at_once(house: House) -> None:
    async with house.changing("sue") as tx:
        other = await make(tx, "Acme2", "Menus")

    async def into(space_id: UUID) -> Outcome:
        async with house.changing("sue") as tx:
            return await add_all(tx, space_id, [house.ids["sam"]], NEW)

    both = await asyncio.gather(into(house.space.id), into(other.id))

    assert [len(each.added) + len(each.problems) for each in both] == [2, 2]
    async with house.store.reading() as reading:
        row = await reading.spaces.recipient_of_person(house.ids["sam"])
        outside = await reading.spaces.recipient_by_email(NEW)
    assert row
    assert outside
    assert await counted(house.store, f"recipients WHERE name = '{row.name}'") == 1
    assert await counted(house.store, f"recipients WHERE email = '{NEW}'") == 1
