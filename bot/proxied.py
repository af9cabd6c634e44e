"""Bytes of a file that go out through us: whole and right, or the connection breaks off."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import structlog
from fastapi import Response
from starlette.types import Receive, Scope, Send

from handlers.portal_doors import Bytes
from rules.file_names import disposition
from store.file_links import NEVER_SHOWN
from store.file_streams import CutShort
from store.files import FilesUnavailable
from store.session import OutcomeUnknown, StoreUnavailable

log = structlog.get_logger(__name__)

STALLED_SECONDS = 60
"""Who takes nothing for so long has gone."""


ASK_EACH_SECONDS = 60
"""A download may take hours, and be taken back meanwhile."""


class _BrokenOff(Exception):
    """These are not the bytes that were delivered, nobody takes them any more, or nobody may."""


class Proxied(Response):
    """A download. Its last piece is held back until all before it came and the SHA-256 is right.

    So a browser never takes a part, or other bytes, for the file: it sees the download break off.
    """

    def __init__(self, answer: Bytes) -> None:
        super().__init__(media_type=NEVER_SHOWN)
        self.headers["Content-Length"] = str(answer.size)
        self.headers["Content-Disposition"] = disposition(answer.name)
        self.headers["Cache-Control"] = "private, no-store"
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's
        """Send all of it, unless whoever asked goes away; and say what came of it, whatever ends it."""
        is_whole = False
        try:
            is_whole = await self._sent_whole(receive, send)
        finally:
            await self._answer.rest.aclose()
            # Stopped in the middle, it is kept nevertheless that it broke off.
            await asyncio.shield(self._keep(is_whole=is_whole))

    async def _keep(self, *, is_whole: bool) -> None:
        try:
            await (self._answer.finished if is_whole else self._answer.broke_off)()
        except (StoreUnavailable, OutcomeUnknown) as error:
            log.warning("what came of a download could not be kept", reason=str(error))

    async def _sent_whole(self, receive: Receive, send: Send) -> bool:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        watching = asyncio.create_task(_gone(receive))
        sending = asyncio.create_task(self._send(send, watching))
        try:
            await asyncio.wait({sending, watching}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, watching):
                task.cancel()
            await asyncio.gather(sending, watching, return_exceptions=True)
        if sending.cancelled():
            log.info("a download was broken off by who asked for it")
            return False
        try:
            sending.result()
        except (CutShort, FilesUnavailable, StoreUnavailable, TimeoutError, _BrokenOff) as error:
            # What was sent cannot be called back: the connection ends before the length that was said.
            log.warning("a download broke off", reason=type(error).__name__)
            return False
        return True

    async def _send(self, send: Send, watching: "asyncio.Task[None]") -> None:
        digest, got, held = hashlib.sha256(), 0, b""
        async for chunk in self._chunks():
            await _sent(send, held)
            await asyncio.to_thread(digest.update, chunk)
            held, got = chunk, got + len(chunk)
            if got > self._answer.size:
                raise _BrokenOff
        if got != self._answer.size or digest.hexdigest() != self._answer.sha256:
            raise _BrokenOff
        await _sent(send, held)
        # The server takes nothing more, not even this, until what it has is on its way.
        await _sent(send, b"")
        await asyncio.sleep(0)
        if watching.done():
            raise _BrokenOff
        await _sent(send, b"", more=False)

    async def _chunks(self) -> AsyncIterator[bytes]:
        """All pieces, as long as they are theirs who takes them: that is asked anew each minute."""
        clock = asyncio.get_running_loop().time
        asked_at = clock()
        yield self._answer.first
        async for chunk in self._answer.rest:
            if clock() - asked_at >= ASK_EACH_SECONDS:
                if not await self._answer.is_theirs():
                    raise _BrokenOff
                asked_at = clock()
            yield chunk


async def _sent(send: Send, chunk: bytes, *, more: bool = True) -> None:
    async with asyncio.timeout(STALLED_SECONDS):
        await send({"type": "http.response.body", "body": chunk, "more_body": more})


async def _gone(receive: Receive) -> None:
    """Return when whoever asked hangs up."""
    while (await receive())["type"] != "http.disconnect":
        pass
