"""How findings are worded: lists that stay short and say what they leave out."""

from collections.abc import Iterable

MOST_LISTED = 5


def and_listed(words: Iterable[str], *, link: str = "and") -> str:
    """All of them as a sentence has them: "a lead", "a lead and a CSA", "an admin, a lead and a CSA"."""
    *others, last = [*words] or [""]
    return f"{', '.join(others)} {link} {last}" if others else last


def or_listed(words: Iterable[str]) -> str:
    """One of them, whichever: "Ana, Ben or Cleo"."""
    return and_listed(words, link="or")


def listed(words: Iterable[str]) -> str:
    """The first five and how many more: "3, 7, 9, 12, 15 and 4 more"."""
    every = list(words)
    rest = len(every) - MOST_LISTED
    shown = ", ".join(every[:MOST_LISTED])
    return f"{shown} and {rest:,} more" if rest > 0 else shown
