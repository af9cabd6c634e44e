"""What is made of a plan: once, to the end, and kept for a while."""

import asyncio

import pytest

from store.plan_shelf import MOST_KEPT, PlanShelf


class Maker:
    """Makes things when it is let, and counts how many."""

    def __init__(self) -> None:
        self.made = 0
        self.may = asyncio.Event()

    async def make(self) -> str:
        self.made += 1
        await self.may.wait()
        return "made"


async def test_whoever_asks_while_it_is_made_waits_for_the_same() -> None:
    shelf, maker = PlanShelf(), Maker()
    asked = [shelf.get("plan", maker.make) for _ in range(3)]
    maker.may.set()
    assert await asyncio.gather(*asked) == ["made"] * 3
    assert await shelf.get("plan", maker.make) == "made"
    assert maker.made == 1


async def test_who_gives_up_finds_it_made_the_next_time() -> None:
    shelf, maker = PlanShelf(), Maker()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await shelf.get("plan", maker.make)
    assert "plan" in shelf
    maker.may.set()
    assert await shelf.get("plan", maker.make) == "made"
    assert maker.made == 1


async def test_what_failed_is_made_anew() -> None:
    shelf, maker = PlanShelf(), Maker()

    async def fail() -> str:
        raise ValueError("damaged")

    with pytest.raises(ValueError, match="damaged"):
        await shelf.get("plan", fail)
    assert "plan" not in shelf
    maker.may.set()
    assert await shelf.get("plan", maker.make) == "made"


async def test_what_was_not_looked_at_for_longest_goes_first() -> None:
    shelf, maker = PlanShelf(), Maker()
    maker.may.set()
    for number in range(MOST_KEPT):
        await shelf.get(number, maker.make)
    await shelf.get(0, maker.make)
    await shelf.get("one more", maker.make)
    assert 0 in shelf
    assert 1 not in shelf


async def test_closed_it_stops_what_is_being_made() -> None:
    shelf, maker = PlanShelf(), Maker()
    asked = shelf.get("plan", maker.make)
    await asyncio.sleep(0)
    await shelf.close()
    with pytest.raises(asyncio.CancelledError):
        await asked
