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
ENCRYPT = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R\b|<<)")
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
        trailer = yield from _trailer(file, max(begins, 0) + int(pointed[-1]))
    if ENCRYPT.search(trailer):
        return Seal.pdf
    if ROOT in trailer:
        return Seal.open
    # Its last lines lead nowhere, so readers look for a trailer themselves.
    return Seal.pdf if ENCRYPT.search(tail) or ENCRYPT.search(head) else Seal.unknown


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
