"""Looking into a RAR archive: its blocks, one after the other, say whether they are encrypted.

technote.txt of RAR 5.0 and of RAR 4.x.
"""

import struct

from rules.pieces import Look, Pieces
from rules.seal import Seal

SIGN_4, SIGN_5 = b"Rar!\x1a\7\0", b"Rar!\x1a\7\1\0"
MOST_BLOCKS = 64
"""Archives have one password, so the first entries say it; each block is a piece of its own to read."""
MAIN_4, FILE_4, END_4 = 0x73, 0x74, 0x7B
HEADERS_SEALED_4, FILE_SEALED_4, HAS_DATA_4, IS_LARGE_4 = 0x0080, 0x0004, 0x8000, 0x0100
FILE_5, SEALED_5, END_5 = 2, 4, 5
HAS_EXTRA_5, HAS_DATA_5 = 0x0001, 0x0002
ENCRYPTION_5 = 1
SHORTEST_4 = 7
LONGEST_HEADER = 4096


def look_into_rar(file: Pieces, head: bytes) -> Look[Seal]:
    """How a file that begins with one of the signs is sealed."""
    is_5 = head.startswith(SIGN_5)
    at = len(SIGN_5 if is_5 else SIGN_4)
    for _ in range(MOST_BLOCKS):
        block = yield from file.read(at, LONGEST_HEADER)
        found = _block_5(block) if is_5 else _block_4(block)
        if found is None:
            return Seal.unknown
        is_sealed, is_end, length = found
        if is_sealed:
            return Seal.rar
        at += length
        if at > file.size:
            return Seal.unknown
        if is_end or at == file.size:
            return Seal.open
    return Seal.open


def _block_4(block: bytes) -> tuple[bool, bool, int] | None:
    """Whether a block says that something is encrypted, whether it is the last, and its length."""
    if len(block) < SHORTEST_4:
        return None
    kind, flags, size = struct.unpack_from("<BHH", block, 2)
    if size < SHORTEST_4:
        return None
    data = int.from_bytes(block[7:11], "little") if flags & HAS_DATA_4 or kind == FILE_4 else 0
    if kind == FILE_4 and flags & IS_LARGE_4:
        data |= int.from_bytes(block[32:36], "little") << 32
    is_sealed = (kind == MAIN_4 and flags & HEADERS_SEALED_4) or (
        kind == FILE_4 and flags & FILE_SEALED_4
    )
    return bool(is_sealed), kind == END_4, size + data


def _block_5(block: bytes) -> tuple[bool, bool, int] | None:
    """The same of RAR 5."""
    size, at = _number(block, 4)
    begins = at
    kind, at = _number(block, at)
    flags, at = _number(block, at)
    extra, at = _number(block, at) if flags & HAS_EXTRA_5 else (0, at)
    data, at = _number(block, at) if flags & HAS_DATA_5 else (0, at)
    if not size or at > len(block):
        return None
    ends = begins + size
    is_sealed = kind == SEALED_5 or (
        kind == FILE_5 and _has_record(block[max(begins, ends - extra) : ends], ENCRYPTION_5)
    )
    return is_sealed, kind == END_5, ends + data


def _has_record(area: bytes, wanted: int) -> bool:
    """Whether one of the records of an extra area is of this kind."""
    at = 0
    while at < len(area):
        size, kind_at = _number(area, at)
        if _number(area, kind_at)[0] == wanted:
            return True
        if not size:
            return False
        at = kind_at + size
    return False


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends: past the data where it is cut."""
    value = 0
    for place, byte in enumerate(data[at : at + 10]):
        value |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            return value, at + place + 1
    return 0, len(data) + 1
