"""Slack's ids: which of the names that something was done under are people's."""

import re

_PERSON = re.compile(r"[UW][A-Z0-9]+")


def is_person(actor: str) -> bool:
    """Whether this is a person's id, and not a channel's, "Wavepost" or who a terminal belongs to."""
    return _PERSON.fullmatch(actor) is not None
