"""How the waves before this week went: what a weekly announcement says first."""

from datetime import date, timedelta

from rules.announced import Past
from rules.location_life import State
from rules.migrated import NOT_STARTED
from rules.progress import Progress, Wave

A_WEEK = timedelta(weeks=1)
MOST_TOLD = 3


def past_waves(progress: Progress, week: date) -> tuple[Past, ...]:
    """How the wave of the week before this Monday went, and earlier ones with somebody still to move.

    Of many only the latest are told, in the order of their weeks.
    """
    earlier = [_past(wave) for wave in progress.waves if wave.week < week]
    told = [
        past for past in earlier if past.to_move or (past.locations and past.week == week - A_WEEK)
    ]
    return tuple(told[-MOST_TOLD:])


def _past(wave: Wave) -> Past:
    went = wave.went
    if went is None:
        was_started = wave.state not in NOT_STARTED
        return Past(wave.week, wave.locations, moved=wave.migrated, was_started=was_started)
    return Past(
        wave.week,
        went.all_of_it,
        moved=went.migrated,
        failed=went.failed,
        to_move=went.to_move,
        back=went.back,
        returned=went.standing.get(State.returned, 0),
    )
