"""Three channels that can be announced in, and replicas that do."""

from collections.abc import AsyncIterator

import pytest

from rules.roles import Kind, Role
from store.channels import ChannelRow
from store.people import PersonRow
from store.session import Store
from tests.handlers.announcing.schedules import FRIDAY, LEA, LEADS, ROADMAP, SHARED, WAVES, moves_to
from tests.world import FIRST_MONDAY, World, run


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Joe's Pizza moves on Monday; it is Friday, and three channels can be announced in."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="JOE", weeks={FIRST_MONDAY: 2})
    await world.keep(store)
    await moves_to(store, FRIDAY)
    async with store.transaction(actor="test") as tx:
        people = {LEA: Kind.member, "U2ANA": Kind.member, "U3OUT": Kind.stranger}
        await tx.people.keep(
            [PersonRow(id=id_, name=id_, kind=kind) for id_, kind in people.items()]
        )
        await tx.roles.give(LEA, Role.lead, by="test")
        names = {ROADMAP: "roadmap", WAVES: "waves", SHARED: "shared", LEADS: "leads"}
        await tx.channels.keep(
            [ChannelRow(id=id_, name=name, joined=True) for id_, name in names.items()]
        )
        await tx.channels.keep_members(ROADMAP, ["U2ANA", LEA])
        await tx.channels.keep_members(SHARED, ["U2ANA", "U3OUT"])
    await run(store, "DELETE FROM outbox")


@pytest.fixture
async def replicas(store: Store, database_url: str) -> AsyncIterator[list[Store]]:
    """Three Waveposts on one database."""
    others = [Store(database_url) for _ in range(2)]
    yield [store, *others]
    for other in others:
        await other.close()
