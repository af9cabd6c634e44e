"""What can be in the way of a step of a location, in a closed list that has words for people."""

from datetime import date, timedelta
from enum import StrEnum

from rules.life import NotNow, NotTheirs, Outdated, StepRefused, WordsMissing
from rules.location_life import MOVED, NotWhile, State, Step
from rules.wave_life import State as WaveState


class Hindrance(StrEnum):
    """Why a step of a location was not taken."""

    unknown = "unknown"  # there is no such location
    offboarded = "offboarded"
    not_planned = "not planned"  # it is in no wave
    not_eligible = "not eligible"  # it needs a feature that is not there
    other_wave = "other wave"
    not_started = "not started"
    left_out = "left out"  # the wave started without it
    paused = "paused"
    not_while = "not while"  # the wave is over, or goes back
    done = "done"  # it stands there already
    other_cause = "other cause"  # it failed already, by another cause
    meanwhile = "meanwhile"  # somebody else took a step since it was seen
    not_now = "not now"
    not_theirs = "not theirs"
    no_words = "no words"
    no_cause = "no cause"  # the catalogue has no such cause
    too_early = "too early"  # a day before the wave
    too_late = "too late"  # a day that is still to come


OF_DAY = frozenset({Hindrance.too_early, Hindrance.too_late})
"""Those that another day would not meet."""

LEADS_TO: dict[Step, frozenset[State]] = {
    Step.begin: frozenset({State.migrating}),
    Step.migrate: MOVED,
    Step.fail: frozenset({State.failed}),
    Step.try_again: frozenset({State.migrating}),
    Step.unmark: frozenset({State.planned}),
    Step.passes: frozenset({State.passed}),
    Step.misses: frozenset({State.not_passed}),
    Step.ask: frozenset({State.undecided}),
    Step.accept: frozenset({State.accepted}),
    Step.check_anew: frozenset({State.migrated}),
    Step.roll_back: frozenset({State.rolling_back, State.rolled_back}),
    Step.end: frozenset({State.rolled_back}),
    Step.give_back: frozenset({State.returned}),
}
"""Whoever stands there already is told nothing new by a step that cannot be taken."""
BEGINNINGS = frozenset({Step.begin, Step.migrate, Step.try_again})
"""The steps that only a location can take which can be moved: one that is active and eligible."""

OF_LIFE: tuple[tuple[type[StepRefused], Hindrance], ...] = (
    (Outdated, Hindrance.meanwhile),
    (NotTheirs, Hindrance.not_theirs),
    (WordsMissing, Hindrance.no_words),
    (NotWhile, Hindrance.not_while),
    (NotNow, Hindrance.not_now),
)


def hindrance_of(refused: StepRefused, wave: WaveState) -> Hindrance:
    """Which of them a refusal of the location's life is."""
    if refused.standing.state in LEADS_TO.get(refused.taken.step, ()):
        return Hindrance.done
    if isinstance(refused, NotWhile) and wave is WaveState.paused:
        return Hindrance.paused
    return next(found for kind, found in OF_LIFE if isinstance(refused, kind))


def day_hindrance(on: date, *, week: date, started_on: date, today: date) -> Hindrance | None:
    """What is wrong with the day on which something is said to have happened.

    A wave may be started late, so its Monday is early enough. Somewhere it is tomorrow already.
    """
    if on < min(week, started_on):
        return Hindrance.too_early
    return Hindrance.too_late if on > today + timedelta(days=1) else None
