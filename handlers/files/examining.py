"""Looking at the bytes of a file ourselves: how many, which, of what kind, and what is in them."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from handlers.files.looking_inside import Ends, Reads, look_inside
from handlers.scanning import Found, Scanner, ScannerUnavailable
from rules.clearance import Scan
from rules.media_types import LOOKED_AT, media_type
from rules.programs import Runs, runs
from rules.seal import Seal

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Examined:
    """What was found: bytes, their SHA-256 in hex, their media type, and what the scanner says.

    `seal` is what the bytes themselves say of their encryption, `runs` what opening them sets going.
    """

    size: int
    sha256: str
    media_type: str
    found: Found
    seal: Seal = Seal.unknown
    runs: Runs = Runs.nothing


async def examine(
    source: AsyncGenerator[bytes, None], *, name: str, scanner: Scanner | None, reads: Reads
) -> Examined:
    """Read a source to its end, once, and close it; nothing of it is kept but a few bytes.

    `reads` gives pieces of the same bytes, for what only those in the middle of them can tell. A
    scanner that is away leaves `Scan.waiting`: what it did not see is not known to be well. Raises
    whatever the source raises, or `reads`.
    """
    look = _Look()
    async with aclosing(_seen(source, look)) as seen:
        found = await _scanned(seen, scanner)
        async for _ in seen:
            pass  # The scanner may have seen enough before the end.
    kind = media_type(bytes(look.head), look.tail, name)
    inside = await look_inside(Ends(bytes(look.head), look.tail, look.size), kind, reads)
    does = runs(bytes(look.head), name, kind, inside)
    return Examined(look.size, look.sha256.hexdigest(), kind, found, inside.seal, does)


class _Look:
    """What is kept of bytes that stream past."""

    def __init__(self) -> None:
        self.size = 0
        self.sha256 = hashlib.sha256()
        self.head = bytearray()
        self.tail = b""

    async def at(self, chunk: bytes) -> None:
        """Take in what comes next."""
        self.size += len(chunk)
        self.head += chunk[: LOOKED_AT - len(self.head)]
        self.tail = (self.tail + chunk[-LOOKED_AT:])[-LOOKED_AT:]
        # Beside the loop: SHA-256 of a megabyte takes longer than others should wait.
        await asyncio.to_thread(self.sha256.update, chunk)


async def _seen(source: AsyncGenerator[bytes, None], look: _Look) -> AsyncGenerator[bytes, None]:
    async with aclosing(source):
        async for chunk in source:
            await look.at(chunk)
            yield chunk


async def _scanned(seen: AsyncGenerator[bytes, None], scanner: Scanner | None) -> Found:
    if scanner is None:
        return Found(Scan.off)
    try:
        return await scanner.scan(seen)
    except ScannerUnavailable as away:
        log.warning("a file waits for the scanner", reason=str(away))
        return Found(Scan.waiting)
