"""Owners whose customers move next week, and the channels of their people."""

import pytest

from rules.following import EVERY_WAVE, Pace
from rules.roles import Kind as PersonKind
from store.channels import ChannelRow
from store.people import PersonRow
from store.session import Store
from tests.handlers.reaching.channels import (
    ANA,
    BEN,
    CHANNELS,
    CLEO,
    DAN,
    NEXT,
    PEOPLE,
    SATURDAY,
    WEEK,
    address,
    moves_to,
)
from tests.world import FIRST_MONDAY, World


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Ana, Ben and Cleo own customers that move next week; Dan follows every wave. All live in UTC."""
    world = World()
    for person in (ANA, BEN, CLEO):
        world.csa(address(person), person)
        for number, week in enumerate((FIRST_MONDAY, NEXT, NEXT + WEEK)):
            customer = f"{person}-{number}"
            world.customer(customer, id=customer, csa=address(person), weeks={week: 1})
    await world.keep(store)
    await moves_to(store, SATURDAY)
    async with store.transaction(actor="test") as tx:
        await tx.people.keep(
            [
                PersonRow(id=each, name=each, email=address(each), kind=PersonKind.member)
                for each in PEOPLE
            ]
        )
        await tx.subscriptions.choose(DAN, EVERY_WAVE, Pace.daily)
        await tx.channels.keep([ChannelRow(id=each, name=each, joined=True) for each in CHANNELS])
