"""Rolling back over the real database: task by task, who hears of it, and what cannot be."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.assembly import mind_waves
from handlers.errors import Refused
from handlers.rollback_confirming import confirm, hand_over, under_way
from handlers.rolling_back import WayBack, begin_rollback
from handlers.running import start_wave, take_steps, take_wave_step
from handlers.wave_turn import Wish
from rules import wave_life
from rules.location_life import State, Step, Who, replay
from rules.roles import Kind, Role
from rules.rollback import TASKS
from store.people import PersonRow
from store.session import Store
from tests.world import ANA as ANAS
from tests.world import FIRST_MONDAY, World, counted, heard

WEEK = FIRST_MONDAY
NOW = datetime(2022, 1, 17, 14, tzinfo=UTC)
ANA, LEA, BEN, EVE = "U1ANA", "U3LEA", "U4BEN", "U5EVE"
OMARS = "omar@northwind.example"
ONE, TWO, THREE = "joes-L1", "joes-L2", "joes-L3"
OWNERS = {"tell": ANA, "old on": LEA, "new off": LEA, "orders": ANA}


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Joe's has three locations in the wave, two of which moved; Omar, who left, owns Cleo's, which moved."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={WEEK: 3}, csa=ANAS, locations=["Dock", "Main"])
    world.customer("Cleo's", id="cleos", weeks={WEEK: 1}, csa=OMARS)
    await world.keep(store)
    people = {ANA: "ana", LEA: "lea", BEN: "ben", EVE: "eve"}
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW)
        await tx.people.keep(
            PersonRow(id=id_, name=name, kind=Kind.member, email=f"{name}@northwind.example")
            for id_, name in people.items()
        )
        await tx.roles.give(LEA, Role.lead, by="test")
        await tx.roles.give(BEN, Role.approver, by="test")
    async with store.transaction(actor=LEA) as tx:
        await start_wave(tx, WEEK, by=LEA, who=wave_life.Who.lead)
        wishes = [Wish(each, Step.migrate) for each in (ONE, TWO, "cleos-L1")]
        await take_steps(tx, WEEK, wishes, by=LEA, who=Who.lead)
    await heard(store)


async def began(
    store: Store, *locations: str, whole: bool = False, is_rehearsal: bool = False
) -> int:
    which = None if whole else locations
    async with store.transaction(actor=BEN) as tx:
        return await begin_rollback(tx, WayBack(WEEK, "Orders are lost", which, is_rehearsal))


async def done(
    store: Store, number: int, task: str, *locations: str, by: str | None = None
) -> None:
    by = by or OWNERS[task]
    async with store.transaction(actor=by) as tx:
        under = await under_way(tx, number, for_change=True)
        await confirm(tx, under, task, locations, is_lead=by == LEA)


async def handed(store: Store, number: int) -> None:
    async with store.transaction(actor=ANA) as tx:
        under = await under_way(tx, number, for_change=True)
        await hand_over(tx, under, ANA, EVE, note="I am away from noon")


async def paused(store: Store) -> None:
    async with store.transaction(actor=LEA) as tx:
        wave = await tx.waves.get(WEEK)
        assert wave
        step, who = wave_life.Step.pause, wave_life.Who.lead
        taken = wave_life.Taken(step, LEA, who, wave.version, NOW, "Orders are lost")
        await take_wave_step(tx, WEEK, taken)
    await heard(store)


async def states(store: Store) -> dict[str, State]:
    """Where each location stands; its steps lead there too."""
    found = {}
    async with store.reading() as reading:
        for row in await reading.wave_locations.of(WEEK):
            steps = await reading.wave_locations.steps(WEEK, row.location_id)
            standing = replay((each.taken, wave_life.State(each.wave_state)) for each in steps)
            assert standing.state is State(row.state)
            found[row.location_id] = standing.state
    return found


async def refused(store: Store, locations: Sequence[str] = (), *, whole: bool = False) -> str:
    with pytest.raises(Refused) as why:
        await began(store, *locations, whole=whole)
    return why.value.plain.replace("\N{NO-BREAK SPACE}", " ")


async def test_locations_go_back_task_by_task_and_are_in_the_plan_again(store: Store) -> None:
    number = await began(store, ONE, TWO)
    assert (await states(store))[ONE] is State.rolling_back
    told = await heard(store)
    assert {lane: len(said) for lane, said in told.items()} == {ANA: 1, LEA: 1, BEN: 1}
    assert "*2 tasks wait for you*" in told[ANA][0]
    assert "Nothing waits for you just now" in told[LEA][0]
    assert "Orders are lost" in told[BEN][0]
    assert (
        "Main is on its way back to the old system already (ben had it rolled back"
        in await refused(store, [TWO])
    )

    await done(store, number, "tell", ONE)
    told = await heard(store)
    assert list(told) == [LEA], "who has something to do again gets a new message"
    assert "*1 task waits for you*" in told[LEA][0]
    with pytest.raises(Refused, match="comes first"):
        await done(store, number, "new off", ONE)
    with pytest.raises(Refused, match="or a lead confirms this"):
        await done(store, number, "old on", ONE, by=EVE)
    with pytest.raises(Refused, match="confirmed this"):
        await done(store, number, "tell", ONE)

    await done(store, number, "tell", TWO)
    for task in TASKS[1:]:
        await done(store, number, task.key, ONE)
    assert (await states(store))[ONE] is State.returned
    assert (await states(store))[TWO] is State.rolling_back
    await heard(store)
    for task in TASKS[1:]:
        await done(store, number, task.key, TWO)
    told = await heard(store)
    for person in (ANA, LEA, BEN):
        assert sum("are on the old system again" in said for said in told[person]) == 1
    assert await counted(store, "jobs WHERE kind = 'draft plan' AND given->>'why' <> ''") == 1
    async with store.reading() as reading:
        assert await reading.rollbacks.open() == []

    assert "Dock is back in the plan" in await refused(store, [ONE])


async def test_a_whole_wave_goes_back_once_it_is_paused_and_nobody_is_half_way(
    store: Store,
) -> None:
    assert "only one that is paused goes back as a whole" in await refused(store, whole=True)
    async with store.transaction(actor=LEA) as tx:
        await take_steps(tx, WEEK, [Wish(THREE, Step.begin)], by=LEA, who=Who.lead)
    await paused(store)
    assert "just moving" in await refused(store, whole=True)
    async with store.transaction(actor=LEA) as tx:
        await take_steps(tx, WEEK, [Wish(THREE, Step.fail, "Menu sync")], by=LEA, who=Who.lead)
    await heard(store)

    number = await began(store, whole=True)
    told = await heard(store)
    assert {lane: len(said) for lane, said in told.items()} == {ANA: 1, LEA: 1, BEN: 1}
    assert "is rolled back*: 4 locations go back to the old system" in told[BEN][0]
    # Omar is not here, so what he would do is Lea's.
    await done(store, number, "tell", "cleos-L1", by=LEA)
    await done(store, number, "tell", ONE, TWO, THREE)
    for task in TASKS[1:3]:
        await done(store, number, task.key, ONE, TWO, THREE, "cleos-L1")
    await done(store, number, "orders", ONE, TWO, THREE)
    await done(store, number, "orders", "cleos-L1", by=LEA)
    assert set((await states(store)).values()) == {State.returned}
    async with store.reading() as reading:
        wave = await reading.waves.get(WEEK)
    assert wave
    assert wave.state == "rolled back"


async def test_who_has_not_moved_is_in_the_plan_again_when_the_whole_wave_goes_back(
    store: Store,
) -> None:
    await paused(store)
    await began(store, whole=True)
    assert (await states(store))[THREE] is State.returned
    assert "1 location that had not moved is back in the plan" in (await heard(store))[BEN][0]


async def test_a_rehearsal_takes_no_step_and_tells_only_who_takes_part(store: Store) -> None:
    before = await states(store)
    number = await began(store, ONE, is_rehearsal=True)
    told = await heard(store)
    assert set(told) == {ANA, LEA, BEN}
    assert all("Rehearsal" in said for each in told.values() for said in each)
    for task in TASKS:
        await done(store, number, task.key, ONE)
    told = await heard(store)
    assert all("Rehearsal" in said for each in told.values() for said in each)
    assert "*Rehearsal over*" in told[BEN][0]
    assert await states(store) == before
    assert await counted(store, "jobs WHERE kind = 'draft plan'") == 0


async def test_what_moved_too_long_ago_is_named_with_the_last_day(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW + timedelta(days=14))
    await began(store, ONE)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW + timedelta(days=15))
    said = await refused(store, [TWO])
    assert "The old system is gone: Main (until Mon 31 Jan 2022)" in said
    assert (await states(store))[TWO] is State.migrated


async def test_what_is_handed_over_is_told_with_the_note(store: Store) -> None:
    number = await began(store, ONE)
    await heard(store)
    await handed(store, number)
    told = await heard(store)
    assert list(told) == [EVE]
    assert "I am away from noon" in told[EVE][0]
    await done(store, number, "tell", ONE, by=EVE)
    with pytest.raises(Refused, match="Nothing is left"):
        await handed(store, number)


async def test_the_tasks_of_somebody_who_left_are_the_leads_once(store: Store) -> None:
    number = await began(store, ONE)
    await heard(store)
    async with store.transaction(actor="test") as tx:
        gone = PersonRow(
            id=ANA, name="ana", kind=Kind.member, email="ana@northwind.example", active=False
        )
        await tx.people.keep([gone])
    await asyncio.gather(*(mind_waves(store) for _ in range(3)))
    told = await heard(store)
    assert {lane: len(said) for lane, said in told.items()} == {LEA: 1}
    assert f"<@{ANA}> has left, so this is in your hand now" in told[LEA][0]
    await done(store, number, "tell", ONE, by=LEA)


async def test_an_approver_who_leaves_is_followed_by_the_next_or_the_leads_are_told(
    store: Store,
) -> None:
    await paused(store)
    async with store.transaction(actor="test") as tx:
        await tx.roles.take(BEN, Role.approver)
    await asyncio.gather(*(mind_waves(store) for _ in range(3)))
    told = await heard(store)
    assert {lane: len(said) for lane, said in told.items()} == {LEA: 1}
    assert "nobody can decide about it any more" in told[LEA][0]

    async with store.transaction(actor="test") as tx:
        await tx.roles.give(EVE, Role.approver, by="test")
    await asyncio.gather(*(mind_waves(store) for _ in range(3)))
    told = await heard(store)
    assert {lane: len(said) for lane, said in told.items()} == {EVE: 1}
    assert "*You decide:*" in told[EVE][0]
