"""The index of names in this process: read from the database, and again after each import."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.finding import MOST_MATCHES, NAMES, Matches, NameIndex
from store.copying import copied_out

PATIENCE = 1.0
"""How many seconds a search waits for the names of an import that was just made."""

CUSTOMERS = "SELECT id, id, name FROM customers"
LOCATIONS = "SELECT id, customer_id, name FROM locations"
VERSION = text("SELECT coalesce(max(id), 0) FROM imports")

Connect = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class NameShelf:
    """Keeps the newest index of names that this process has made."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._index: NameIndex | None = None
        self._version = -1
        self._reading: asyncio.Task[None] | None = None

    async def index(self, version: int) -> NameIndex:
        """The index as of an import.

        Where its names are still being read after PATIENCE (a million take a few seconds), the index
        before it answers; there is always one after the first.
        """
        while self._index is None or self._version < version:
            reading = self._read()
            done, _ = await asyncio.wait({reading}, timeout=PATIENCE)
            if done:
                reading.result()
            elif self._index:
                break
        return self._index

    @property
    def is_ready(self) -> bool:
        """Whether names were read at all."""
        return self._index is not None

    async def close(self) -> None:
        """Stop reading."""
        if self._reading:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    def _read(self) -> asyncio.Task[None]:
        """The reading that is under way, or a new one; it goes on when who asked for it gives up."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_names())
            self._reading.add_done_callback(_failure_heard)
        return self._reading

    async def _read_names(self) -> None:
        async with self._connect() as connection:
            version = (await connection.execute(VERSION)).scalar_one()
            customers = await copied_out(connection, CUSTOMERS, NAMES)
            locations = await copied_out(connection, LOCATIONS, NAMES)
        self._index = await asyncio.to_thread(NameIndex, customers, locations)
        self._version = version


class Names:
    """Customers and locations by what people call them, as of the first look over a connection."""

    def __init__(self, connection: AsyncConnection, shelf: NameShelf) -> None:
        self._connection = connection
        self._shelf = shelf
        self._index: NameIndex | None = None

    async def index(self) -> NameIndex:
        """All names."""
        if self._index is None:
            version = (await self._connection.execute(VERSION)).scalar_one()
            self._index = await self._shelf.index(version)
        return self._index

    async def find(self, typed: str, *, most: int = MOST_MATCHES) -> Matches:
        """What `typed` may mean; see `NameIndex.find`."""
        return (await self.index()).find(typed, most=most)


def _failure_heard(reading: asyncio.Task[None]) -> None:
    """Who waits hears of a failure; where nobody waits any more, the next one reads again."""
    if not reading.cancelled():
        reading.exception()
