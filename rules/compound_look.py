"""Looking into a compound file, in which Office keeps what it encrypts, and all that its old programs write.

[MS-CFB] is the container; [MS-OFFCRYPTO] 2.3.4 what is encrypted in it, [MS-DOC] 2.5.2, [MS-XLS]
2.4.117 and [MS-PPT] 2.3.2 how the old programs do it.
"""

import struct
from dataclasses import dataclass

from rules.pieces import Look, Pieces
from rules.seal import Inside, Seal

SIGN = bytes.fromhex("d0cf11e0a1b11ae1")
HEADER = 512
IN_HEADER = 109
"""Places of the table of sectors that the header has itself."""
MOST_SECTORS = 48
"""Of the directory; what is looked for stands near its beginning."""
MOST_TABLES = 32
ENTRY = 128
NO_SECTOR = 0xFFFF_FFFA
"""From this number on they stand for none."""
IN_SHORT_SECTORS = 4096
"""Bytes; what is smaller is kept elsewhere."""
SECTOR_SHIFTS = (9, 12)
SEALED = frozenset({"EncryptedPackage", "EncryptedSummary"})
MACROS = "_VBA_PROJECT"
INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
WORD, IS_WORD, WORD_SEALED, WORD_HEADER = "WordDocument", 0xA5EC, 0x0100, 12
EXCEL, BEGINS_WORKBOOK, EXCEL_SEALED = ("Workbook", "Book"), 0x09, 0x002F
SLIDES = "PowerPoint Document"
RECORD = 4
MOST_RECORDS = 8
"""A workbook says that it is encrypted in one of its first records."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One stream of the directory: where its first sector is, and its bytes."""

    name: str
    sort: bytes
    sector: int
    size: int


class _Compound:
    """The container: where its sectors are, and which follows which."""

    def __init__(self, file: Pieces, header: bytes, shift: int) -> None:
        self.file, self.header = file, header
        self.sector_size = 1 << shift
        self.per_table = self.sector_size // 4
        self.tables: dict[int, bytes] = {}

    def sector(self, number: int) -> Look[bytes]:
        return (yield from self.file.read((number + 1) * self.sector_size, self.sector_size))

    def after(self, number: int) -> Look[int | None]:
        """The sector that follows; None where that cannot be found."""
        which, place = divmod(number, self.per_table)
        if which not in self.tables:
            at = yield from self._table_at(which)
            self.tables[which] = (yield from self.sector(at)) if at is not None else b""
        return _u32(self.tables[which], 4 * place)

    def _table_at(self, which: int) -> Look[int | None]:
        if which < IN_HEADER:
            return _u32(self.header, 76 + 4 * which)
        which -= IN_HEADER
        at = _u32(self.header, 68)
        for _ in range(MOST_TABLES):
            if at is None:
                return None
            more = yield from self.sector(at)
            if which < self.per_table - 1:
                return _u32(more, 4 * which)
            which -= self.per_table - 1
            at = _u32(more, self.sector_size - 4)
        return None

    def entries(self) -> Look[list[_Entry]]:
        found: list[_Entry] = []
        number = _u32(self.header, 48)
        for _ in range(MOST_SECTORS):
            sector = (yield from self.sector(number)) if number is not None else b""
            if not sector or number is None:
                break
            found += [_entry(sector[at : at + ENTRY]) for at in range(0, len(sector), ENTRY)]
            number = yield from self.after(number)
        return found


def look_into_compound(file: Pieces, head: bytes) -> Look[Inside]:
    """What is in a file that begins with `SIGN`."""
    if len(head) < HEADER or head[30] not in SECTOR_SHIFTS:
        return Inside()
    compound = _Compound(file, head[:HEADER], head[30])
    entries = yield from compound.entries()
    named = {each.name: each for each in entries if each.name}
    seal = Seal.office if SEALED & named.keys() else Seal.unknown
    if seal is Seal.unknown:
        seal = yield from _of_old_programs(compound, named)
    is_installer = any(each.sort == INSTALLER for each in entries[:1])
    return Inside(seal, MACROS in named, is_installer)


def _of_old_programs(compound: _Compound, named: dict[str, _Entry]) -> Look[Seal]:
    """What documents, workbooks and slides say that were written before 2007."""
    document = named.get(WORD)
    workbook = next((named[name] for name in EXCEL if name in named), None)
    for entry, is_sealed in ((document, _is_sealed_word), (workbook, _is_sealed_excel)):
        if entry is not None:
            if entry.size < IN_SHORT_SECTORS:
                return Seal.unknown
            begins = yield from compound.sector(entry.sector)
            sealed = is_sealed(begins)
            return Seal.unknown if sealed is None else Seal.office if sealed else Seal.open
    return Seal.open if SLIDES in named else Seal.unknown


def _is_sealed_word(begins: bytes) -> bool | None:
    """None for what is no document."""
    if len(begins) < WORD_HEADER or struct.unpack_from("<H", begins)[0] != IS_WORD:
        return None
    return bool(struct.unpack_from("<H", begins, 10)[0] & WORD_SEALED)


def _is_sealed_excel(begins: bytes) -> bool | None:
    """None for what is no workbook."""
    at = 0
    for _ in range(MOST_RECORDS):
        if len(begins) - at < RECORD:
            break
        kind, size = struct.unpack_from("<2H", begins, at)
        if at == 0 and kind & 0xFF != BEGINS_WORKBOOK:
            return None
        if kind == EXCEL_SEALED:
            return True
        at += RECORD + size
    return False if at else None


def _entry(data: bytes) -> _Entry:
    if len(data) < ENTRY:
        return _Entry("", b"", 0, 0)
    length = min(max(struct.unpack_from("<H", data, 64)[0] - 2, 0), 64)
    name = data[:length].decode("utf-16-le", errors="ignore") if data[66] else ""
    sector, size = struct.unpack_from("<LL", data, 116)
    return _Entry(name, data[80:96], sector, size)


def _u32(data: bytes, at: int) -> int | None:
    """A number; None where there is none, or it stands for none."""
    found = int.from_bytes(data[at : at + 4], "little")
    return found if len(data) >= at + 4 and found < NO_SECTOR else None
