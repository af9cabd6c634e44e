"""A wave with three locations, another with two, and three locations that cannot move."""

from datetime import date, timedelta

import pytest

from store.session import Store
from tests.handlers.running.steps import NOW, WEEK
from tests.world import World


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Joe's has three locations in the wave, Cleo's two in the next one; three others cannot move."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={WEEK: 3}, locations=["Dock St", "Main St"])
    world.customer("Cleo's", id="cleos", weeks={WEEK + timedelta(weeks=1): 2})
    world.customer("Gone Grill", id="gone", weeks={WEEK: 1}, status="offboarded")
    world.customer("Late Lunch", id="late", unplaced=1, requires=["split-pay"])
    world.customer("Lone Larder", id="lone", unplaced=1)
    world.feature("split-pay", "Split payments", target=date(2022, 3, 1))
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(NOW)
