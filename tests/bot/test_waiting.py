"""Waiting for something to happen, but not for ever."""

import asyncio

import pytest

from bot.waiting import at_most


async def test_it_ends_with_the_event_or_with_the_time() -> None:
    event = asyncio.Event()
    await at_most(0.01, event)
    assert not event.is_set()

    event.set()
    await at_most(3_600, event)


@pytest.mark.parametrize("turns", range(6))
async def test_who_is_cancelled_as_it_happens_is_cancelled(turns: int) -> None:
    event = asyncio.Event()
    waiting = asyncio.create_task(at_most(3_600, event))
    await asyncio.sleep(0)

    event.set()
    for _ in range(turns):
        if not waiting.done():
            await asyncio.sleep(0)
    was_over = waiting.done()
    waiting.cancel()
    await asyncio.wait({waiting})

    assert was_over or waiting.cancelled()
