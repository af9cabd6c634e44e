"""Running a wave over the real database: what is kept, refused in words, and who wins of two."""

from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.running import start_wave, take_steps, take_wave_step
from handlers.wave_turn import Outcome, Wish
from rules import wave_life
from rules.location_life import State, Step, Who
from store.session import Store
from tests.world import FIRST_MONDAY, World

NOW = datetime(2022, 1, 17, 9, tzinfo=UTC)
WEEK = FIRST_MONDAY
ANA, LEA, LEO = "U1ANA", "U2LEA", "U3LEO"


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Joe's has three locations in the wave, Cleo's two in the next one, and somebody is offboarded."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={WEEK: 3}, locations=["Dock St", "Main St"])
    world.customer("Cleo's", id="cleos", weeks={WEEK + timedelta(weeks=1): 2})
    world.customer("Gone Grill", id="gone", weeks={WEEK: 1}, status="offboarded")
    world.customer("Late Lunch", id="late", unplaced=1, requires=["split-pay"])
    world.feature("split-pay", "Split payments", target=date(2022, 3, 1))
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW)


async def started(store: Store, week: date = WEEK) -> wave_life.Standing:
    async with store.transaction(actor=LEA) as tx:
        return await start_wave(tx, week, by=LEA, who=wave_life.Who.lead)


async def marked(
    store: Store, *wishes: Wish, by: str = ANA, who: Who = Who.csa, week: date = WEEK
) -> Outcome:
    async with store.transaction(actor=by) as tx:
        return await take_steps(tx, week, wishes, by=by, who=who)


async def wave_step(
    store: Store, step: wave_life.Step, who: wave_life.Who, words: str = ""
) -> wave_life.Standing:
    async with store.transaction(actor=LEO) as tx:
        wave = await tx.waves.get(WEEK)
        assert wave
        at = await tx.clock.now()
        taken = wave_life.Taken(step, LEO, who, wave.version, at, words)
        return await take_wave_step(tx, WEEK, taken)


def migrate(*ids: str) -> list[Wish]:
    return [Wish(each, Step.migrate) for each in ids]


def fail(location: str, words: str = "Menu sync stopped") -> Wish:
    return Wish(location, Step.fail, words)


def why(outcome: Outcome) -> dict[str, str]:
    return {each.location_id: each.plain for each in outcome.refused}


async def states(store: Store, week: date = WEEK) -> dict[str, State]:
    async with store.reading() as reading:
        return {row.location_id: State(row.state) for row in await reading.wave_locations.of(week)}


async def wave_state(store: Store) -> str:
    async with store.reading() as reading:
        wave = await reading.waves.get(WEEK)
    assert wave
    return wave.state


async def test_a_wave_starts_with_who_is_promised_its_week_and_can_move(store: Store) -> None:
    standing = await started(store)

    assert standing.state is wave_life.State.running
    assert await states(store) == dict.fromkeys(["joes-L1", "joes-L2", "joes-L3"], State.planned)


async def test_everybody_moves_passes_and_the_wave_closes(store: Store) -> None:
    await started(store)

    outcome = await marked(store, *migrate("joes-L1", "joes-L2", "joes-L3"))

    assert len(outcome.taken) == len(await states(store))
    assert await wave_state(store) == "checking"
    passes = [Wish(each, Step.passes, "No worse") for each in ("joes-L1", "joes-L2", "joes-L3")]
    await marked(store, *passes, by="Wavepost", who=Who.wavepost)
    assert await wave_state(store) == "closed"
