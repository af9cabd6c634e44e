"""First lines that answer in little room: what names and reasons are shortened to."""

from html import unescape

LONGEST_LINE = 120
NAME_LENGTHS = (60, 45, 30, 20)
"""What names are shortened to, so that the first line has room for the answer."""


def fits(line: str) -> bool:
    """Whether a first line in mrkdwn is short enough."""
    return len(unescape(line)) <= LONGEST_LINE


def short(name: str, most: int = NAME_LENGTHS[0]) -> str:
    """A name that fits into a line, and is one line; cut between words where that keeps most of it."""
    name = " ".join(name.split())
    if len(name) <= most:
        return name
    kept = name[:most].rpartition(" ")[0]
    return (kept if len(kept) > most / 2 else name[: most - 1].rstrip()) + "…"
