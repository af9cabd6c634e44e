"""A CSA who moves two locations a week, and who decides."""

import pytest

from handlers.planning import publish_first_plan
from handlers.roles import give as give_role
from rules.parameters import Parameters
from rules.roles import Role
from store.session import Store
from tests.handlers.displacing.room import LEA, OWNER, TODAY
from tests.world import ANA, World, run


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Ana moves two locations a week: Cleo's first, as it misses most orders; then Wim's, then Joe's."""
    world = World()
    world.csa()
    world.customer("Cleo's", id="cleos", unplaced=2, binding=None)
    world.customer("Wim's", id="wims", unplaced=2, binding=None)
    world.customer("Joe's Pizza", id="joes", unplaced=3, binding=None)
    await world.keep(store, planned=False)
    await run(store, "UPDATE csas SET weekly_capacity = 2")
    for customer, missed in (("cleos", 90), ("wims", 60), ("joes", 10)):
        await run(
            store,
            f"UPDATE locations SET orders_28d = 400, missed_orders_28d = {missed}"
            f" WHERE customer_id = '{customer}'",
        )
    for person, name, email in ((LEA, "Lea", "lea@northwind.example"), (OWNER, "Ana Reyes", ANA)):
        await run(
            store,
            "INSERT INTO people (id, name, email, timezone, kind, active)"
            " VALUES (:id, :name, :email, 'UTC', 'member', true)",
            id=person,
            name=name,
            email=email,
        )
    await run(
        store,
        "INSERT INTO waves SELECT '2021-12-06'::date + 7 * n, 'closed' FROM generate_series(0, 2) AS n",
    )
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "lea@northwind.example", Role.lead)
    async with store.transaction(actor="U_ELSE") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters())
