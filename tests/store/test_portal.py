"""Coming into the portal: links that hold once, codes that are tried and used once, sessions that end."""

import asyncio
from uuid import UUID

import pytest

from rules.one_time_code import is_sent
from store.portal import address_hash
from store.session import Store
from tests.store.parcels_given import member, space
from tests.world import counted, run


@pytest.fixture
async def dana(store: Store) -> UUID:
    """A recipient."""
    async with store.transaction(actor="test") as tx:
        return (await member(tx, await space(tx), "dana@acme.example")).id


async def test_a_link_from_slack_lets_one_in_once(store: Store, dana: UUID) -> None:
    async with store.transaction(actor="test") as tx:
        token = await tx.portal.make_entry(dana, "/portal")
        assert await tx.portal.look_entry(token) == (dana, "/portal")

    async def use(_: int) -> bool:
        async with store.transaction(actor="test") as tx:
            return await tx.portal.use_entry(token) == (dana, "/portal")

    assert sum(await asyncio.gather(*map(use, range(8)))) == 1
    async with store.reading() as reading:
        assert await reading.portal.look_entry(token) is None


async def test_a_link_is_over_after_ten_minutes(store: Store, dana: UUID) -> None:
    async with store.transaction(actor="test") as tx:
        token = await tx.portal.make_entry(dana, "/portal")
    await run(store, "UPDATE portal_entries SET made_at = now() - interval '10 minutes'")
    async with store.transaction(actor="test") as tx:
        assert await tx.portal.look_entry(token) is None
        assert await tx.portal.use_entry(token) is None


async def test_a_session_ends_by_itself_or_is_ended(store: Store, dana: UUID) -> None:
    async with store.transaction(actor="test") as tx:
        tokens = [await tx.portal.begin_session(dana) for _ in range(3)]
        found = (await tx.portal.visiting(tokens[0]))[0]
        assert found
        assert found.id == dana
        await tx.portal.end_session(tokens[0])
        assert (await tx.portal.visiting(tokens[0]))[0] is None
    await run(store, "UPDATE portal_sessions SET seen_at = now() - interval '2 minutes'")
    async with store.transaction(actor="test") as tx:
        assert (await tx.portal.visiting(tokens[1]))[0]
    await run(store, "UPDATE portal_sessions SET made_at = now() - interval '12 hours'")
    async with store.transaction(actor="test") as tx:
        assert (await tx.portal.visiting(tokens[1]))[0] is None
        fresh = await tx.portal.begin_session(dana)
        await tx.portal.end_all(dana)
        assert (await tx.portal.visiting(fresh))[0] is None


IVY = address_hash("Ivy@acme.example ")


async def test_an_address_is_the_same_however_it_is_typed_and_told_by_nothing(
    store: Store,
) -> None:
    assert address_hash("ivy@ACME.example") == IVY
    assert b"ivy" not in IVY


async def test_of_many_wrong_tries_at_once_each_counts_and_codes_are_used_up_together(
    store: Store,
) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.portal.keep_code(IVY, b"first", is_long=False)
        await tx.portal.keep_code(IVY, b"second", is_long=True)

    async def guess(_: int) -> int:
        async with store.transaction(actor="test") as tx:
            await tx.portal.hold_address(IVY)
            before = await tx.portal.wrong_lately(IVY)
            await tx.portal.note_wrong(IVY)
            return before

    assert sorted(await asyncio.gather(*map(guess, range(8)))) == list(range(8))
    async with store.transaction(actor="test") as tx:
        assert await tx.portal.wrong_lately(address_hash("eve@acme.example")) == 0
        assert await tx.portal.wrong_in_all() == 8
        assert [row.code.is_long for row in await tx.portal.codes(IVY)] == [False, True]
        await tx.portal.use_codes(IVY)
        assert all(row.code.is_used for row in await tx.portal.codes(IVY))


async def test_many_who_ask_for_a_code_at_once_have_one_sent(store: Store) -> None:
    async def ask(_: int) -> bool:
        async with store.transaction(actor="test") as tx:
            await tx.portal.hold_address(IVY)
            codes = [row.code for row in await tx.portal.codes(IVY)]
            if not is_sent(codes, await tx.portal.moment(), 0):
                return False
            await tx.portal.keep_code(IVY, b"x", is_long=False)
            return True

    async with asyncio.timeout(30):
        assert sum(await asyncio.gather(*map(ask, range(12)))) == 1


async def test_a_code_that_was_not_sent_is_taken_back(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        code = await tx.portal.keep_code(IVY, b"x", is_long=False)
        await tx.portal.take_code_back(code)
        assert await tx.portal.codes(IVY) == []


async def test_what_is_of_no_use_is_forgotten(store: Store, dana: UUID) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.portal.make_entry(dana, "/portal")
        await tx.portal.begin_session(dana)
        await tx.portal.keep_code(IVY, b"x", is_long=False)
        await tx.portal.note_wrong(IVY)
        await tx.portal.forget_old()
        assert await tx.portal.codes(IVY)
        assert await tx.portal.wrong_lately(IVY) == 1
    for table, column in (
        ("portal_entries", "made_at"),
        ("portal_sessions", "made_at"),
        ("one_time_codes", "sent_at"),
        ("wrong_codes", "at"),
    ):
        await run(store, f"UPDATE {table} SET {column} = now() - interval '2 days'")
    async with store.transaction(actor="test") as tx:
        await tx.portal.forget_old()
    tables = ("portal_entries", "portal_sessions", "one_time_codes", "wrong_codes")
    assert [await counted(store, table) for table in tables] == [0, 0, 0, 0]
