"""A cable to a server: what browsers send runs through it, until somebody pulls it out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

AT_ONCE = 64 * 1024


class Cable:
    """A way to an address of `http://host:port`, with an address of its own. Nothing is changed on it.

    `carried` counts the bytes that went to the server; beyond `most` it is pulled by itself. `brought`
    counts those that came back.
    """

    def __init__(self, to: str) -> None:
        self._to = urlsplit(to)
        self._ends: set[asyncio.StreamWriter] = set()
        self._is_in = True
        self.carried = 0
        self.brought = 0
        self.most: int | None = None
        self.address = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Cable"]:
        """Carry until the end of the block."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            yield self
            self.pull()

    def pull(self) -> None:
        """End all that is under way, and let nobody through."""
        self._is_in = False
        for end in self._ends:
            end.transport.abort()

    @property
    def is_idle(self) -> bool:
        """Whether nobody has a connection through it."""
        return not self._ends

    def put_in(self) -> None:
        """Let everything through again."""
        self.most = None
        self._is_in = True

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._is_in:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection(self._to.hostname, self._to.port)
        self._ends |= {writer, back}
        with suppress(ConnectionError):
            await asyncio.gather(self._pump(reader, back, counts=True), self._pump(there, writer))
        self._ends -= {writer, back}
        for end in (writer, back):
            end.transport.abort()

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, counts: bool = False
    ) -> None:
        with contextlib.closing(sink):
            while chunk := await source.read(AT_ONCE):
                if counts:
                    self.carried += len(chunk)
                    if self.most is not None and self.carried > self.most:
                        self.pull()
                        return
                else:
                    self.brought += len(chunk)
                sink.write(chunk)
                await sink.drain()
