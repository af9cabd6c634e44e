"""Waiting for something to happen, but not for ever."""

import asyncio
import contextlib


async def at_most(seconds: float, event: asyncio.Event) -> None:
    """Wait until the event is set, at most so many seconds.

    asyncio.wait_for loses a cancellation that comes in the moment of the event, before Python 3.12:
    what runs until it is cancelled would then run for ever.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
