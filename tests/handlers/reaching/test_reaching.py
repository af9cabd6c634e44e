"""Who is in no channel that tells it hears it in their digest."""

import asyncio
from datetime import time, timedelta

import pytest

from bot.assembly import announce
from handlers.announced_digests import tell_left
from handlers.concerned import tell_concerned
from handlers.reach_report import of_week, report
from rules.announced import Breadth
from rules.following import Kind, News, Subject
from rules.reach import Way, Why
from store.session import Store
from tests.handlers.reaching.channels import (
    ANA,
    BEN,
    CLEO,
    DAN,
    DAY,
    EVERYBODY,
    NEXT,
    NINE,
    OF_BEN,
    PEOPLE,
    address,
    became,
    changed,
    dms,
    knock,
    members,
    moves,
    moves_to,
    scheduled,
)
from tests.world import FIRST_MONDAY, run


async def test_who_is_in_a_channel_that_will_tell_it_waits_for_that_and_the_others_get_a_digest(
    store: Store,
) -> None:
    await scheduled(store)
    await scheduled(store, OF_BEN, breadth=Breadth.csa, of=address(BEN), weekday=2)
    await members(store, EVERYBODY, ANA)
    await members(store, OF_BEN, BEN, DAN)
    await knock(store, NINE - timedelta(hours=1))
    assert await dms(store) == {}

    await knock(store, NINE)
    assert await dms(store) == {
        CLEO: [[moves(f"{CLEO}-1")]],
        DAN: [[moves(f"{ANA}-1"), moves(f"{CLEO}-1")]],
    }

    # This week's wave was announced after the digests of that Monday, so it is in those of Tuesday.
    await knock(store, NINE + DAY)
    assert (await dms(store))[CLEO] == [[moves(f"{CLEO}-1")], [moves(f"{CLEO}-0")]]
    await knock(store, NINE + 2 * DAY)
    await knock(store, NINE + 3 * DAY)
    assert set(await dms(store)) == {CLEO, DAN}


@pytest.mark.parametrize("trouble", ["archived", "failed"])
async def test_where_the_channel_got_nothing_its_people_get_a_digest_after_all(
    store: Store, trouble: str
) -> None:
    await scheduled(store)
    await members(store, EVERYBODY, *PEOPLE)
    await knock(store, NINE - timedelta(hours=1))
    if trouble == "archived":
        async with store.transaction(actor="test") as tx:
            await tx.channels.archive(EVERYBODY, archived=True)
    await moves_to(store, NINE)
    await announce(store, leads_channel="leads")
    await became(store, "failed")
    await tell_left(store)
    await knock(store, NINE + timedelta(seconds=15))
    assert set(await dms(store)) == set(PEOPLE)


@pytest.mark.parametrize("change", ["paused", "removed", "elsewhere"])
async def test_who_waited_for_a_schedule_that_does_not_say_it_any_more_gets_a_digest(
    store: Store, change: str
) -> None:
    await scheduled(store)
    id_ = await scheduled(store, OF_BEN, breadth=Breadth.csa, of=address(BEN), weekday=2)
    await members(store, EVERYBODY, ANA, CLEO, DAN)
    await members(store, OF_BEN, BEN)
    await knock(store, NINE)
    assert await dms(store) == {}
    await moves_to(store, NINE + timedelta(hours=3))
    await changed(store, id_, change)
    await knock(store, NINE + timedelta(hours=4))
    await knock(store, NINE + DAY)
    assert await dms(store) == {BEN: [[moves(f"{BEN}-0"), moves(f"{BEN}-1")]]}


async def test_what_became_known_between_the_look_and_the_digest_is_not_told_again(
    store: Store,
) -> None:
    await scheduled(store, at_time=time(7))
    await members(store, EVERYBODY, ANA, BEN, CLEO)
    await knock(store, NINE - timedelta(hours=2))
    await knock(store, NINE - timedelta(hours=1))
    async with store.reading() as reading:
        assert await reading.tidings.untold(DAN)
    await members(store, EVERYBODY, *PEOPLE)
    await knock(store, NINE + DAY)
    assert await dms(store) == {}


async def test_a_move_that_was_told_is_not_told_again_as_the_wave_that_comes(store: Store) -> None:
    subjects = frozenset({Subject(Kind.customer, f"{CLEO}-1")})
    facts = {"customer": f"{CLEO}-1", "week": str(NEXT), "from": None, "locations": 1}
    async with store.transaction(actor="test") as tx:
        await tell_concerned(tx, "plan 2", [News("promised", subjects, facts)])
    await knock(store, NINE - DAY)
    await knock(store, NINE - timedelta(hours=12))
    await knock(store, NINE)
    await knock(store, NINE + DAY)
    assert (await dms(store))[CLEO] == [[moves(f"{CLEO}-1")]]


async def test_several_replicas_look_once(store: Store) -> None:
    await moves_to(store, NINE - timedelta(hours=1))
    await asyncio.gather(*(tell_left(store) for _ in range(3)))
    async with store.reading() as reading:
        assert [each.cause for each in await reading.tidings.untold(CLEO)] == ["announced 1"]


async def test_a_report_says_how_each_was_reached_and_why_not(store: Store) -> None:
    await scheduled(store)
    await members(store, EVERYBODY, ANA, BEN)
    await run(store, "UPDATE people SET active = false WHERE id = :ben", ben=BEN)
    await run(store, "UPDATE people SET email = NULL WHERE id = :cleo", cleo=CLEO)
    await knock(store, NINE - timedelta(hours=1))
    await knock(store, NINE)
    async with store.transaction(actor=ANA) as tx:
        (one,) = await of_week(tx, FIRST_MONDAY, NINE + DAY)
        assert await tx.reach.press(one.id, ANA, NINE)
        assert not await tx.reach.press(one.id, ANA, NINE)
    async with store.reading() as reading:
        made = await report(reading, [one], NINE + DAY, beside=[one])
    ways = dict(zip(made.of.members, made.reach.of_people.tolist(), strict=True))
    why = {made.of.people[row]: why for row, why in made.reach.unreached}
    assert ways == {ANA: Way.pressed, BEN: Way.missed, DAN: Way.coming, address(CLEO): Way.missed}
    assert why == {BEN: Why.deactivated, address(CLEO): Why.absent}
