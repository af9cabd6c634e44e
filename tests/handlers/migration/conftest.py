"""A migration that has begun, and a customer of whom there is a long story."""

from datetime import date, timedelta

import pytest

from store.session import Store
from tests.handlers.migration.drawn import BEFORE, LATER, WEEK
from tests.world import FIRST_MONDAY, World, run


@pytest.fixture
async def _begun(store: Store) -> None:
    """One wave is over, one is this week's, one is the next; three locations have no date."""
    world = World()
    world.csa()
    world.feature("loyalty", "Loyalty points", date(2022, 5, 2), slips=2)
    world.customer("Early Bird", weeks={BEFORE - WEEK: 2})
    world.customer("Joe's Pizza", weeks={BEFORE: 3})
    world.customer("Noodle House", weeks={FIRST_MONDAY: 1, LATER: 4})
    world.customer("Casa Azteca", unplaced=2, requires=["loyalty"], binding=None)
    world.customer("Newcomer", binding=None)
    world.without_week("C-4", "waiting for feature loyalty", 2)
    await world.keep(store)
    for week, state in ((BEFORE - WEEK, "closed"), (BEFORE, "running"), (FIRST_MONDAY, "planned")):
        await run(store, "INSERT INTO waves VALUES (:week, :state)", week=week, state=state)


@pytest.fixture
async def _story(store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY: 1}, locations=["Harbour"])
    world.customer("Joe's Burgers", weeks={FIRST_MONDAY: 1})
    for day in range(20):
        world.happened("C-1", "renamed", date(2021, 11, 1) + timedelta(days=day))
    await world.keep(store)
