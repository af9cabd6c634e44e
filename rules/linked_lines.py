"""Lines in a chain: each has a hash that stands for itself and all before it, so that a change shows."""

import hashlib
import json
from collections.abc import Sequence

START = bytes(32)
"""What the first line is linked to."""


def linked(previous: bytes, cells: Sequence[str]) -> bytes:
    """The hash of a line, SHA-256 over the hash of the line before it and the line's cells.

    Cells are hashed with their bounds, so that no letter can go from one to the next:

    >>> linked(START, ["ab", "c"]) == linked(START, ["a", "bc"])
    False
    >>> linked(linked(START, ["one"]), ["two"]) == linked(START, ["two"])
    False
    """
    words = json.dumps(list(cells), ensure_ascii=False)
    return hashlib.sha256(previous + words.encode()).digest()
