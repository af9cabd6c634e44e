"""Saying: messages numbered in their lanes by the order of commits."""

import asyncio
import random
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import text

from store.outbox import Message, Outbox
from store.session import Store

WRITERS = 8
ROUNDS = 12


def message(lane: str, words: str) -> Message:
    return Message(lane, words, [], cause="test")


async def lane_of(store: Store, lane: str) -> list[str]:
    async with store.reading() as reading:
        query = text("SELECT fallback FROM outbox WHERE lane = :lane ORDER BY number")
        return list((await reading.connection.execute(query, {"lane": lane})).scalars())


async def test_a_transaction_numbers_its_messages_in_the_order_they_were_said(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        for n in range(3):
            tx.say(message("C1", f"one {n}"))
            tx.say(message("C2", f"two {n}"))
    assert await lane_of(store, "C1") == ["one 0", "one 1", "one 2"]
    assert await lane_of(store, "C2") == ["two 0", "two 1", "two 2"]


async def test_of_several_updates_said_in_one_transaction_only_the_newest_is_kept(
    store: Store,
) -> None:
    shown, other = message("C1", "shown"), message("C1", "other")
    async with store.transaction(actor="test") as tx:
        tx.say(shown)
        tx.say(other)
    async with store.transaction(actor="test") as tx:
        for words in ("weighed", "handed over", "decided"):
            tx.say(replace(message("C1", words), updates=shown.id))
            tx.say(message("C1", f"it is {words}"))
        tx.say(replace(message("C1", "another"), updates=other.id))
    assert await lane_of(store, "C1") == [
        *("shown", "other"),
        *("it is weighed", "it is handed over"),
        *("decided", "it is decided"),
        "another",
    ]
    async with store.reading() as reading:
        numbers = await reading.connection.execute(text("SELECT number FROM outbox ORDER BY 1"))
        assert list(numbers.scalars()) == [*range(1, 8)], "without gaps"


async def test_a_message_updated_in_the_transaction_that_says_it_is_said_once_as_it_is_then(
    store: Store,
) -> None:
    shown = message("C1", "sent")
    async with store.transaction(actor="test") as tx:
        tx.say(shown)
        tx.say(message("C1", "other"))
        for words in ("weighed", "handed over"):
            tx.say(replace(message("C1", words), updates=shown.id))
    assert await lane_of(store, "C1") == ["handed over", "other"]
    async with store.reading() as reading:
        rows = await reading.connection.execute(
            text("SELECT id, updates FROM outbox ORDER BY number LIMIT 1")
        )
        assert rows.one() == (shown.id, None)


async def test_a_transaction_that_fails_says_nothing_and_leaves_no_gap(store: Store) -> None:
    async def fails() -> None:
        async with store.transaction(actor="test") as tx:
            tx.say(message("C1", "never"))
            # Written already when the failure comes, as a failure of the commit itself would be.
            await Outbox(tx.connection).say([message("C1", "nor this")], by="test")
            raise LookupError

    async with store.transaction(actor="test") as tx:
        tx.say(message("C1", "before"))
    with pytest.raises(LookupError):
        await fails()
    async with store.transaction(actor="test") as tx:
        tx.say(message("C1", "after"))

    assert await lane_of(store, "C1") == ["before", "after"]
    async with store.reading() as reading:
        numbers = await reading.connection.execute(text("SELECT number FROM outbox ORDER BY 1"))
        assert list(numbers.scalars()) == [1, 2]


async def test_numbers_follow_the_order_of_commits(store: Store) -> None:
    """Each writer takes a stamp under the lane's lock: numbers and stamps must agree."""
    stamps = count()

    async def write(chance: random.Random) -> None:
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
            async with store.transaction(actor="test") as tx:
                await Outbox(tx.connection).hold(["C1"])
                stamp = next(stamps)
                tx.say(message("C1", f"{stamp}"))
                if chance.random() < 0.5:
                    tx.say(message("C1", f"{stamp}"))

    await asyncio.gather(*(write(random.Random(n)) for n in range(WRITERS)))
    said = [int(words) for words in await lane_of(store, "C1")]
    assert said == sorted(said)
    assert len(set(said)) == WRITERS * ROUNDS


async def test_transactions_that_say_in_crossing_lanes_do_not_deadlock(store: Store) -> None:
    lanes = ["C1", "C2", "C3", "D1", "U1"]

    async def write(writer: int, chance: random.Random) -> None:
        for n in range(ROUNDS):
            async with store.transaction(actor="test") as tx:
                for lane in chance.sample(lanes, k=3):
                    tx.say(message(lane, f"{writer} {n}"))

    async with asyncio.timeout(20):
        await asyncio.gather(*(write(n, random.Random(n)) for n in range(WRITERS)))
    said = [words for lane in lanes for words in await lane_of(store, lane)]
    assert len(said) == WRITERS * ROUNDS * 3
    for lane in lanes:
        words = [tuple(map(int, line.split())) for line in await lane_of(store, lane)]
        for writer in range(WRITERS):
            own = [n for who, n in words if who == writer]
            assert own == sorted(own)


async def test_what_is_held_first_may_be_said_into_in_any_order(store: Store) -> None:
    """As the courier does: it ends a message in one lane and tells another about it."""

    async def ends(lane: str, tells: str) -> None:
        for _ in range(ROUNDS):
            async with store.transaction(actor="courier") as tx:
                await Outbox(tx.connection).hold([lane, tells])
                await tx.connection.execute(
                    text("UPDATE lanes SET free_at = now() WHERE channel = :lane"), {"lane": lane}
                )
                tx.say(message(tells, "told"))

    async with asyncio.timeout(20):
        await asyncio.gather(
            *(ends("C1", "C2") for _ in range(3)), *(ends("C2", "C1") for _ in "ab")
        )
    assert len(await lane_of(store, "C2")) == 3 * ROUNDS


async def test_waiting_counts_what_has_not_ended(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        tx.say(message("C1", "one"))
        tx.say(message("C2", "two"))
    async with store.reading() as reading:
        assert await reading.waiting_messages() == 2
