"""The table of contents: every conversation that Wavepost holds."""

from handlers import directory, lookup, schedule
from handlers.doors import Listeners


def register() -> Listeners:
    """All listeners, by module."""
    return Listeners.of(schedule, lookup, directory)
