"""Leads and a rota, on a Monday."""

import pytest

from handlers.rota_form import take_turns
from handlers.triage_settings import place_in
from rules.roles import Kind, Role
from store.channels import ChannelRow
from store.people import PersonRow
from store.session import Store
from tests.handlers.escalation_clock.asked import ADA, ANA, LEA, OMAR, TRIAGE, at, moves_to
from tests.world import FIRST_MONDAY, World, run


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Joe's Pizza; Lea and then Ada take turns, and it is Monday morning."""
    world = World()
    world.customer("Joe's Pizza", id="JOE", weeks={FIRST_MONDAY: 1}, unplaced=2)
    await world.keep(store)
    await moves_to(store, at(17, 9, 30))
    async with store.transaction(actor="test") as tx:
        names = {ANA: "Ana", LEA: "Lea", ADA: "Ada", OMAR: "Omar"}
        await tx.people.keep(
            [PersonRow(id=id_, name=name, kind=Kind.member) for id_, name in names.items()]
        )
        await tx.channels.keep([ChannelRow(id=TRIAGE, name="triage", joined=True)])
        for lead in (LEA, ADA):
            await tx.roles.give(lead, Role.lead, by="test")
        await place_in(tx, "triage")
        await take_turns(tx, [LEA, ADA])
    await run(store, "DELETE FROM outbox")
