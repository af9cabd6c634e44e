"""Looking into a file that lies in the store: what a look asks for is read there, a piece at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rules.file_look import look_into
from rules.pieces import Look, Piece
from rules.seal import Inside

Reads = Callable[[Piece], Awaitable[bytes]]
"""Gives all bytes of a piece; raises whatever the store raises."""


@dataclass(frozen=True, slots=True)
class Ends:
    """What is known of a file already: its first bytes, its last, and how many there are."""

    head: bytes
    tail: bytes
    size: int

    def known(self, piece: Piece) -> bytes | None:
        """The bytes of a piece that is among these; None for another."""
        ends = piece.start + piece.length
        if ends <= len(self.head):
            return self.head[piece.start : ends]
        from_tail = piece.start - (self.size - len(self.tail))
        if from_tail >= 0:
            return self.tail[from_tail : from_tail + piece.length]
        return None


async def look_inside(ends: Ends, media_type: str, reads: Reads) -> Inside:
    """What is in a file, of which at most `rules.pieces.LARGEST` bytes are held at a time."""
    look = look_into(ends.head, ends.size, media_type)
    piece = await asyncio.to_thread(_go_on, look, None)
    while isinstance(piece, Piece):
        known = ends.known(piece)
        seen = await reads(piece) if known is None else known
        # Beside the loop: a long list of what is in an archive takes a while.
        piece = await asyncio.to_thread(_go_on, look, seen)
    return piece


def _go_on(look: Look[Inside], seen: bytes | None) -> Piece | Inside:
    """What is wanted next, or what was seen in all."""
    try:
        return next(look) if seen is None else look.send(seen)
    except StopIteration as over:
        found: Inside = over.value
        return found
