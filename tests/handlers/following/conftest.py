"""Three customers that move, and people who follow them."""

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from store.session import Store
from tests.handlers.following.heard import JOE, NEXT, NOODLE, OMAR, SAM, in_utc
from tests.world import FIRST_MONDAY, World


@pytest.fixture
async def world(store: Store) -> World:
    """Joe's Pizza and Noodle House of Ana, Sam's Diner of Omar, two features."""
    world = World()
    world.csa()
    world.csa(OMAR, "Omar Haddad")
    world.customer("Joe's Pizza", id=JOE, weeks={FIRST_MONDAY: 2}, locations=["Main Street"])
    world.customer("Noodle House", id=NOODLE, weeks={NEXT: 1})
    world.customer("Sam's Diner", id=SAM, csa=OMAR, weeks={NEXT: 1})
    world.feature("loyalty", "Loyalty points")
    await world.keep(store)
    return world


@pytest.fixture
async def vic(sandbox: Sandbox, wavepost: Wavepost, world: World, store: Store) -> Person:
    """A member who owns no customers, at home in UTC."""
    return await in_utc(await sandbox.person("vic"), store)


@pytest.fixture
async def owner(ana: Person, world: World, store: Store) -> Person:
    """Ana, who owns customers, at home in UTC."""
    return await in_utc(ana, store)
