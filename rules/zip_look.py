"""Looking into a ZIP archive: the list at its end says of each entry whether it is encrypted.

APPNOTE.TXT 6.3.10 of PKWARE: the end 4.3.16, its 64-bit form 4.3.14 and 4.3.15, the list 4.3.12.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from rules.pieces import LARGEST, Look, Pieces
from rules.seal import Inside, Seal

END, END_64, LOCATOR, ENTRY, LOCAL = b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\1\2", b"PK\3\4"
END_SIZE, END_64_SIZE, LOCATOR_SIZE, ENTRY_SIZE, LOCAL_SIZE = 22, 56, 20, 46, 30
LONGEST_COMMENT = 65_535
FULL_16, FULL_32 = 0xFFFF, 0xFFFF_FFFF
ENCRYPTED = 0x0001 | 0x0040 | 0x2000
"""Flags: encrypted, strongly, and with an encrypted list."""
AES = 99
FIELD_SIZE = 4
SEALS = frozenset({0x9901, 0x0017})
"""Extra fields of AES (WinZip) and of strong encryption (PKWARE)."""
DEFLATED = 8
MANIFEST = b"META-INF/manifest.xml"
SEALED_PART = b"encryption-data"
"""How ISO/IEC 26300-2 names it in that list, where an office document is encrypted."""
MACROS = b"vbaProject.bin"
LONGEST_MANIFEST = 4 * LARGEST
MOST_LOCAL = 20
"""Entries of which what stands before their own bytes is read too: it may say what the list does not."""


@dataclass(slots=True)
class _Listed:
    """What the list of an archive says, as far as it was read."""

    is_sealed: bool = False
    has_macros: bool = False
    manifest_at: int | None = None
    count: int = 0
    first_at: list[int] = field(default_factory=list)


def look_into_zip(file: Pieces, head: bytes) -> Look[Inside]:
    """What is in a file that ends as an archive does; a broken one is what its first entry says."""
    end = yield from _end(file)
    if end is None:
        return Inside(_of_first(head))
    moved, *where = end
    listed = yield from _list(file, *where)
    if listed is None:
        return Inside(_of_first(head))
    seal = Seal.zip if listed.is_sealed else _of_first(head)
    if seal is Seal.unknown:
        seal = yield from _of_locals(file, [moved + at for at in listed.first_at])
    if seal is Seal.open and listed.manifest_at is not None:
        seal = yield from _of_manifest(file, moved + listed.manifest_at)
    return Inside(seal, listed.has_macros)


def _of_first(head: bytes) -> Seal:
    is_begun = head.startswith(LOCAL) and len(head) >= LOCAL_SIZE
    is_sealed = is_begun and _u16(head, 6) & ENCRYPTED
    return Seal.zip if is_sealed else Seal.unknown


def _of_locals(file: Pieces, offsets: Sequence[int]) -> Look[Seal]:
    """What the first entries say where they stand, whatever is said of them in the list."""
    for at in offsets:
        local = yield from file.read(at, LOCAL_SIZE)
        if not local.startswith(LOCAL):
            return Seal.unknown
        if _of_first(local) is Seal.zip:
            return Seal.zip
    return Seal.open


def _end(file: Pieces) -> Look[tuple[int, int, int, int] | None]:
    """How far the archive is moved, where its list begins and ends, and how many entries it has.

    They are counted to 65,535. An end of no entries is believed of a file that is nothing but that:
    behind other bytes it says nothing of them.
    """
    from_ = max(0, file.size - END_SIZE - LONGEST_COMMENT - LOCATOR_SIZE)
    tail = yield from file.read(from_, file.size - from_)
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        return None
    count, size, offset = struct.unpack_from("<H2L", tail, at + 10)
    ends = from_ + at
    if count == FULL_16 or FULL_32 in (size, offset):
        located = tail[max(0, at - LOCATOR_SIZE) : at]
        if located.startswith(LOCATOR):
            [where] = struct.unpack_from("<Q", located, 8)
            for ends_64 in (where, ends - LOCATOR_SIZE - END_64_SIZE):
                record = yield from file.read(ends_64, END_64_SIZE)
                if len(record) == END_64_SIZE and record.startswith(END_64):
                    count, size, offset = struct.unpack_from("<3Q", record, 32)
                    ends = ends_64
                    break
    # What stands before an archive (a program that unpacks it) moves its list; so it is also looked
    # for by where it ends.
    for begins in (ends - size, offset):
        sign = yield from file.read(begins, len(ENTRY))
        if sign == ENTRY or (count == 0 and size == 0 and ends == 0):
            return begins - offset, begins, ends, count
    return None


def _list(file: Pieces, at: int, ends: int, count: int) -> Look[_Listed | None]:
    """What the list says; None where it is not one, or ends too soon. Stops at what is encrypted."""
    listed = _Listed()
    while at < ends and not listed.is_sealed:
        piece = yield from file.read(at, ends - at)
        used = _entries(piece, listed)
        if not used:
            break
        at += used
    is_whole = listed.count & FULL_16 == count & FULL_16
    return listed if is_whole or listed.is_sealed else None


def _entries(piece: bytes, listed: _Listed) -> int:
    """Take in the entries that are whole in a piece; gives how many bytes they have."""
    at = 0
    while piece.startswith(ENTRY, at) and len(piece) - at >= ENTRY_SIZE:
        named, extra, comment = struct.unpack_from("<3H", piece, at + 28)
        name_at = at + ENTRY_SIZE
        ends = name_at + named + extra + comment
        if ends > len(piece):
            break
        name = piece[name_at : name_at + named]
        fields = piece[name_at + named : name_at + named + extra]
        listed.count += 1
        if len(listed.first_at) < MOST_LOCAL:
            listed.first_at += struct.unpack_from("<L", piece, at + 42)
        listed.has_macros |= name.endswith(MACROS)
        if name == MANIFEST:
            [listed.manifest_at] = struct.unpack_from("<L", piece, at + 42)
        at = ends
        if _u16(piece, name_at - ENTRY_SIZE + 8) & ENCRYPTED or _is_aes(
            piece, name_at - ENTRY_SIZE, fields
        ):
            listed.is_sealed = True
            break
    return at


def _is_aes(piece: bytes, at: int, fields: bytes) -> bool:
    if _u16(piece, at + 10) == AES:
        return True
    field = 0
    while len(fields) - field >= FIELD_SIZE:
        if _u16(fields, field) in SEALS:
            return True
        field += FIELD_SIZE + _u16(fields, field + 2)
    return False


def _of_manifest(file: Pieces, at: int) -> Look[Seal]:
    """An office document of ISO/IEC 26300 says in a list of its own which of its parts are encrypted."""
    local = yield from file.read(at, LOCAL_SIZE)
    if len(local) < LOCAL_SIZE or not local.startswith(LOCAL):
        return Seal.unknown
    method, named, extra = _u16(local, 8), _u16(local, 26), _u16(local, 28)
    packed = yield from file.read(at + LOCAL_SIZE + named + extra, LARGEST)
    try:
        said = _unpacked(packed) if method == DEFLATED else packed
    except zlib.error:
        return Seal.unknown
    return Seal.open_document if SEALED_PART in said else Seal.open


def _unpacked(packed: bytes) -> bytes:
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, LONGEST_MANIFEST)


def _u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")
