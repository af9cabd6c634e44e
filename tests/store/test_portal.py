"""Coming into the portal: links that hold once, codes that are tried and used once, sessions that end."""

import asyncio
from uuid import UUID

import pytest

from rules.one_time_code import MOST_ASKED, Verdict, judged
from store.session import Store
from tests.store.parcels_given import member, space
from tests.world import run


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
        found = await tx.portal.whose(tokens[0])
        assert found
        assert found.id == dana
        await tx.portal.end_session(tokens[0])
        assert await tx.portal.whose(tokens[0]) is None
    await run(store, "UPDATE portal_sessions SET seen_at = now() - interval '2 minutes'")
    async with store.transaction(actor="test") as tx:
        assert await tx.portal.whose(tokens[1])
    await run(store, "UPDATE portal_sessions SET made_at = now() - interval '12 hours'")
    async with store.transaction(actor="test") as tx:
        assert await tx.portal.whose(tokens[1]) is None
        fresh = await tx.portal.begin_session(dana)
        await tx.portal.end_all(dana)
        assert await tx.portal.whose(fresh) is None


async def test_of_codes_the_newest_holds_and_each_try_counts(store: Store, dana: UUID) -> None:
    async with store.transaction(actor="test") as tx:
        assert await tx.portal.newest_code(dana, "browser") is None
        await tx.portal.keep_code(dana, "browser", b"first")
    async with store.transaction(actor="test") as tx:
        await tx.portal.keep_code(dana, "browser", b"second")

    async def guess(_: int) -> Verdict:
        async with store.transaction(actor="test") as tx:
            row = await tx.portal.newest_code(dana, "browser", for_change=True)
            assert row
            verdict = judged(row.code, b"wrong", await tx.portal.moment())
            await tx.portal.try_code(row.id)
            return verdict

    verdicts = await asyncio.gather(*map(guess, range(8)))
    assert sorted(verdicts) == [Verdict.over] * 3 + [Verdict.wrong] * 5


async def test_a_code_is_used_once(store: Store, dana: UUID) -> None:
    async with store.transaction(actor="test") as tx:
        code = await tx.portal.keep_code(dana, "browser", b"digest")

    async def use(_: int) -> bool:
        async with store.transaction(actor="test") as tx:
            return await tx.portal.use_code(code)

    assert sum(await asyncio.gather(*map(use, range(8)))) == 1
    async with store.reading() as reading:
        row = await reading.portal.newest_code(dana, "browser")
    assert row
    assert judged(row.code, b"digest", row.sent_at) is Verdict.used


async def test_many_who_ask_for_codes_at_once_do_not_get_more(store: Store, dana: UUID) -> None:
    async def ask(_: int) -> bool:
        async with store.transaction(actor="test") as tx:
            if len(await tx.portal.asked_lately(dana)) >= MOST_ASKED:
                return False
            await tx.portal.keep_code(dana, "browser", b"x")
            return True

    async with asyncio.timeout(30):
        assert sum(await asyncio.gather(*map(ask, range(12)))) == MOST_ASKED


async def test_what_is_of_no_use_is_forgotten(store: Store, dana: UUID) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.portal.make_entry(dana, "/portal")
        await tx.portal.begin_session(dana)
        await tx.portal.keep_code(dana, "browser", b"x")
        await tx.portal.forget_old()
        assert await tx.portal.newest_code(dana, "browser")
    for table, column in (
        ("portal_entries", "made_at"),
        ("portal_sessions", "made_at"),
        ("one_time_codes", "sent_at"),
    ):
        await run(store, f"UPDATE {table} SET {column} = now() - interval '2 days'")  # noqa: S608 - named above
    async with store.transaction(actor="test") as tx:
        await tx.portal.forget_old()
        assert await tx.portal.newest_code(dana, "browser") is None
