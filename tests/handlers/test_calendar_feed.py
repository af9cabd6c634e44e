"""/wavepost calendar: the address, what a calendar finds at it, and what becomes of an old one."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from store.session import Store
from tests.tls import TRUST
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, counted, run

NEXT = FIRST_MONDAY + timedelta(weeks=1)
OMAR = "omar@northwind.example"


@pytest.fixture
async def world(store: Store) -> World:
    """Joe's Pizza in two waves and Noodle House in one, of Ana; Sam's Diner of Omar."""
    world = World()
    world.customer("Joe's Pizza; Downtown, & Co", id="C-joe", weeks={FIRST_MONDAY: 2, NEXT: 1})
    world.customer("Noodle House", id="C-noodle", weeks={NEXT: 1})
    world.customer("Waiting Room", id="C-wait", unplaced=1)
    world.customer("Sam's Diner", id="C-sam", csa=OMAR, weeks={NEXT: 1})
    await world.keep(store)
    return world


def address_in(said: object) -> str:
    found = re.search(r"http\S+\.ics", str(said))
    assert found, said
    return found[0]


async def fetched(address: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(verify=TRUST) as calendar:
        return await calendar.get(address, headers=headers)


async def events_at(address: str) -> dict[str, Any]:
    """The entries by what they are called; the library types each value as a union of all there are."""
    answer = await fetched(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["summary"]): event for event in found}


@pytest.mark.usefixtures("world")
async def test_a_csa_gets_a_private_address_with_the_dates_of_their_own_customers(
    ana: Person, store: Store
) -> None:
    answer = await ana.command("/wavepost calendar")
    events = await events_at(address_in(answer))

    assert answer.is_private
    assert f"It holds {glued('3 dates')}" in answer
    assert "Google Calendar" in answer
    assert {name: event.decoded("dtstart") for name, event in events.items()} == {
        "Joe's Pizza; Downtown, & Co moves this week (part 1 of 2)": FIRST_MONDAY,
        "Joe's Pizza; Downtown, & Co moves this week (part 2 of 2)": NEXT,
        "Noodle House moves this week": NEXT,
    }
    assert await counted(store, "audit WHERE action = 'calendar address made'") == 1
    assert await counted(store, "interactions") == 0


@pytest.mark.usefixtures("world")
async def test_asked_again_the_address_is_the_same(ana: Person, store: Store) -> None:
    first = address_in(await ana.command("/wavepost calendar"))

    assert address_in(await ana.command("/wavepost calendar")) == first
    assert await counted(store, "audit WHERE action = 'calendar address made'") == 1


@pytest.mark.usefixtures("world")
async def test_a_date_that_moves_takes_its_entry_along_and_a_dropped_one_is_gone(
    ana: Person, store: Store
) -> None:
    address = address_in(await ana.command("/wavepost calendar"))
    before = (await events_at(address))["Noodle House moves this week"]
    await run(store, "UPDATE promises SET week = week + 14 WHERE customer_id = :id", id="C-noodle")
    await run(
        store,
        "INSERT INTO timeline (customer_id, event, facts, actor, happened_at) "
        "VALUES (:id, 'moved', '{}', 'U1', now())",
        id="C-noodle",
    )
    after = (await events_at(address))["Noodle House moves this week"]
    await run(store, "DELETE FROM promises WHERE customer_id = :id", id="C-noodle")

    assert after["uid"] == before["uid"]
    assert after.decoded("dtstart") == NEXT + timedelta(days=14)
    assert after["sequence"] > before["sequence"]
    assert after.decoded("last-modified") > before.decoded("last-modified")
    assert "Noodle House moves this week" not in await events_at(address)


@pytest.mark.usefixtures("world")
async def test_a_calendar_that_has_it_already_is_not_sent_it_again(
    ana: Person, store: Store
) -> None:
    address = address_in(await ana.command("/wavepost calendar"))
    tag = (await fetched(address)).headers["etag"]

    same = await fetched(address, **{"if-none-match": f'"other", W/{tag}'})
    await run(store, "UPDATE customers SET name = 'Soba House' WHERE id = 'C-noodle'")
    other = await fetched(address, **{"if-none-match": tag})

    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == tag
    assert other.status_code == 200
    assert "Soba House" in other.text


@pytest.mark.usefixtures("world")
async def test_what_is_followed_is_in_it_and_what_was_muted_is_not(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    vic = await sandbox.person("vic")
    empty = await vic.command("/wavepost calendar")
    await vic.command("/wavepost follow Sam's Diner")
    followed = await events_at(address_in(empty))
    await run(store, "UPDATE subscriptions SET pace = 'muted' WHERE person_id = :id", id=vic.id)

    assert "It is empty now" in empty
    assert list(followed) == ["Sam's Diner moves this week"]
    assert not await events_at(address_in(empty))
    assert wavepost.settings.address


@pytest.mark.usefixtures("world")
async def test_renewed_the_old_address_shows_nothing_at_once_and_says_where_to_ask(
    ana: Person, store: Store
) -> None:
    old = address_in(await ana.command("/wavepost calendar"))
    await ana.press("Renew the address")
    answer = await fetched(old)
    renewed = await ana.reads()

    assert address_in(renewed) != old
    assert await ana.sees("The old address shows nothing any more")
    assert answer.status_code == 410
    assert "Ask /wavepost calendar in Slack for the new one" in answer.text
    assert len(await events_at(address_in(renewed))) == 3
    assert await counted(store, "audit WHERE action = 'calendar address renewed'") == 1


@pytest.mark.usefixtures("world")
async def test_who_has_left_shows_nothing_any_more_whoever_has_their_address(
    ana: Person, store: Store
) -> None:
    address = address_in(await ana.command("/wavepost calendar"))
    await run(store, "UPDATE people SET active = false WHERE id = :id", id=ana.id)
    left = await fetched(address)
    await run(store, "UPDATE people SET active = true, kind = 'guest' WHERE id = :id", id=ana.id)
    guest = await fetched(address)

    assert (left.status_code, guest.status_code) == (404, 404)
    assert "nobody who may see dates now" in left.text
    assert "Noodle" not in left.text + guest.text


@pytest.mark.parametrize("secret", ["guess", "a" * 32, "%00", "%FF", "x" * 3_000])
async def test_a_guessed_address_is_nobodys(wavepost: Wavepost, secret: str) -> None:
    answer = await fetched(f"{wavepost.settings.address}/calendar/{secret}.ics")

    assert answer.status_code == 404
    assert "There is no calendar here" in answer.text


async def test_a_guest_gets_no_address(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> None:
    gus = await sandbox.person("gus")

    answer = await gus.command("/wavepost calendar", in_="DM")

    assert "You are here as a guest" in answer
    assert await counted(store, "calendar_feeds") == 0
    assert wavepost.settings.address
