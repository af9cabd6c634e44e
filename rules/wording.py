"""How findings are worded: lists that stay short and say what they leave out."""

from collections.abc import Iterable

MOST_LISTED = 5


def listed(words: Iterable[str]) -> str:
    """The first five and how many more: "3, 7, 9, 12, 15 and 4 more"."""
    every = list(words)
    rest = len(every) - MOST_LISTED
    shown = ", ".join(every[:MOST_LISTED])
    return f"{shown} and {rest:,} more" if rest > 0 else shown
