"""The scanner: a real clamd where this machine has one, and a peer that speaks its protocol."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.scanner import Scanner
from handlers.scanning import Found, ScannerUnavailable
from rules.clearance import Scan
from tests.clamd import EICAR, FOUND, clamd_folder, running_clamd


async def given(data: bytes, *, of: int = 70_000) -> AsyncIterator[bytes]:
    for begin in range(0, len(data), of):
        yield data[begin : begin + of]


@pytest.fixture
async def clamd() -> AsyncIterator[Scanner]:
    """A clamd that knows one virus."""
    with clamd_folder() as folder:
        async with running_clamd(folder) as scanner:
            yield scanner


async def test_clamd_tells_a_clean_file_from_one_it_knows(clamd: Scanner) -> None:
    assert await clamd.scan(given(b"menu" * 50_000)) == Found(Scan.clean)
    assert await clamd.scan(given(b"")) == Found(Scan.clean)
    assert await clamd.scan(given(EICAR)) == Found(Scan.infected, FOUND)
    assert (await clamd.version()).startswith("ClamAV ")


async def test_a_file_larger_than_clamd_takes_is_said_to_be(clamd: Scanner) -> None:
    found = await clamd.scan(given(bytes(3_000_000)))
    assert found.scan is Scan.too_large


Answer = Callable[[bytes], bytes | None]


@asynccontextmanager
async def peer(answer: Answer, *, patience: float = 5) -> AsyncIterator[Scanner]:
    """What speaks as clamd does; None hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        command = await reader.readuntil(b"\0")
        data = b""
        while command == b"zINSTREAM\0":
            (size,) = struct.unpack("!L", await reader.readexactly(4))
            if not size:
                break
            data += await reader.readexactly(size)
        if (said := answer(data)) is not None:
            writer.write(said)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server:
        yield Scanner(f"tcp://{host}:{port}", patience)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (b"stream: OK\0", Found(Scan.clean)),
        (b"stream: Eicar-Signature FOUND\0", Found(Scan.infected, "Eicar-Signature")),
        (
            b"stream: Heuristics.Encrypted.Zip FOUND\0",
            Found(Scan.unreadable, "Heuristics.Encrypted.Zip"),
        ),
        (b"INSTREAM size limit exceeded. ERROR\0", Found(Scan.too_large)),
    ],
)
async def test_each_answer_is_understood(said: bytes, found: Found) -> None:
    async with peer(lambda _: said) as scanner:
        assert await scanner.scan(given(b"menu")) == found


async def test_all_bytes_come_in_their_order_however_they_are_cut() -> None:
    data = bytes(range(256)) * 4_000
    came: list[bytes] = []

    def clean(got: bytes) -> bytes:
        came.append(got)
        return b"stream: OK\0"

    async with peer(clean) as scanner:
        for size in (1_000, 300_000, len(data)):
            assert await scanner.scan(given(data, of=size)) == Found(Scan.clean)
    assert came == [data] * 3


@pytest.mark.parametrize(
    "said", [None, b"", b"stream: OK", b"stream: Out of memory ERROR\0", b"OK then\0", b"x" * 9_000]
)
async def test_whatever_else_it_says_is_no_clean_bill(said: bytes | None) -> None:
    async with peer(lambda _: said) as scanner:
        with pytest.raises(ScannerUnavailable, match="wait until"):
            await scanner.scan(given(b"menu"))


async def test_a_scanner_that_is_away_is_told_in_words() -> None:
    for nowhere in ("tcp://127.0.0.1:9", "unix:///nowhere/clamd.ctl"):
        with pytest.raises(ScannerUnavailable, match="cannot be reached"):
            await Scanner(nowhere).scan(given(b"menu"))


async def test_a_source_that_breaks_is_no_answer_of_the_scanner() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"menu"
        raise ConnectionResetError("the source broke")

    async with peer(lambda _: b"stream: OK\0") as scanner:
        with pytest.raises(ConnectionResetError, match="the source broke"):
            await scanner.scan(broken())
