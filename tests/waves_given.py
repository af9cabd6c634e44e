"""A wave that runs, for tests of its marks."""

from datetime import UTC, datetime, timedelta

from handlers.running import start_wave, take_steps, take_wave_step
from handlers.wave_turn import Wish
from rules import wave_life
from rules.location_life import State, Step, Who
from store.session import Store
from tests.world import FIRST_MONDAY, World

NOW = datetime(2022, 1, 17, 9, tzinfo=UTC)
WEEK = FIRST_MONDAY
LATER = WEEK + timedelta(weeks=1)


async def given_wave(store: Store, *, running: bool = True) -> None:
    """Joe's has three locations in the wave, Cleo's two in the next; one waits, one is offboarded."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={WEEK: 3})
    world.customer("Cleo's", id="cleos", weeks={LATER: 2})
    world.customer("Gone Grill", id="gone", weeks={WEEK: 1}, status="offboarded")
    world.customer("Late Lunch", id="late", unplaced=1)
    await world.keep(store)
    async with store.transaction(actor="Lea") as tx:
        await tx.clock.set_now(NOW)
    if running:
        await start(store)


async def start(store: Store) -> None:
    """Let a lead start the wave."""
    async with store.transaction(actor="Lea") as tx:
        await start_wave(tx, WEEK, by="Lea", who=wave_life.Who.lead)


async def states(store: Store) -> dict[str, State]:
    """Where each location of the wave stands."""
    async with store.reading() as reading:
        return {row.location_id: State(row.state) for row in await reading.wave_locations.of(WEEK)}


async def taken(store: Store, location: str, step: Step, words: str = "") -> None:
    """Let a lead take a step with a location."""
    async with store.transaction(actor="Lea") as tx:
        wish = Wish(location, step, words)
        outcome = await take_steps(tx, WEEK, [wish], by="Lea", who=Who.lead)
    assert not outcome.refused, outcome.refused[0].plain


async def paused(store: Store, words: str) -> None:
    """Let a lead pause the wave."""
    async with store.transaction(actor="Lea") as tx:
        wave = await tx.waves.get(WEEK)
        assert wave
        at = await tx.clock.now()
        step, lead = wave_life.Step.pause, wave_life.Who.lead
        pause = wave_life.Taken(step, "Lea", lead, wave.version, at, words)
        await take_wave_step(tx, WEEK, pause)
