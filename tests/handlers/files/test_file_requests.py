"""Asking a sender for a file: a new link to what expired, or access; each is answered by one press."""

import asyncio
from uuid import UUID

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.files import file_days_knock
from handlers.files.access_asking import ask_for_access
from handlers.files.space_keeping import close
from handlers.files.taking import take
from rules.file_days import usual_end
from rules.file_life import State, Step, Who
from store.shared_files import SharedFile
from tests.conftest import PATIENCE
from tests.handlers.files.release_world import House, heard_by, messages
from tests.post_office import until
from tests.store import parcels_given
from tests.world import counted, run

LOOK_EVERY = 0.05


async def expired(house: House, gus: Person) -> SharedFile:
    [file] = await house.sent("Menus")
    assert await heard_by(gus, "sent you a file") == 1
    await house.on(31)
    await file_days_knock.knock(house.store, None)
    assert await gus.sees("Ask for a new link", in_="DM")
    return file


async def test_a_new_link_is_asked_for_and_given_with_one_press_each(
    house: House, sue: Person, gus: Person
) -> None:
    file = await expired(house, gus)
    for _ in range(2):
        assert (await gus.press("Ask for a new link", in_="DM")).ok
    assert await gus.sees("is asked to let you have it again")
    assert await heard_by(sue, "asks for “Menus”") == 1
    assert await heard_by(sue, "lets everybody have it again who had it, for 30 days") == 1
    assert (await sue.press("Give a new link", in_="DM")).ok
    given = await house.file(file.id)
    assert given.state is State.released
    async with house.store.reading() as reading:
        person = (await reading.people.asking(house.ids["sue"])).person
    assert person
    assert given.row.expires_at == usual_end(given.row.state_since, person.timezone)
    assert await heard_by(gus, "lets you have *Menus* again") == 1

    async def opens_again() -> bool:
        return "file_open" in (await messages(gus))[0]

    await until(opens_again)


async def test_who_asked_reads_that_they_do_not_get_it(
    house: House, sue: Person, gus: Person
) -> None:
    file = await expired(house, gus)
    await gus.press("Ask for a new link", in_="DM")
    assert await sue.sees("Decline", in_="DM")
    assert (await sue.press("Decline", in_="DM")).ok
    assert (await house.file(file.id)).state is State.expired
    assert await heard_by(gus, "did not give you *Menus*") == 1
    for days, asked, read in ((31, 1, "I did not ask them again"), (33, 2, "is asked to let")):
        await house.on(days)
        assert read in await gus.press("Ask for a new link", in_="DM")
        assert await counted(house.store, "access_requests") == asked


async def access_asked(house: House, address: str = "", organisation: str = "") -> SharedFile:
    """Somebody comes by Gus's link: with an address that proves nothing, or proven, of an organisation."""
    [file] = await house.sent("Menus")
    async with house.changing() as tx:
        gus = await tx.spaces.recipient_of_person(house.ids["gus"])
        assert gus
        delivery = await tx.deliveries.of(file.id, gus.id)
        assert delivery
        recipient = None
        if organisation:
            space = await parcels_given.space(tx, "Recipes", organisation)
            recipient = await parcels_given.member(tx, space, address)
        now = await tx.clock.now()
        await ask_for_access(tx, delivery, now, recipient=recipient, address=address)
    return file


async def test_an_unproven_address_is_let_in_by_the_sender_alone_and_gets_it_then(
    house: House, sue: Person
) -> None:
    file = await access_asked(house, "new@acme.example")
    assert await sue.sees("They proved nothing")
    assert await sue.sees("makes them a member of the space *Acme Foods · Menus*", in_="DM")
    assert (await sue.press("Add them to Menus", in_="DM")).ok
    async with house.store.reading() as reading:
        recipient = await reading.spaces.recipient_by_email("new@acme.example")
        assert recipient
        assert await reading.spaces.is_member(recipient.id, [house.space.id])
    await delivered(house, file.id, recipient.id)
    assert await counted(house.store, "audit WHERE action = 'joined a space'") == 1


async def delivered(house: House, file: UUID, recipient: UUID) -> None:
    """Wait until a job has delivered a file to a recipient."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with house.store.reading() as reading:
                if await reading.deliveries.of(file, recipient):
                    return
            await asyncio.sleep(LOOK_EVERY)


async def test_nobody_is_let_into_a_space_that_was_closed(house: House, sue: Person) -> None:
    await access_asked(house, "new@acme.example")
    assert await sue.sees("Add them to Menus", in_="DM")
    async with house.changing("lea") as tx:
        await close(tx, house.space.id)
    assert "Menus was closed" in str(await sue.press("Add them to Menus", in_="DM"))
    assert await counted(house.store, "recipients WHERE email = 'new@acme.example'") == 0


async def test_nobody_is_let_in_for_a_file_that_was_revoked(house: House, sue: Person) -> None:
    file = await access_asked(house, "new@acme.example")
    assert await sue.sees("Add them to Menus", in_="DM")
    async with house.changing("sue") as tx:
        held = await tx.shared_files.get(file.id, for_change=True)
        assert held
        now, sender = await tx.clock.now(), house.ids["sue"]
        await take(tx, held, Step.revoke, by=sender, who=Who.sender, now=now, words="Wrong.")
    assert "@Sue Sender revoked it" in str(await sue.press("Add them to Menus", in_="DM"))
    assert await counted(house.store, "recipients WHERE email = 'new@acme.example'") == 0


async def test_nobody_of_another_organisation_is_let_in_however_much_is_pressed(
    house: House, sue: Person
) -> None:
    await access_asked(house, "spy@acme2.example", "Acme2 Foods")
    assert await sue.sees("They belong to *Acme2 Foods*", in_="DM")
    assert await sue.sees("`/share Acme2 Foods` opens the form for a space of theirs", in_="DM")
    told = (await messages(sue))[-1]
    assert "file_request_decline" in told
    assert "file_request_give" not in told


async def test_a_typed_address_that_is_another_organisations_is_not_let_in(
    house: House, sue: Person
) -> None:
    async with house.changing() as tx:
        other = await parcels_given.space(tx, "Recipes", "Acme2 Foods")
        spy = await parcels_given.member(tx, other, "spy@acme2.example")
    await access_asked(house, "spy@acme2.example")
    assert await sue.sees("Add them to Menus", in_="DM")
    answer = await sue.press("Add them to Menus", in_="DM")
    assert "belongs to Acme2 Foods" in str(answer)
    async with house.store.reading() as reading:
        assert not await reading.spaces.is_member(spy.id, [house.space.id])


async def test_pressed_twice_it_is_answered_once(house: House, sue: Person, gus: Person) -> None:
    await expired(house, gus)
    await gus.press("Ask for a new link", in_="DM")
    assert await sue.sees("Give a new link", in_="DM")
    await asyncio.gather(*(sue.press("Give a new link", in_="DM") for _ in range(2)))
    assert await heard_by(gus, "lets you have *Menus* again") == 1
    async with house.store.reading() as reading:
        assert await reading.access_requests.open_for(house.ids["sue"]) == []


async def test_where_the_sender_has_left_the_leads_are_asked(
    house: House, sandbox: Sandbox, gus: Person
) -> None:
    await expired(house, gus)
    left = "UPDATE people SET active = false WHERE id = :id"
    await run(house.store, left, id=house.ids["sue"])
    await gus.press("Ask for a new link", in_="DM")
    lea = await sandbox.person("lea")
    assert await lea.sees("Give a new link", in_="DM")
    assert (await lea.press("Give a new link", in_="DM")).ok
    assert await heard_by(gus, "lets you have *Menus* again") == 1
