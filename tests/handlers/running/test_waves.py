"""A wave starts, closes and is rolled back, over the real database."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import text

from handlers.errors import NotThere, Refused
from handlers.wave_refusals import refusal
from handlers.wave_turn import WAVEPOST, Wish
from rules import wave_life
from rules.life import NotNow, StepRefused
from rules.location_life import State, Step, Who
from store.promises import Promises
from store.session import Store
from tests.handlers.running.steps import (
    ALL,
    LEA,
    LEO,
    PAUSE,
    WAVE,
    WEEK,
    marked,
    migrate,
    parted,
    started,
    states,
    wave_state,
    wave_step,
)
from tests.post_office import until
from tests.world import run


async def test_a_wave_starts_with_who_is_promised_its_week_and_can_move(store: Store) -> None:
    standing = await started(store)

    assert standing.state is wave_life.State.running
    assert await states(store) == dict.fromkeys(ALL, State.planned)
    async with store.reading() as reading:
        steps = await reading.waves.steps(WEEK)
    assert [(step.step, step.by) for step in steps] == [("announce", LEA), ("start", LEA)]


async def test_a_wave_that_nobody_is_promised_or_can_move_in_does_not_start(store: Store) -> None:
    with pytest.raises(NotThere) as none:
        await started(store, date(2022, 2, 7))
    await run(store, "UPDATE locations SET status = 'offboarded'")

    with pytest.raises(Refused) as nobody:
        await started(store)

    assert "no wave in the week of Mon 7 Feb 2022" in parted(none.value.plain)
    assert f"Nobody is left to move in the week of {WAVE}" in parted(nobody.value.plain)
    async with store.reading() as reading:
        assert await reading.waves.get(WEEK) is None


async def test_a_wave_that_starts_waits_for_the_plan_that_is_being_published(
    store: Store,
) -> None:
    async with store.transaction(actor="planner") as tx:
        await Promises(tx.connection).lock()
        starting = asyncio.create_task(started(store))
        await until(lambda: _somebody_waits(store))
        moved = text("DELETE FROM promises WHERE location_id = 'joes-L1'")
        await tx.connection.execute(moved)

    await starting

    assert set(await states(store)) == {"joes-L2", "joes-L3"}


async def _somebody_waits(store: Store) -> bool:
    async with store.reading() as reading:
        waiting = text("""
            SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
                WHERE NOT granted AND datname = current_database())
        """)
        return bool((await reading.connection.execute(waiting)).scalar_one())


async def test_of_two_who_start_a_wave_at_once_the_second_is_told(store: Store) -> None:
    both = await asyncio.gather(started(store), started(store, by=LEO), return_exceptions=True)

    (refused,) = [each for each in both if isinstance(each, StepRefused)]
    assert isinstance(refused, NotNow)
    async with store.reading() as reading:
        told = await refusal(reading, WEEK, refused)
        assert len(await reading.waves.steps(WEEK)) == len(["announce", "start"])
    first = LEO if isinstance(both[0], StepRefused) else LEA
    assert parted(told.plain).startswith(f"The wave of {WAVE} is running ({first} started it, ")


async def test_a_wave_closes_when_all_moved_and_all_passed(store: Store) -> None:
    await started(store)

    await marked(store, *migrate(*ALL))
    assert await wave_state(store) == "checking"
    passes = [Wish(each, Step.passes, "No worse") for each in ALL]
    await marked(store, *passes, by=WAVEPOST, who=Who.wavepost)

    assert await wave_state(store) == "closed"


async def test_a_wave_is_rolled_back_when_everything_is(store: Store) -> None:
    await started(store)
    await marked(store, *migrate("joes-L1", "joes-L2"))
    await wave_step(store, PAUSE, wave_life.Who.lead, "Too many failed")
    await wave_step(store, wave_life.Step.roll_back, wave_life.Who.approver, "Orders are lost")

    back = [Wish(each, Step.roll_back, "Orders are lost") for each in ALL[:2]]
    await marked(store, *back, by=LEO, who=Who.approver)
    given = Wish("joes-L3", Step.give_back, "The wave is rolled back")
    await marked(store, given, by=WAVEPOST, who=Who.wavepost)
    assert await wave_state(store) == "rolling back"
    ends = [Wish(each, Step.end) for each in ALL[:2]]
    await marked(store, *ends, by=WAVEPOST, who=Who.wavepost)

    assert await wave_state(store) == "rolled back"
