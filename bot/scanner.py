"""The virus scanner: asks clamd (ClamAV) about the bytes of a file while they stream past.

The protocol is that of clamd(8), INSTREAM: chunks with their lengths before them, and one line back.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from handlers.scanning import Found, ScannerUnavailable
from rules.clearance import Scan

PATIENCE = 60.0
"""Seconds for the scanner to take a chunk, or to make up its mind at the end."""
LONGEST_ANSWER = 4_096
CHUNK = 128 * 1024
TOO_LARGE = "INSTREAM size limit exceeded. ERROR"
ENCRYPTED = "Heuristics.Encrypted."
"""What clamd calls an encrypted file, where its setting AlertEncrypted is on."""


@dataclass(frozen=True)
class Scanner:
    """A clamd at an address: `unix:///run/clamav/clamd.ctl`, or `tcp://clamav:3310`.

    It sees all bytes in the clear, so on a network of its own it belongs, or on this machine.
    """

    address: str
    patience: float = PATIENCE

    async def scan(self, source: AsyncIterator[bytes]) -> Found:
        """What is in the bytes that a source gives; it need not be read to its end.

        Raises ScannerUnavailable, and whatever the source raises.
        """
        async with self._asked("INSTREAM") as line:
            async for chunk in source:
                if not await self._took(line, chunk):
                    # It said what it has to say and hung up: enough, or too much.
                    break
            else:
                await self._took(line, b"")
            return _read(await self._answer(line))

    async def version(self) -> str:
        """What it is and how old its knowledge, as it says itself; raises ScannerUnavailable."""
        async with self._asked("VERSION") as line:
            return await self._answer(line)

    async def _took(self, line: socket.socket, chunk: bytes) -> bool:
        """Whether it took a chunk in; the empty one is the end."""
        pieces = [chunk[begin : begin + CHUNK] for begin in range(0, len(chunk), CHUNK)]
        loop = asyncio.get_running_loop()
        try:
            for piece in pieces or [b""]:
                async with asyncio.timeout(self.patience):
                    await loop.sock_sendall(line, struct.pack("!L", len(piece)) + piece)
        except ConnectionError:
            return False
        except TimeoutError as error:
            raise self._away("it takes nothing in") from error
        return True

    async def _answer(self, line: socket.socket) -> str:
        loop, answer = asyncio.get_running_loop(), b""
        try:
            async with asyncio.timeout(self.patience):
                while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
                    said = await loop.sock_recv(line, LONGEST_ANSWER)
                    if not said:
                        break
                    answer += said
        except (TimeoutError, ConnectionError) as error:
            raise self._away("it says nothing") from error
        if not answer.endswith(b"\0"):
            raise self._away("it did not end what it said")
        return answer.rstrip(b"\0").decode(errors="replace").strip()

    @asynccontextmanager
    async def _asked(self, command: str) -> AsyncIterator[socket.socket]:
        """A socket, not asyncio's streams: these forget an answer that came before the line broke."""
        try:
            async with asyncio.timeout(self.patience):
                line = await self._connected()
                await asyncio.get_running_loop().sock_sendall(line, f"z{command}\0".encode())
        except (OSError, TimeoutError) as error:
            raise self._away("it cannot be reached") from error
        with line:
            yield line

    async def _connected(self) -> socket.socket:
        loop = asyncio.get_running_loop()
        family, address = await self._place()
        line = socket.socket(family)
        line.settimeout(0)
        try:
            await loop.sock_connect(line, address)
        except BaseException:
            line.close()
            raise
        return line

    async def _place(self) -> tuple[int, Any]:
        """The family of its address, and the address as sockets of the family have it."""
        place = urlsplit(self.address)
        if place.scheme == "unix":
            return socket.AF_UNIX, place.path
        loop = asyncio.get_running_loop()
        known = await loop.getaddrinfo(place.hostname, place.port, type=socket.SOCK_STREAM)
        return known[0][0], known[0][4]

    def _away(self, why: str) -> ScannerUnavailable:
        return ScannerUnavailable(
            f"The scanner at {self.address} cannot say whether a file is clean: {why}. "
            "Files wait until it can."
        )


def _read(answer: str) -> Found:
    """What an answer means; one that nobody knows is no clean bill. Raises ScannerUnavailable."""
    words = answer.removeprefix("stream: ")
    if words == "OK":
        return Found(Scan.clean)
    if answer == TOO_LARGE:
        return Found(Scan.too_large)
    if name := words.removesuffix(" FOUND") if words.endswith(" FOUND") else "":
        is_sealed = name.startswith(ENCRYPTED)
        return Found(Scan.unreadable if is_sealed else Scan.infected, name)
    raise ScannerUnavailable(f"The scanner said “{answer}”, and files wait until it says more.")
