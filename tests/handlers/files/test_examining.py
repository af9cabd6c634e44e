"""One look at bytes that stream past: all of them are counted, however little of them a scanner wants."""

import hashlib
import io
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from handlers.files.check_outcomes import INFECTED, OTHER_BYTES, trouble
from handlers.files.examining import Examined, examine
from handlers.files.looking_inside import Reads
from handlers.files.receiving_refusals import EMPTY
from handlers.scanning import Found, ScannerUnavailable
from rules.clearance import Classification, Scan
from rules.media_types import LOOKED_AT
from rules.pieces import Piece
from rules.seal import Seal
from store.shared_file_rows import SharedFileRow

DATA = b"%PDF-1.7\n" + bytes(range(256)) * 4_000
SHA256 = hashlib.sha256(DATA).hexdigest()


class Reader:
    """A scanner that takes in so many chunks, and then says what it was told to."""

    def __init__(self, most: int, says: Found | Exception) -> None:
        self.most, self.says = most, says

    async def scan(self, source: AsyncIterator[bytes]) -> Found:
        left = self.most
        async for _ in source:
            left -= 1
            if left <= 0:
                break
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    async def version(self) -> str:
        return "reader"


async def given(closed: list[bool], data: bytes = DATA) -> AsyncGenerator[bytes, None]:
    try:
        for begin in range(0, len(data), 70_001):
            yield data[begin : begin + 70_001]
    finally:
        closed.append(True)


@pytest.mark.parametrize("most", [1, 3, 10_000])
@pytest.mark.parametrize(
    ("says", "found"),
    [
        (Found(Scan.clean), Found(Scan.clean)),
        (Found(Scan.too_large), Found(Scan.too_large)),
        (ScannerUnavailable("away"), Found(Scan.waiting)),
    ],
)
async def test_all_bytes_are_looked_at_wherever_the_scanner_stops(
    most: int, says: Found | Exception, found: Found
) -> None:
    closed: list[bool] = []
    scanner = Reader(most, says)
    seen = await examine(given(closed), name="menus.txt", scanner=scanner, reads=pieces_of(DATA))
    assert seen == Examined(len(DATA), SHA256, "application/pdf", found)
    assert closed == [True]


async def test_without_a_scanner_that_is_said() -> None:
    seen = await examine(given([]), name="a", scanner=None, reads=pieces_of(DATA))
    assert seen.found == Found(Scan.off)


async def test_the_end_of_a_file_tells_what_it_is_however_its_chunks_fall() -> None:
    words = b"PK\x03\x04" + bytes(3 * LOOKED_AT) + b"[Content_Types].xmlxl/"
    seen = await examine(given([], words), name="a", scanner=None, reads=pieces_of(words))
    assert seen.media_type.endswith("spreadsheetml.sheet")


async def test_a_source_that_breaks_is_closed_and_breaks_the_look() -> None:
    async def broken() -> AsyncGenerator[bytes, None]:
        yield b"menus"
        raise ConnectionResetError("the source broke")

    scanner = Reader(9, Found(Scan.clean))
    with pytest.raises(ConnectionResetError):
        await examine(broken(), name="a", scanner=scanner, reads=pieces_of(b""))


async def test_what_only_the_middle_tells_is_read_there() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for each in range(4_000):
            archive.writestr(f"{each:0100}.csv", b"soup")
    data = bytearray(held.getvalue())
    plain = await examine(given([], bytes(data)), name="a", scanner=None, reads=pieces_of(data))
    data[data.index(b"PK\1\2") + 8] |= 1
    sealed = await examine(given([], bytes(data)), name="a", scanner=None, reads=pieces_of(data))
    assert (plain.seal, sealed.seal) == (Seal.open, Seal.zip)


def pieces_of(data: bytes | bytearray) -> Reads:
    async def reads(piece: Piece) -> bytes:
        return bytes(data[piece.start : piece.start + piece.length])

    return reads


def promised_as(size: int | None = None, sha256: str | None = None) -> SharedFileRow:
    now = datetime(2022, 1, 15, tzinfo=UTC)
    return SharedFileRow(
        parcel_id=uuid4(),
        title="Menus",
        file_name="menus.pdf",
        author="U1",
        uploaded_by="U1",
        uploaded_at=now,
        classification=Classification.customer,
        expires_at=now,
        state_since=now,
        promised_size=size,
        promised_sha256=sha256,
        key="files/4f",
    )


@pytest.mark.parametrize(
    ("promised", "found", "words"),
    [
        ((None, None), Found(Scan.clean), ""),
        ((len(DATA), SHA256), Found(Scan.off), ""),
        ((len(DATA) + 1, None), Found(Scan.clean), OTHER_BYTES),
        ((None, "0" * 64), Found(Scan.clean), OTHER_BYTES),
        ((len(DATA), SHA256), Found(Scan.infected, "Eicar"), INFECTED.format(name="Eicar")),
    ],
)
def test_what_is_not_what_was_promised_goes_no_further(
    promised: tuple[int | None, str | None], found: Found, words: str
) -> None:
    assert (
        trouble(promised_as(*promised), Examined(len(DATA), SHA256, "application/pdf", found))
        == words
    )


def test_an_empty_file_goes_no_further() -> None:
    empty = Examined(0, hashlib.sha256().hexdigest(), "text/plain", Found(Scan.clean))
    assert trouble(promised_as(), empty) == EMPTY.format(name="It")
