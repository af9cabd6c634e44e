"""Words about one escalation that several answers share."""

from handlers.blocks import Words
from handlers.dates import short
from store.escalation_lines import Line

LONGEST_NAME = 45


def about(line: Line, **values: object) -> Words:
    """The words about an escalation: `what` it is for, its `row` in a list, and what happened to it."""
    return Words(
        "escalation",
        line=line,
        row=line.row,
        name=short(line.name, LONGEST_NAME),
        location=short(line.location, LONGEST_NAME) if line.location else None,
        **values,
    )
