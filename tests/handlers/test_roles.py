"""Roles given and taken, by whichever door."""

import pytest

from bot.assembly import Wavepost
from handlers.errors import Refused
from handlers.roles import give, take
from rules.roles import Role
from store.session import Store
from tests.world import counted


async def roles_of(store: Store, email: str) -> frozenset[Role]:
    async with store.reading() as reading:
        person = await reading.people.by_email(email)
        assert person
        asking = await reading.people.asking(person.id)
    assert asking.person
    return asking.person.roles


async def test_a_role_given_counts_at_once_and_is_in_the_audit(
    wavepost: Wavepost, store: Store
) -> None:
    async with store.transaction(actor="U_ADMIN") as tx:
        await give(tx, "Lea@Northwind.Example", Role.lead)

    assert Role.lead in await roles_of(store, "lea@northwind.example")
    assert await counted(store, "audit") == 1


async def test_giving_again_changes_nothing(wavepost: Wavepost, store: Store) -> None:
    for _ in range(2):
        async with store.transaction(actor="U_ADMIN") as tx:
            await give(tx, "lea@northwind.example", Role.lead)

    assert await counted(store, "roles") == 1
    assert await counted(store, "audit") == 1


async def test_a_role_taken_is_gone_and_taking_again_is_refused(
    wavepost: Wavepost, store: Store
) -> None:
    async with store.transaction(actor="U_ADMIN") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
    async with store.transaction(actor="U_ADMIN") as tx:
        await take(tx, "lea@northwind.example", Role.lead)

    assert Role.lead not in await roles_of(store, "lea@northwind.example")
    with pytest.raises(Refused, match="was not given the role lead, so nothing changed"):
        async with store.transaction(actor="U_ADMIN") as tx:
            await take(tx, "lea@northwind.example", Role.lead)
    assert await counted(store, "audit") == 2


async def test_nobody_of_that_address_is_said(wavepost: Wavepost, store: Store) -> None:
    with pytest.raises(Refused, match="I know nobody with the address"):
        async with store.transaction(actor="U_ADMIN") as tx:
            await give(tx, "nobody@northwind.example", Role.lead)

    assert await counted(store, "roles") == 0
