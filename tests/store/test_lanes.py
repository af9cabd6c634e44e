"""Leases: who has a lane, and whose word counts."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, text

from store.lanes import Errand, Lanes, Parcel
from store.outbox import Message, State
from store.session import Store

LONG = timedelta(seconds=30)
NOW = timedelta()
AT_ONCE = timedelta(milliseconds=1)


async def say(store: Store, lane: str, *texts: str) -> None:
    async with store.transaction(actor="test") as tx:
        for words in texts:
            tx.say(Message(lane, words, [], cause="test"))


async def lease(store: Store, *, most: int = 20, interval: timedelta = AT_ONCE) -> list[Parcel]:
    async with store.transaction(actor="courier") as tx:
        return await Lanes(tx.connection).lease(most=most, duration=LONG, interval=interval)


async def lease_one(store: Store) -> Parcel:
    [parcel] = await lease(store)
    return parcel


async def lease_lost(store: Store) -> Parcel:
    """A parcel whose lease has run out already."""
    parcel = await lease_one(store)
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(text("UPDATE lanes SET leased_until = now()"))
    return parcel


async def end(
    store: Store, parcel: Parcel, state: State = State.delivered, pause: timedelta = NOW
) -> bool:
    async with store.transaction(actor="courier") as tx:
        return await Lanes(tx.connection).end(parcel, state, pause=pause, ts="1.0")


async def again(store: Store, parcel: Parcel, state: State) -> None:
    async with store.transaction(actor="courier") as tx:
        await Lanes(tx.connection).again(parcel, state, pause=NOW)


async def row(store: Store, query: str) -> Row[Any]:
    async with store.reading() as reading:
        return (await reading.connection.execute(text(query))).one()


async def taken_over(store: Store) -> tuple[Parcel, Parcel]:
    """A lane whose first lease ran out, and which another courier has now."""
    await say(store, "C1", "one", "two")
    late = await lease_lost(store)
    return late, await lease_one(store)


async def test_a_leased_lane_is_nobody_elses(store: Store) -> None:
    await say(store, "C1", "one")
    first = await lease_one(store)
    assert first.errand is Errand.send
    assert await lease(store) == []


async def test_only_the_head_of_a_lane_is_given_out(store: Store) -> None:
    await say(store, "C1", "one", "two")
    await say(store, "C2", "uno")
    assert {parcel.fallback for parcel in await lease(store)} == {"one", "uno"}


async def test_a_lane_pauses_after_a_message(store: Store) -> None:
    await say(store, "C1", "one", "two")
    await end(store, await lease_one(store), pause=LONG)
    assert await lease(store) == []


async def test_a_message_whose_courier_went_away_is_looked_for_not_sent(store: Store) -> None:
    late, finder = await taken_over(store)
    assert finder.id == late.id
    assert finder.errand is Errand.look
    assert finder.tried_at == late.tried_at
    assert finder.tries == 1


async def test_a_late_delivery_counts_once_and_leaves_the_other_its_lease(store: Store) -> None:
    late, finder = await taken_over(store)

    assert await end(store, late) is True
    lane = await row(store, "SELECT done_number, leased_by FROM lanes")
    assert (lane.done_number, lane.leased_by) == (1, finder.lease)
    assert await lease(store) == [], "nobody sends while the finder has the lane"

    assert await end(store, finder) is False
    lane = await row(store, "SELECT done_number, leased_by FROM lanes")
    assert (lane.done_number, lane.leased_by) == (1, None)
    assert (await lease_one(store)).fallback == "two"


async def test_a_late_delivery_counts_although_a_look_missed_it(store: Store) -> None:
    late, finder = await taken_over(store)
    await again(store, finder, State.waiting)
    assert await end(store, late) is True
    assert (await lease_one(store)).fallback == "two"


@pytest.mark.parametrize("state", [State.failed, State.uncertain])
async def test_a_late_failure_is_not_believed(store: Store, state: State) -> None:
    late, finder = await taken_over(store)
    assert await end(store, late, state) is False
    assert (await row(store, "SELECT leased_by FROM lanes")).leased_by == finder.lease
    assert (await row(store, "SELECT state FROM outbox WHERE number = 1")).state == "unknown"


@pytest.mark.parametrize("state", [State.waiting, State.unknown])
async def test_a_late_wish_to_try_again_changes_nothing(store: Store, state: State) -> None:
    late, finder = await taken_over(store)
    await again(store, finder, State.waiting)
    resender = await lease_one(store)
    assert resender.errand is Errand.send
    await again(store, late, state)
    assert (await row(store, "SELECT leased_by FROM lanes")).leased_by == resender.lease
    assert (await row(store, "SELECT state FROM outbox WHERE number = 1")).state == "sending"


async def test_an_outcome_told_twice_ends_one_message(store: Store) -> None:
    await say(store, "C1", "one", "two")
    parcel = await lease_one(store)
    assert await end(store, parcel) is True
    assert await end(store, parcel) is False
    assert (await row(store, "SELECT done_number FROM lanes")).done_number == 1


async def test_no_time_is_left_once_another_has_the_lane(store: Store) -> None:
    late, finder = await taken_over(store)
    async with store.reading() as reading:
        lanes = Lanes(reading.connection)
        assert await lanes.time_left(late) == timedelta()
        assert timedelta() < await lanes.time_left(finder) <= LONG


async def test_turns_are_an_interval_apart_for_all_couriers(store: Store) -> None:
    for lane in ("C1", "C2", "C3", "C4"):
        await say(store, lane, "one")
    step = timedelta(milliseconds=250)
    mine = await lease(store, most=2, interval=step)
    theirs = await lease(store, most=2, interval=step)
    assert [parcel.turn_in for parcel in mine] == [0.0, 0.25]
    assert 0.25 < theirs[0].turn_in <= 0.5
    assert theirs[1].turn_in - theirs[0].turn_in == pytest.approx(0.25)


async def test_lanes_whose_turn_is_far_stay_free(store: Store) -> None:
    for n in range(10):
        await say(store, f"C{n}", "one")
    step = timedelta(milliseconds=500)
    assert len(await lease(store, interval=step)) == 2
    assert len(await lease(store, interval=step)) <= 1


async def test_a_rare_pace_still_gives_out_one(store: Store) -> None:
    await say(store, "C1", "one")
    assert len(await lease(store, interval=timedelta(minutes=1))) == 1


async def test_a_message_said_while_its_lane_is_emptied_is_next(store: Store) -> None:
    await say(store, "C1", "0")
    for n in range(1, 30):
        parcel = await lease_one(store)
        assert parcel.fallback == str(n - 1)
        await asyncio.gather(end(store, parcel), say(store, "C1", str(n)))


async def test_couriers_that_race_share_out_the_lanes(store: Store) -> None:
    lanes, rounds = 6, 8
    for n in range(rounds):
        for lane in range(lanes):
            await say(store, f"C{lane}", f"{n}")
    sent: dict[str, list[str]] = {f"C{lane}": [] for lane in range(lanes)}

    async def courier() -> None:
        while parcels := await lease(store, most=3):
            for parcel in parcels:
                sent[parcel.lane].append(parcel.fallback)
                await end(store, parcel)

    async with asyncio.timeout(20):
        await asyncio.gather(*(courier() for _ in range(5)))
        await courier()
    assert list(sent.values()) == [[f"{n}" for n in range(rounds)]] * lanes


async def test_a_late_outcome_and_a_new_lease_do_not_deadlock(store: Store) -> None:
    async with asyncio.timeout(30):
        for n in range(20):
            await say(store, "C1", f"{n}")
            late = await lease_lost(store)
            ended, leased = await asyncio.gather(end(store, late), lease(store))
            assert ended is True
            for finder in leased:
                await end(store, finder)
    async with store.reading() as reading:
        assert await reading.waiting_messages() == 0


async def said_already(store: Store) -> Message:
    """A message that stands in Slack."""
    said = Message("C1", "one", [], cause="test")
    async with store.transaction(actor="test") as tx:
        tx.say(said)
    await end(store, await lease_one(store))
    return said


async def say_anew(store: Store, said: Message, words: str) -> None:
    async with store.transaction(actor="test") as tx:
        tx.say(Message(said.to, words, [], cause="test", updates=said.id))


async def test_an_update_whose_courier_went_away_is_made_again(store: Store) -> None:
    await say_anew(store, await said_already(store), "one, better")
    late = await lease_lost(store)
    again = await lease_one(store)
    assert (late.errand, again.errand) == (Errand.update, Errand.update)
    assert again.stands_at == "1.0"


async def test_an_update_under_way_is_not_superseded(store: Store) -> None:
    said = await said_already(store)
    await say_anew(store, said, "half")
    under_way = await lease_one(store)
    await say_anew(store, said, "done")
    assert (await row(store, "SELECT state FROM outbox WHERE fallback = 'half'")).state == "sending"
    await end(store, under_way)
    assert (await lease_one(store)).fallback == "done"
