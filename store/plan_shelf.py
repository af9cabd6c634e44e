"""What was made of plans lately, at hand for the next look: a plan never changes, so neither does this."""

import asyncio
from asyncio import Future
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, TypeVar

MOST_KEPT = 8
"""Of a plan for a million locations each takes some hundred megabytes."""

Made = TypeVar("Made")


class PlanShelf:
    """Makes each thing once, whoever asks meanwhile, and to the end: who gives up finds it next time."""

    def __init__(self) -> None:
        self._made: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        """Whether this is at hand, or is being made."""
        made = self._made.get(key)
        return made is not None and not (made.done() and (made.cancelled() or made.exception()))

    def get(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, Made]]) -> Future[Made]:
        """What was made for this key, or is being made, or is from now on."""
        if key not in self:
            making = asyncio.create_task(make())
            making.add_done_callback(_failure_heard)
            self._made[key] = making
        self._made.move_to_end(key)
        while len(self._made) > MOST_KEPT:
            self._made.popitem(last=False)
        return asyncio.shield(self._made[key])

    async def close(self) -> None:
        """Wait for nothing any more."""
        for each in self._made.values():
            each.cancel()
        await asyncio.gather(*self._made.values(), return_exceptions=True)


def _failure_heard(making: Future[Any]) -> None:
    """Who waits hears of a failure; where nobody does, the next one makes it anew."""
    if not making.cancelled():
        making.exception()
