"""What a button is about, read from its value: whoever makes one up is told so in words."""

from uuid import UUID

from handlers.errors import NotThere
from rules.addresses import known_id

GONE = "What this was about is not there any more, so nothing was changed."
MOST_DIGITS = 9


def id_in(value: str) -> UUID:
    """The id that a button names. Raises NotThere where it names none, as no button of ours does."""
    named = known_id(value)
    if named is None:
        raise NotThere(GONE)
    return named


def number_in(value: str) -> int:
    """The number that a button names. Raises NotThere where it names none, as no button of ours does."""
    if not (value.isascii() and value.isdecimal() and len(value) <= MOST_DIGITS):
        raise NotThere(GONE)
    return int(value)
