"""What is pushed to open browser clients as it happens."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection

from bot.sandbox.json_types import Json

# A reader this far behind is disconnected; its client reconnects and reads everything anew.
_BEHIND = 1000


class Listener:
    """One open connection of a person."""

    def __init__(self, user_id: str, *, inspects: bool) -> None:
        self.user_id = user_id
        self.inspects = inspects
        self.queue: asyncio.Queue[Json | None] = asyncio.Queue()

    def put(self, event: Json) -> None:
        """Hand over one event, or end the connection of a reader too far behind."""
        if self.queue.qsize() < _BEHIND:
            self.queue.put_nowait(event)
        elif self.queue.qsize() == _BEHIND:
            self.queue.put_nowait(None)


class Live:
    """The open connections."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def tell(self, event: Json, to: Collection[str] | None = None) -> None:
        """Push an event to the people in `to`, or to everyone."""
        for listener in self._listeners:
            if to is None or listener.user_id in to:
                listener.put(event)

    def tell_inspectors(self, describe: Callable[[], Json]) -> None:
        """Push an event to whoever inspects requests; described only if there is someone."""
        inspectors = [listener for listener in self._listeners if listener.inspects]
        if inspectors:
            event = describe()
            for listener in inspectors:
                listener.put(event)

    def watchers(self) -> set[str]:
        """The people with an open connection."""
        return {listener.user_id for listener in self._listeners}

    def open(self, user_id: str, *, inspects: bool) -> Listener:
        """Start listening; events from now on are kept for the connection."""
        listener = Listener(user_id, inspects=inspects)
        self._listeners.append(listener)
        return listener

    async def follow(self, listener: Listener) -> AsyncIterator[Json]:
        """The listener's events as they come, until the stand-in stops."""
        try:
            while (event := await listener.queue.get()) is not None:
                yield event
        finally:
            self._listeners.remove(listener)

    def close(self) -> None:
        """End every connection."""
        for listener in self._listeners:
            listener.queue.put_nowait(None)
