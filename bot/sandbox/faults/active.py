"""The faults at work: begun, struck, counted down and lifted."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Literal, TypeVar

from bot.sandbox.clock import Clock
from bot.sandbox.faults.fault import CallFault, Change, Fault, Slowness
from bot.sandbox.live import Live

F = TypeVar("F", bound=Fault)


class ActiveFaults:
    """The faults at work, oldest first; open pages are told of each change."""

    def __init__(self, clock: Clock, live: Live) -> None:
        self._clock = clock
        self._live = live
        self._faults: list[Fault] = []
        self._underway: set[asyncio.Task[None]] = set()
        self.closing = asyncio.Event()

    def all(self) -> list[Fault]:
        """The faults at work, oldest first."""
        return list(self._faults)

    def begin(self, fault: F) -> F:
        """Put a fault to work."""
        self._faults.append(fault)
        self._tell()
        return fault

    def lift(self, fault_id: str) -> None:
        """End a fault, and take back what it changed.

        Raises LookupError when it is over already.
        """
        fault = next((fault for fault in self._faults if fault.id == fault_id), None)
        if fault is None:
            raise LookupError("This fault is over already.")
        self._faults.remove(fault)
        if isinstance(fault, Change):
            fault.undo()
        self._tell()

    def lift_all(self) -> None:
        """End every fault, the latest first."""
        for fault in reversed(self.all()):
            self.lift(fault.id)

    def find(self, kind: type[F]) -> F | None:
        """The oldest fault of a kind, not counted."""
        return next((fault for fault in self._faults if isinstance(fault, kind)), None)

    def take(self, kind: type[F], strikes: Callable[[F], bool] = lambda _fault: True) -> F | None:
        """The oldest fault of a kind that strikes, counted once."""
        for fault in self._faults:
            if isinstance(fault, kind) and strikes(fault):
                self._count(fault)
                return fault
        return None

    def take_call(self, method: str) -> CallFault | None:
        """The fault that strikes this call of the Web API, counted once."""
        return self.take(CallFault, lambda fault: fault.is_about(method))

    def _count(self, fault: Fault) -> None:
        if fault.left is None:
            return
        fault.left -= 1
        if fault.left == 0:
            self._faults.remove(fault)
        self._tell()

    async def slow_down(self, what: Literal["calls", "deliveries"]) -> None:
        """Return after what a slow network costs, in the machine's seconds."""
        slow = self.take(Slowness, lambda fault: bool(getattr(fault, what)))
        if slow is None:
            return
        seconds = slow.seconds + random.uniform(-slow.jitter, slow.jitter)  # noqa: S311 - no secret
        # On the clock, so that a test can move it; at its speed, so that the app feels each second.
        await self._clock.sleep(max(0.0, seconds) * self._clock.speed)

    def later(self, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        """Do something in the background after so many seconds of the clock."""

        async def wait() -> None:
            await self._clock.sleep(seconds)
            await work()

        self._start(wait())

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._underway.add(task)
        task.add_done_callback(self._underway.discard)

    async def close(self) -> None:
        """Let go of calls that are kept waiting, and give up what was to come later."""
        self.closing.set()
        for task in self._underway:
            task.cancel()
        await asyncio.gather(*self._underway, return_exceptions=True)

    def _tell(self) -> None:
        self._live.tell({"type": "faults"})
