"""Steps of a wave and of its locations, taken over the real database."""

from datetime import UTC, date, datetime

from handlers.running import start_wave, take_steps, take_wave_step
from handlers.wave_turn import Outcome, Wish
from rules import wave_life
from rules.location_life import State, Step, Who
from store.session import Store
from tests.world import FIRST_MONDAY

NOW = datetime(2022, 1, 17, 9, tzinfo=UTC)
WEEK = FIRST_MONDAY
ANA, LEA, LEO = "U1ANA", "U2LEA", "U3LEO"
PAUSE = wave_life.Step.pause


async def started(store: Store, week: date = WEEK, by: str = LEA) -> wave_life.Standing:
    async with store.transaction(actor=by) as tx:
        return await start_wave(tx, week, by=by, who=wave_life.Who.lead)


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
    return {each.location_id: parted(each.plain) for each in outcome.refused}


def parted(words: str) -> str:
    """Words as one line of a test has them: dates may break."""
    return words.replace("\N{NO-BREAK SPACE}", " ")


async def states(store: Store, week: date = WEEK) -> dict[str, State]:
    async with store.reading() as reading:
        return {row.location_id: State(row.state) for row in await reading.wave_locations.of(week)}


async def wave_state(store: Store) -> str:
    async with store.reading() as reading:
        wave = await reading.waves.get(WEEK)
    assert wave
    return wave.state


ALL = ("joes-L1", "joes-L2", "joes-L3")
WAVE = "Mon 17 Jan 2022"
