"""The rollback of a wave that is too large for one answer, as two approvers meet it in Slack."""

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.roles import give
from handlers.rollback_jobs import MOST_AT_ONCE
from handlers.running import start_wave, take_steps, take_wave_step
from handlers.wave_turn import Wish
from rules import wave_life
from rules.location_life import Step, Who
from rules.roles import Role
from rules.rollback import TASKS
from store.session import Store
from tests.world import FIRST_MONDAY, World, counted

PATIENCE = 60.0
LOCATIONS = MOST_AT_ONCE + 1
MOVED = 3


async def paused_wave(store: Store, by: str) -> None:
    """A wave in which some have moved and all others wait, stopped by hand."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={FIRST_MONDAY: LOCATIONS})
    await world.keep(store)
    async with store.transaction(actor=by) as tx:
        await start_wave(tx, FIRST_MONDAY, by=by, who=wave_life.Who.lead)
        moved = [Wish(f"joes-L{number}", Step.migrate) for number in range(1, MOVED + 1)]
        await take_steps(tx, FIRST_MONDAY, moved, by=by, who=Who.lead)
        wave = await tx.waves.get(FIRST_MONDAY)
        assert wave
        step, who, at = wave_life.Step.pause, wave_life.Who.lead, await tx.clock.now()
        taken = wave_life.Taken(step, by, who, wave.version, at, "Orders are lost")
        await take_wave_step(tx, FIRST_MONDAY, taken)


async def approver(sandbox: Sandbox, store: Store, name: str) -> Person:
    """Somebody who may decide, in front of the form about the wave."""
    async with store.transaction(actor="test") as tx:
        await give(tx, f"{name}@northwind.example", Role.approver)
    person = await sandbox.person(name)
    person.patience = PATIENCE
    await person.command("/wavepost rollback")
    await person.choose("Wave of Mon 17 Jan 2022", in_="DM")
    return person


async def rolls_back(person: Person) -> None:
    said = await person.modal.submit(what="The whole wave", how="For real", words="It must stop")
    assert said is None
    assert f"Working on it: there are {LOCATIONS} locations in this wave" in person.modal.text


async def test_a_large_wave_goes_back_by_a_job_and_who_was_second_hears_why_not(
    sandbox: Sandbox, wavepost: Wavepost, store: Store, ana: Person
) -> None:
    ana.patience = PATIENCE
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
    await paused_wave(store, ana.id)
    ben, lea = await approver(sandbox, store, "ben"), await approver(sandbox, store, "lea")

    await rolls_back(ben)
    await ben.sees("it has begun, and whoever has a task hears of it", in_="DM")
    await ana.sees(f"Done at all {MOVED}", in_="DM")
    assert await counted(store, "rollback_items") == MOVED * len(TASKS)
    assert await counted(store, "wave_locations WHERE state = 'rolling back'") == MOVED
    assert (
        await counted(store, "wave_locations WHERE state = 'back in the plan'") == LOCATIONS - MOVED
    )

    await rolls_back(lea)
    await lea.sees("The wave is rolling back, and only one that is paused goes back", in_="DM")
    assert await counted(store, "rollbacks") == 1
