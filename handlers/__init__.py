"""The table of contents: every conversation that Wavepost holds."""

from handlers import (
    directory,
    glossary,
    home,
    lookup,
    passing_on,
    roles,
    schedule,
    wavepost,
    waves,
)
from handlers.doors import Listeners


def register() -> Listeners:
    """All listeners, by module."""
    return Listeners.of(
        wavepost, glossary, home, roles, schedule, waves, passing_on, lookup, directory
    )
