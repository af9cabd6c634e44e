"""A lead, and customers to plan."""

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.roles import give as give_role
from rules.roles import Role
from store.session import Store
from tests.handlers.plans.drafting import patient
from tests.world import World, run


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A lead; Ada is another. Joe and Cleo, of Ana, are imported and not planned yet."""
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "lea@northwind.example", Role.lead)
        await give_role(tx, "ada@northwind.example", Role.lead)
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", unplaced=4, binding=None)
    world.customer("Cleo's", id="cleos", unplaced=2, binding=None)
    await world.keep(store, planned=False)
    await run(store, "UPDATE csas SET weekly_capacity = 4")
    return await patient(sandbox, "lea")
