"""What a sender does with files that are out, and what recipients see of it."""

import asyncio

import pytest

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.files.ended import REVOKED, tell_ended
from handlers.files.handing_out import deliver_to_new_member
from handlers.files.holding import set_held
from handlers.files.releasing import let_out, release, spread
from handlers.files.revoking import revoke
from handlers.files.rounds import hand_out_in_rounds
from handlers.files.taking import held
from rules.clearance import Classification
from rules.file_life import State, Who
from store.spaces import Space
from tests.handlers.files.release_world import SEALED, House, heard_by, messages
from tests.world import counted


async def card(person: Person, number: int) -> None:
    assert (await person.command(f"/share {number}")).ok
    await person.modal.opened()


async def test_a_revoked_file_is_closed_at_once_and_who_had_it_reads_why_once(
    house: House, sue: Person, gus: Person
) -> None:
    menus, prices = await house.sent("Menus", "Prices")
    assert await heard_by(gus, "sent you 2 files") == 1
    await card(sue, menus.number)
    await sue.press("Revoke it", in_="modal")
    assert await sue.modal.submit(words="  ")
    assert await sue.modal.submit(words="Wrong prices in it") is None
    assert (await house.file(menus.id)).state is State.revoked
    assert (await house.file(prices.id)).state is State.released
    assert await heard_by(gus, "Wrong prices in it") == 1
    assert await gus.sees("It was revoked", in_="DM")
    first, told = await messages(gus)
    assert first.count("file_open") == 1
    assert "file_open" not in told
    assert "You did not download it, so there is nothing for you to do" in told
    assert await sue.sees("who had it reads why", in_="modal")
    assert sue.modal.depth == 1, "a window below would say that it is still out"
    said = sue.modal.text.replace("*", "")
    assert said.index("Revoked by") < said.index("None of its 2 recipients had opened it")


async def test_a_button_that_is_out_of_date_says_of_which_file_what_became_of_it_and_by_whom(
    house: House, sue: Person
) -> None:
    [file] = await house.sent("Menus")
    await card(sue, file.number)
    async with house.changing("lea") as tx:
        now, held_file = await tx.clock.now(), await held(tx, file.id)
        await revoke(tx, held_file, who=Who.lead, words="Wrong prices", now=now)
    await sue.press("Revoke it", in_="modal")
    assert await sue.sees("*Menus* (file 1): @Lea Lindqvist revoked it", in_="modal")


async def test_revoking_waits_for_a_release_that_runs_and_then_tells_whom_that_told(
    house: House, gus: Person
) -> None:
    [file] = await house.sent("Menus", **SEALED)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def released() -> None:
        async with house.changing("ben") as tx:
            found = await held(tx, file.id)
            begun.set()
            await go_on.wait()
            await release(tx, [found], by=house.ids["ben"], now=await tx.clock.now())

    async def revoked() -> None:
        await begun.wait()
        async with house.changing("sue") as tx:
            go_on.set()
            found = await held(tx, file.id)
            now = await tx.clock.now()
            await revoke(tx, found, who=Who.sender, words="Not yet", now=now)

    await asyncio.gather(released(), revoked())
    assert (await house.file(file.id)).state is State.revoked
    assert await heard_by(gus, "was revoked*") == 1


@pytest.mark.parametrize(
    ("first", "heard"),
    [
        ((), "before it came to anybody: nobody hears of it."),
        (("gus",), "when 1 person had it, who read why. 1 other never heard of it."),
        (("gus", "chef"), "when 2 people had it, who read why."),
    ],
)
async def test_who_sent_what_is_revoked_on_its_way_hears_once_how_far_it_came(
    house: House, sue: Person, gus: Person, first: tuple[str, ...], heard: str
) -> None:
    [file] = await house.sent("Menus", **SEALED)
    async with house.changing("ben") as tx:
        now = await tx.clock.now()
        guest = await tx.spaces.recipient_of_person(house.ids["gus"])
        assert guest
        members = {"gus": guest.id, "chef": house.outside.id}
        out = await let_out(tx, [await held(tx, file.id)], by=house.ids["ben"], now=now)
        await spread(tx, out, now, among=[members[each] for each in first])
        await hand_out_in_rounds(tx, out, by=house.ids["ben"])
        await revoke(tx, await held(tx, file.id), who=Who.lead, words="No", now=now)
    assert await heard_by(sue, "was released to *Acme Foods · Menus*, and revoked") == 1
    last = (await sue.reads("DM"))[-1].replace("\N{NO-BREAK SPACE}", " ")
    assert last.endswith(f"and revoked {heard}")
    assert await counted(house.store, "deliveries") == len(first)


async def test_who_left_the_space_hears_no_more_of_what_was_there(
    house: House, gus: Person
) -> None:
    [file] = await house.sent("Menus")
    assert await heard_by(gus, "sent you a file") == 1
    async with house.changing() as tx:
        recipient = await tx.spaces.recipient_of_person(house.ids["gus"])
        assert recipient
        await tx.spaces.remove(house.space.id, recipient.id, "test")
    async with house.changing("sue") as tx:
        assert await tell_ended(tx, await held(tx, file.id), REVOKED, by=tx.actor, why="x") == 0


async def test_somebody_elses_file_is_not_revoked_by_a_sender_but_by_a_lead(
    house: House, sandbox: Sandbox
) -> None:
    [file] = await house.sent("Menus")
    lea = await sandbox.person("lea")
    await card(lea, file.number)
    await lea.press("Revoke it", in_="modal")
    assert await lea.modal.submit(words="A mistake") is None
    assert (await house.file(file.id)).last
    assert (await house.file(file.id)).state is State.revoked


async def test_a_new_member_is_told_once_of_all_that_is_released_there(
    house: House, sandbox: Sandbox
) -> None:
    await house.sent("Menus", "Prices")
    await house.sent("Opening hours")
    await house.sent("Guests", classification=Classification.personal)
    sam = await sandbox.person("sam")
    row = await house.joined("sam")
    for _ in range(2):
        async with house.changing() as tx:
            space = await tx.spaces.get(house.space.id)
            assert isinstance(space, Space)
            await deliver_to_new_member(tx, space, row, await tx.clock.now())
    assert await heard_by(sam, "sent you 3 files for") == 1
    assert (await messages(sam))[0].count("file_open") == 3


async def test_members_who_come_while_a_file_is_released_get_it_and_are_told_once(
    house: House, sandbox: Sandbox
) -> None:
    [file] = await house.sent("Menus", **SEALED)
    sam = await sandbox.person("sam")

    async def released() -> None:
        async with house.changing("ben") as tx:
            now = await tx.clock.now()
            await release(tx, [await held(tx, file.id)], by=house.ids["ben"], now=now)

    async def added() -> None:
        row = await house.joined("sam")
        async with house.changing() as tx:
            space = await tx.spaces.get(house.space.id)
            assert space
            await deliver_to_new_member(tx, space, row, await tx.clock.now())

    await asyncio.gather(released(), added())
    assert await heard_by(sam, "sent you a file") == 1
    assert await counted(house.store, "deliveries") == 3


async def test_links_to_copy_are_new_ones_and_kept_nowhere_as_they_are(
    house: House, sue: Person
) -> None:
    await house.sent("Menus")
    await card(sue, 1)
    await sue.press("Links to copy", in_="modal")
    text = str(sue.modal.view)
    assert "/d/" in text
    assert "chef@acme.example" in text
    token = text.split("/d/")[1].split("'", maxsplit=1)[0].strip()
    async with house.store.reading() as reading:
        delivery = await reading.deliveries.by_link(token)
    assert delivery
    assert delivery.recipient_id == house.outside.id


async def test_a_file_that_is_held_says_so_and_is_let_go_of(house: House, sue: Person) -> None:
    [file] = await house.sent("Menus")
    await card(sue, file.number)
    await sue.press("Hold it", in_="modal")
    assert (await house.file(file.id)).row.is_held
    await sue.press("Let go of it", in_="modal")
    assert not (await house.file(file.id)).row.is_held


async def test_a_file_that_two_hold_at_once_is_held_and_only_a_lead_lets_go_of_it(
    house: House, sandbox: Sandbox, sue: Person
) -> None:
    [file] = await house.sent("Menus")
    lea = await sandbox.person("lea")
    for each in (sue, lea):
        await card(each, file.number)
    await asyncio.gather(*(each.press("Hold it", in_="modal") for each in (sue, lea)))
    assert (await house.file(file.id)).row.is_held
    await card(sue, file.number)
    assert "Let go of it" not in str(sue.modal.view)
    await card(lea, file.number)
    await lea.press("Let go of it", in_="modal")
    assert not (await house.file(file.id)).row.is_held


async def test_who_sent_a_file_does_not_let_go_of_what_a_lead_holds_meanwhile(
    house: House, sandbox: Sandbox, sue: Person
) -> None:
    [file] = await house.sent("Menus")
    lea = await sandbox.person("lea")
    await card(sue, file.number)
    await sue.press("Hold it", in_="modal")
    async with house.changing("lea") as tx:
        await set_held(tx, await held(tx, file.id), is_held=True)
    await sue.press("Let go of it", in_="modal")
    assert (await house.file(file.id)).row.is_held
    await card(lea, file.number)
    assert "Let go of it" in str(lea.modal.view)
