"""What who follows hears: digests, and what is said at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.assembly import Wavepost, tidy
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.concerned import concerned_by
from handlers.digests import tell_due
from rules.following import Kind, Pace, Subject
from store.session import Store
from tests.handlers.following.heard import JOE, NEXT, NOODLE, SAM, moved, paces, untold, zone
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, run

PATIENCE = 30
"""Seconds until a test that hangs is given up."""


async def now_is(store: Store, now: datetime) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(now)


async def told(store: Store) -> None:
    """All that is due was told: here, or by the clock of the Wavepost under test."""
    query = text("SELECT count(*) FROM tidings WHERE message_id IS NULL AND due_at <= :now")
    due = 1
    async with asyncio.timeout(PATIENCE):
        while due:
            await tell_due(store)
            async with store.reading() as reading:
                now = {"now": await reading.clock.now()}
                due = (await reading.connection.execute(query, now)).scalar_one()


async def shops_that_moved(store: Store, world: World, number: int) -> None:
    """So many customers of the owner get another date, called "Shop C-000" and so on."""
    customers = [f"C-{each:03}" for each in range(number)]
    for customer in customers:
        world.customer(f"Shop {customer}", id=customer)
    await world.keep(store)
    await moved(store, "plan 2", *customers)
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))


async def heard(store: Store, person: Person) -> list[str]:
    """The first lines of what Wavepost said to somebody."""
    query = text(
        "SELECT fallback FROM outbox WHERE lane = :id AND cause = 'digest' ORDER BY number"
    )
    async with store.reading() as reading:
        return list((await reading.connection.execute(query, {"id": person.id})).scalars())


async def test_one_digest_gathers_what_happened_at_the_reader_s_nine(
    vic: Person, store: Store
) -> None:
    await zone(store, vic, "America/New_York")
    for name in ("Joe's Pizza", "Noodle House", "Sam's Diner"):
        await vic.command(f"/wavepost follow {name}")
    await vic.choose("Muted")
    monday = datetime(2022, 1, 17, 15, tzinfo=UTC)
    await moved(store, "plan 2", JOE, SAM, at=monday)
    await moved(store, "plan 3", JOE, NOODLE, at=monday + timedelta(hours=2))
    nine = datetime(2022, 1, 18, 9, tzinfo=ZoneInfo("America/New_York"))
    await now_is(store, nine - timedelta(minutes=5))
    await told(store)
    assert await heard(store, vic) == []

    await now_is(store, nine)
    await told(store)
    await told(store)

    assert await heard(store, vic) == [
        glued("*News of what you follow:* 2 customers with another date")
    ]
    week = glued("*Noodle House* · 1 location from Mon 17 Jan 2022 to *Mon 24 Jan 2022*")
    await vic.sees(f"{week}: there was no room left", "DM")
    await vic.choose("Noodle House", "DM")
    await vic.sees(glued("*Noodle House* moves in the week of *Mon 24 Jan 2022*"), "DM")


async def test_who_moves_in_the_same_week_stands_in_one_line(vic: Person, store: Store) -> None:
    for name in ("Joe's Pizza", "Noodle House", "Sam's Diner"):
        await vic.command(f"/wavepost follow {name}")
    await moved(store, "plan 2", JOE, NOODLE)
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)

    week = glued("• From Mon 17 Jan 2022 to *Mon 24 Jan 2022*")
    both = glued("*Joe's Pizza* (1 location), *Noodle House* (1 location)")
    await vic.sees(f"{week}: {both} · there was no room left", "DM")


async def test_who_moves_again_and_again_is_told_with_the_first_date_and_the_one_that_holds(
    vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    for number in range(5):
        at = datetime(2022, 1, 17, 9 + number, tzinfo=UTC)
        was, becomes = (monday + timedelta(weeks=number) for monday in (FIRST_MONDAY, NEXT))
        await moved(store, f"plan {number}", JOE, at=at, was=was, becomes=becomes)
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)

    line = glued("*Joe's Pizza* · 1 location from Mon 17 Jan 2022 to *Mon 21 Feb 2022*")
    await vic.sees(line, "DM")


async def test_who_moves_and_moves_back_is_told_with_the_date_that_holds_first(
    vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    at = datetime(2022, 1, 17, 9, tzinfo=UTC)
    await moved(store, "plan 2", JOE, at=at)
    await moved(store, "plan 3", JOE, at=at + timedelta(hours=1), was=NEXT, becomes=FIRST_MONDAY)
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)

    line = glued("*Joe's Pizza* · 1 location from Mon 24 Jan 2022 to *Mon 17 Jan 2022*")
    await vic.sees(line, "DM")


async def test_days_that_pass_at_once_bring_one_digest(vic: Person, store: Store) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    for day in range(17, 22):
        at = datetime(2022, 1, day, 12, tzinfo=UTC)
        await moved(store, f"plan {day}", JOE, at=at)
    await now_is(store, datetime(2022, 2, 20, 9, tzinfo=UTC))
    await told(store)
    assert len(await heard(store, vic)) == 1


async def test_what_is_followed_at_once_is_said_at_once_but_not_at_night(
    vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    await vic.choose("Following: at once")
    await now_is(store, datetime(2022, 1, 17, 12, tzinfo=UTC))
    await moved(store, "plan 2", JOE)
    assert len(await heard(store, vic)) == 1
    await now_is(store, datetime(2022, 1, 17, 22, tzinfo=UTC))
    await moved(store, "plan 3", JOE)
    await told(store)
    assert len(await heard(store, vic)) == 1
    await now_is(store, datetime(2022, 1, 18, 8, tzinfo=UTC))
    await told(store)
    assert len(await heard(store, vic)) == 2


async def test_the_same_cause_is_told_once_however_many_ways_lead_to_a_person(
    owner: Person, store: Store
) -> None:
    for what in ("Joe's Pizza", "Main Street", "Ana Reyes", "every wave"):
        await owner.command(f"/wavepost follow {what}")
    await moved(store, "plan 2", JOE)
    await moved(store, "plan 2", JOE)
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)
    assert len(await heard(store, owner)) == 1


async def test_what_is_muted_or_stopped_meanwhile_is_not_told(vic: Person, store: Store) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    await moved(store, "plan 2", JOE)
    await vic.command("/wavepost follow Joe's Pizza")
    await vic.choose("Stop following")
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)
    assert await heard(store, vic) == []
    assert await untold(store, vic) == []


async def test_who_is_deactivated_hears_nothing_and_goes_on_later_without_the_old(
    vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Joe's Pizza")
    await moved(store, "plan 2", JOE, at=datetime(2022, 1, 17, 12, tzinfo=UTC))
    await run(store, "UPDATE people SET active = false WHERE id = :id", id=vic.id)
    await moved(store, "plan 3", JOE, at=datetime(2022, 1, 18, 12, tzinfo=UTC))
    await now_is(store, datetime(2022, 1, 20, 9, tzinfo=UTC))
    await told(store)
    assert await untold(store, vic) == []

    await run(store, "UPDATE people SET active = true WHERE id = :id", id=vic.id)
    await told(store)
    assert await heard(store, vic) == []
    assert await paces(store, vic) == {"Joe's Pizza": "daily"}
    await moved(store, "plan 4", JOE)
    await now_is(store, datetime(2022, 1, 21, 10, tzinfo=UTC))
    await told(store)
    assert len(await heard(store, vic)) == 1


async def test_guests_and_strangers_hear_nothing_whatever_they_followed_before(
    sandbox: Sandbox, wavepost: Wavepost, store: Store, world: World
) -> None:
    ids = [(await sandbox.person(name)).id for name in ("gus", "sam", "vic")]
    async with store.transaction(actor="test") as tx:
        for person in ids:
            await tx.subscriptions.choose(person, Subject(Kind.customer, JOE), Pace.instant)
        concerned = await concerned_by(tx, {Subject(Kind.customer, JOE)})
    ana = (await sandbox.person("ana")).id
    assert concerned == {ids[-1]: Pace.instant, ana: Pace.daily}


async def test_people_concerned_by_a_location_are_all_who_chose_what_it_is_part_of(
    owner: Person, vic: Person, store: Store
) -> None:
    await vic.command("/wavepost follow Main Street")
    location = Subject(Kind.location, f"{JOE}-L1")
    async with store.reading() as reading:
        assert await concerned_by(reading, {location}) == {
            owner.id: Pace.daily,
            vic.id: Pace.daily,
        }


async def test_five_hundred_that_moved_are_one_message_with_all_to_be_seen(
    owner: Person, store: Store, world: World
) -> None:
    await shops_that_moved(store, world, 500)
    await told(store)

    assert await heard(store, owner) == [
        glued("*News of what you follow:* 500 customers with another date")
    ]
    await owner.sees("*Shop C-004* (1\N{NO-BREAK SPACE}location) and 495 more", "DM")
    await owner.press("See all 500", "DM")
    await owner.sees("1–15 of 500", "DM")
    await owner.press("Last", "DM")
    await owner.sees("496–500 of 500", "DM")
    await owner.sees("Shop C-499", "DM")


@pytest.mark.parametrize(("days", "words"), [(89, "1–15 of 20"), (91, "It is not kept any more.")])
async def test_what_was_told_is_shown_again_for_ninety_days(
    owner: Person, store: Store, world: World, days: int, words: str
) -> None:
    await shops_that_moved(store, world, 20)
    await told(store)
    await moved(store, "plan 3", JOE)
    await owner.sees("See all 20", "DM")
    await run(store, "UPDATE outbox SET said_at = now() - make_interval(days => :days)", days=days)
    await tidy(store)

    await owner.press("See all 20", "DM")

    await owner.sees(words, "DM")
    assert await untold(store, owner) == ["plan 3"]
