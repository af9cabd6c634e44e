"""Looking into a file of any size by pieces of it: who looks asks for ranges, and is given their bytes.

Nothing is read here: a look is a generator that yields what it wants to see and is sent those bytes.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

Seen = TypeVar("Seen")

LARGEST = 1024 * 1024
"""Bytes; so many are held of a file at a time."""
MOST_PIECES = 200
"""A list of what is in an archive may be so long; who still knows nothing by then says so."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a file that somebody wants to see: `length` of them, all of which it has."""

    start: int
    length: int


Look = Generator[Piece, bytes, Seen]
"""Yields pieces, is sent their bytes, and returns what it saw."""


class Pieces:
    """A file of `size` bytes, of which not more than `MOST_PIECES` pieces are ever asked for."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.left = MOST_PIECES

    def read(self, start: int, length: int) -> Look[bytes]:
        """So many bytes from there, at most `LARGEST`: fewer at its end, none outside of it."""
        end = min(start + min(length, LARGEST), self.size)
        if start < 0 or end <= start or not self.left:
            return b""
        self.left -= 1
        return (yield Piece(start, end - start))
