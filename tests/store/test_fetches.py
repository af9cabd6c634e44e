"""Downloads: decided from one look at the delivery, counted within a limit, and given back."""

import asyncio

import pytest

from rules.fetching import refusal
from rules.receipts import Kind, Refusal
from store.fetches import Wanted
from store.session import Store, Transaction
from store.shared_file_rows import SharedFileRow
from store.space_rows import RecipientRow, SpaceRow
from tests.store.parcels_given import NOW, delivered, member, released, space

Given = tuple[SharedFileRow, SpaceRow, RecipientRow]


async def given(tx: Transaction) -> Given:
    """A file that was delivered to one recipient, through two spaces of theirs."""
    at = await space(tx)
    kept, dana = (
        await released(tx, at, await space(tx, "menus")),
        await member(tx, at, "d@acme.example"),
    )
    await delivered(tx, kept, at, dana)
    return kept, at, dana


async def wanted(tx: Transaction, of: Given) -> Wanted:
    found = await tx.fetches.wanted(of[0].id, of[2].id)
    assert found
    return found


async def test_a_member_gets_what_was_delivered_and_no_other(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        kept, at, dana = of = await given(tx)
        emil = await member(tx, at, "emil@acme.example")
        found = await wanted(tx, of)
        assert (found.file_id, found.number, found.key) == (kept.id, kept.number, kept.key)
        assert refusal(found.asked, NOW) is None
        assert await tx.fetches.wanted(kept.id, emil.id) is None
        assert await tx.fetches.wanted(at.id, dana.id, for_change=True) is None


@pytest.mark.parametrize("how", ["removed", "closed"])
async def test_who_is_in_none_of_its_open_spaces_any_more_is_no_member(
    store: Store, how: str
) -> None:
    async with store.transaction(actor="test") as tx:
        _, at, dana = of = await given(tx)
        if how == "removed":
            await tx.spaces.remove(at.id, dana.id, by="test")
        else:
            await tx.spaces.close(at.id)
        found = await wanted(tx, of)
    assert (found.is_theirs, refusal(found.asked, NOW)) == (True, Refusal.no_member)


async def test_what_is_sent_to_others_only_by_now_is_another_organisations(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        kept, _, _ = of = await given(tx)
        await tx.spaces.set_proxied(
            (strange := await space(tx, organisation="Other")).id, is_proxied=True
        )
        await tx.shared_files.set_spaces(kept.id, [strange.id])
        found = await wanted(tx, of)
        await tx.shared_files.set_spaces(kept.id, [])
        assert await tx.fetches.wanted(kept.id, of[2].id) is None
    assert (found.is_proxied, refusal(found.asked, NOW)) == (False, Refusal.other_organisation)


async def test_bytes_go_through_us_where_any_space_of_theirs_says_so(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        _, at, _ = of = await given(tx)
        before = await wanted(tx, of)
        await tx.spaces.set_proxied(at.id, is_proxied=True)
        assert (before.is_proxied, (await wanted(tx, of)).is_proxied) == (False, True)


async def test_of_fifty_fetches_at_once_one_passes_a_limit_of_one(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        dana = (of := await given(tx))[2]
        delivery = (await wanted(tx, of)).delivery_id
    connections = asyncio.Semaphore(10)

    async def fetch(_: int) -> bool:
        async with connections, store.transaction(actor="test") as tx:
            return await tx.fetches.issue(delivery, NOW, most=1, by=dana.id)

    async with asyncio.timeout(60):
        assert sum(await asyncio.gather(*map(fetch, range(50)))) == 1
    async with store.transaction(actor="test") as tx:
        assert await tx.fetches.issue(delivery, NOW, most=2, by=dana.id)
        assert not await tx.fetches.issue(delivery, NOW, most=2, by=dana.id)
        assert await tx.fetches.issue(delivery, NOW, most=None, by=dana.id)
        noted = (await tx.evidence.of_files([of[0].id]))[delivery]
    assert [(each.kind, each.times) for each in noted if each.kind is Kind.issued] == [
        (Kind.issued, 3)
    ]


async def test_a_fetch_that_came_to_nothing_is_given_back_a_few_times(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        dana = (of := await given(tx))[2]
        delivery = (await wanted(tx, of)).delivery_id
        assert not await tx.fetches.give_back(delivery, most=2)
        for _ in range(2):
            assert await tx.fetches.issue(delivery, NOW, most=1, by=dana.id)
            assert await tx.fetches.give_back(delivery, most=2)
        assert await tx.fetches.issue(delivery, NOW, most=1, by=dana.id)
        assert not await tx.fetches.give_back(delivery, most=2)
