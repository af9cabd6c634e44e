"""Whether a location has migrated: as its wave says; by the calendar where that was never started."""

from datetime import date, timedelta

from rules import location_life, wave_life

A_WEEK = timedelta(weeks=1)
NOT_STARTED = frozenset({wave_life.State.planned, wave_life.State.announced})
"""The states of a wave of which nobody says yet how it went."""
BACK = location_life.State.returned
"""The state of a location that its wave has given back: the plan places it again."""


def has_migrated(
    week: date | None, state: location_life.State | None, today: date, *, was_started: bool = False
) -> bool:
    """Whether a location that was promised the week of this Monday has migrated.

    `state` is where it stands in the run of a wave; None where it is in none. Then a wave that
    `was_started` went without it, and of one that never was the calendar tells: its week is over.
    """
    if state is not None and state is not BACK:
        return state.is_on_new_system
    return week is not None and not was_started and week + A_WEEK <= today
