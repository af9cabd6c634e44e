"""The moment Slack takes for an uploaded file before its type is known and it can be shown.

Captured: https://github.com/slackapi/python-slack-sdk/issues/1521 (about a second), and
https://github.com/slackapi/node-slack-sdk/issues/2260 (the message with the file comes later).
"""

import asyncio
from collections.abc import Callable

from bot.sandbox.clock import Clock

TAKES = 1.0


class Processing:
    """Files on their way, by the stand-in's clock; after a restart all have arrived."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ready_at: dict[str, float] = {}
        self._waiting: dict[asyncio.Task[None], Callable[[], None]] = {}

    def start(self, file_id: str) -> None:
        """Begin with a file that was uploaded now."""
        self._ready_at[file_id] = self._clock.now() + TAKES

    def is_done(self, file_id: str) -> bool:
        """Whether a file can be shown."""
        return self._clock.now() >= self._ready_at.get(file_id, 0.0)

    def afterwards(self, work: Callable[[], None]) -> None:
        """Do `work` once what was started now is done."""
        task = asyncio.get_running_loop().create_task(self._wait(work))
        self._waiting[task] = work
        task.add_done_callback(lambda done: self._waiting.pop(done, None))

    async def _wait(self, work: Callable[[], None]) -> None:
        await self._clock.sleep(TAKES)
        work()

    async def close(self) -> None:
        """Do at once what still waits, so that no message is lost."""
        waiting, self._waiting = self._waiting, {}
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for work in waiting.values():
            work()
