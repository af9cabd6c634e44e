"""A wave that the brake paused, decided about and rolled back in part, as people meet it in Slack."""

from datetime import date

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.roles import give
from handlers.running import start_wave, take_steps
from handlers.wave_turn import Wish
from rules import wave_life
from rules.location_life import Step, Who
from rules.roles import Role
from store.session import Store
from tests.world import World, counted

MONDAY = date(2022, 1, 10)
PATIENCE = 60.0
SHOPS = 6


async def somebody(sandbox: Sandbox, name: str) -> Person:
    person = await sandbox.person(name)
    person.patience = PATIENCE
    return person


@pytest.fixture
async def ben(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """An approver. Two of Ana's six shops migrated; the others failed, so the wave is paused."""
    world = World()
    world.csa()
    for number in range(SHOPS):
        world.customer(f"Shop {number}", id=f"S{number}", weeks={MONDAY: 1})
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
        await give(tx, "ben@northwind.example", Role.approver)
    ana = await somebody(sandbox, "ana")
    async with store.transaction(actor=ana.id) as tx:
        await start_wave(tx, MONDAY, by=ana.id, who=wave_life.Who.lead)
        moved = [Wish(f"S{number}-L1", Step.migrate) for number in range(2)]
        failed = [Wish(f"S{number}-L1", Step.fail, "Menu sync") for number in range(2, 5)]
        await take_steps(tx, MONDAY, [*moved, *failed], by=ana.id, who=Who.csa)
    return await somebody(sandbox, "ben")


def plain(said: object) -> str:
    return str(said).replace("\N{NO-BREAK SPACE}", " ").replace("*", "")


async def test_an_approver_lets_a_wave_go_on_and_rolls_a_location_back_task_by_task(
    ben: Person, sandbox: Sandbox, store: Store
) -> None:
    ana, lea = await somebody(sandbox, "ana"), await somebody(sandbox, "lea")
    await ben.sees("You decide:", in_="DM")
    await lea.sees("To go on or back takes an approver", in_="DM")
    await ben.press("See the wave", in_="DM")
    await ben.sees("The brake stopped the wave", in_="DM")
    assert await ben.sees("You decide:", in_="DM")

    await ben.command("/wavepost wave")
    await ben.sees("The brake stopped the wave", in_="DM")
    # What is different now, and what was done about a cause that had no remedy.
    await ben.press("Let it go on", in_="DM")
    assert "3 of 5 tries failed, at 3 customers; usually 2 in 100 do." in plain(ben.modal.text)
    assert "How this is worked out: the test stands at" in plain(ben.modal.text)
    assert "Say what is different now" in str(await ben.modal.submit(words=" "))
    assert await ben.modal.submit(words="The menus were sent anew", remedy="Send it anew") is None
    await ana.sees("goes on", in_="DM")
    await ben.sees("let it go on.", in_="DM")
    assert await counted(store, "failures WHERE remedy = 'Send it anew'") == 3

    await ben.home()
    await ben.sees("*Wave of", in_="home")

    # Only a wave that is paused goes back as a whole; single locations do at any time.
    await ben.command("/wavepost rollback")
    await ben.choose("Wave of Mon 10 Jan 2022", in_="DM")
    assert "The whole wave" not in plain(ben.modal.text)
    said = await ben.modal.submit(
        what="Some locations, which you choose below", how="For real", words="Orders are lost"
    )
    assert said == {"Which locations": "Choose at least one location, or the whole wave."}
    assert await ben.modal.submit(which=["Shop 0"]) is None

    await ana.sees("waits for you", in_="DM")
    await ana.home()
    await ana.sees("Rollback: waits for you", in_="home")
    await ana.press("Done", in_="DM")
    await lea.sees("waits for you", in_="DM")
    await lea.press("Done", in_="DM")
    await lea.sees("Take the location off the new system", in_="DM")
    await lea.press("See how far it is", in_="DM")
    assert "✓ customer told · ✓ old system on · new system off (waits for @Lea Lindqvist)" in plain(
        lea.modal.text
    )
    await lea.press("Hand over", in_="modal")
    assert await lea.modal.submit(to="Ana Reyes", note="You are there") is None
    await ana.sees("hands this to you", in_="DM")
    await ana.press("Done", in_="DM")
    await ana.sees("See an order arrive in the old system", in_="DM")
    await ana.press("Done", in_="DM")
    await ben.sees("All are back", in_="DM")
    listed = plain(await ana.command("/wavepost rollback"))
    assert "No rollback is under way" in listed
    assert "Over, the newest first" in listed
    assert "1 location of the wave of Mon 10 Jan 2022 · back by" in listed
