"""/wavepost: what is this, and every command under one name."""

from bot.sandbox.person import Person
from store.session import Store
from tests.typography import glued
from tests.world import FIRST_MONDAY, World


async def test_it_says_what_migration_is(ana: Person) -> None:
    answer = await ana.command("/wavepost")

    assert answer.is_private
    assert "moves each restaurant from the old ordering system to the new one" in answer


async def test_every_command_is_answered_under_it(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY: 1})
    await world.keep(store)

    for typed in ("schedule Joe's Pizza", "  Schedule   Joe's Pizza ", "/schedule Joe's Pizza"):
        assert glued("week of *Mon 17 Jan 2022") in await ana.command(f"/wavepost {typed}")
