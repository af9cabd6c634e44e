"""People who ask for the schedule, and a customer who has a date."""

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from store.session import Store
from tests.handlers.schedule.answered import FIRST
from tests.world import World


@pytest.fixture
async def vic(sandbox: Sandbox, wavepost: Wavepost) -> Person:
    """A member who owns no customers."""
    return await sandbox.person("vic")


@pytest.fixture
async def joes(store: Store) -> None:
    """Joe's Pizza, which moves in the first week."""
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 1})
    await world.keep(store)
