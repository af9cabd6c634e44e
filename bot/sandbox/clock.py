"""The stand-in's one clock: waits and expiries follow it, and a test may move it."""

import asyncio
import time
from contextlib import suppress


class Clock:
    """Time that runs with the machine's, `speed` times as fast, and can be moved forward.

    Raises ValueError for a speed that is not above zero.
    """

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"A clock cannot run {speed:g} times as fast. Give a speed above 0.")
        self.speed = speed
        self._started = time.time()
        self._moved_by = 0.0
        self._moved = asyncio.Event()
        self._sleepers = 0
        self._slept = asyncio.Event()

    def now(self) -> float:
        """Seconds since 1970 as the stand-in counts them."""
        return self._started + (time.time() - self._started) * self.speed + self._moved_by

    def real(self, seconds: float) -> float:
        """How many of the machine's seconds pass while this clock counts `seconds`."""
        return seconds / self.speed

    def machine(self) -> float:
        """Seconds since 1970 as the machine counts them: for signatures and message stamps."""
        return time.time()

    def advance(self, seconds: float) -> None:
        """Move the clock forward and wake whoever sleeps until a moment now past."""
        self._moved_by += seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Return once the clock has gone `seconds` further, by itself or because it was moved."""
        until = self.now() + seconds
        self._sleepers += 1
        self._slept.set()
        try:
            while (left := until - self.now()) > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self.real(left)):
                        await self._moved.wait()
        finally:
            self._sleepers -= 1

    async def slept(self, *, by: int) -> None:
        """Wait until at least `by` sleepers wait for the clock, so that a test may move it."""
        while self._sleepers < by:
            self._slept.clear()
            await self._slept.wait()
