"""Looking into a PDF: its trailer, to which its last lines point, says whether it is encrypted.

ISO 32000-1: 7.5.5 the trailer, 7.5.8 the same in a stream of cross-references, 7.6.1 encryption.
"""

import re

from rules.pieces import LARGEST, Look, Pieces
from rules.seal import Seal

SIGN = b"%PDF-"
SEARCHED = 1024
"""Readers look for the sign so far."""
TAIL = 64 * 1024
ENCRYPT = re.compile(rb"/Encrypt(?:[\s\0]|%[^\r\n]*[\r\n])*(?:\d+[\s\0]+\d+[\s\0]+R\b|<<)")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
"""A letter of a name may be written by its number (7.3.5): readers take `/#45ncrypt` for `/Encrypt`."""
ROOT = b"/Root"
STARTS_AT = re.compile(rb"startxref\s+(\d{1,19})")
TRAILER_ENDS = re.compile(rb"startxref|\bstream\r?\n")


def look_into_pdf(file: Pieces, head: bytes) -> Look[Seal]:
    """How a file is sealed that has `SIGN` among its first bytes."""
    begins = head.find(SIGN, 0, SEARCHED)
    from_ = max(0, file.size - TAIL)
    tail = yield from file.read(from_, TAIL)
    pointed = STARTS_AT.findall(tail)
    trailer = b""
    if pointed:
        trailer = _plain((yield from _trailer(file, max(begins, 0) + int(pointed[-1]))))
    if ENCRYPT.search(trailer):
        return Seal.pdf
    if ROOT in trailer:
        return Seal.open
    # Its last lines lead nowhere, so readers look for a trailer themselves.
    is_found = ENCRYPT.search(_plain(tail)) or ENCRYPT.search(_plain(head))
    return Seal.pdf if is_found else Seal.unknown


def _plain(written: bytes) -> bytes:
    """What is written, each letter as itself."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), written)


def _trailer(file: Pieces, at: int) -> Look[bytes]:
    """What stands in the trailer whose table of cross-references begins there; b"" for none."""
    piece = yield from file.read(at, TAIL)
    if not piece.startswith(b"xref"):
        return _until_end(piece)
    while b"trailer" not in piece:
        at += len(piece) - len(b"trailer")
        piece = yield from file.read(at, LARGEST)
        if len(piece) <= len(b"trailer"):
            return b""
    at += piece.index(b"trailer")
    piece = yield from file.read(at, TAIL)
    return _until_end(piece)


def _until_end(trailer: bytes) -> bytes:
    ends = TRAILER_ENDS.search(trailer)
    return trailer[: ends.start()] if ends else trailer
