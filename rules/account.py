"""What became of locations in their waves: which of it people are told first, and what is to come."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from rules.location_life import State
from rules.wave_life import State as WaveState

WEEK = timedelta(weeks=1)
HELD = frozenset({WaveState.paused, WaveState.rolling_back, WaveState.rolled_back})
"""The states of a wave in which nobody of it begins to move."""


class Became(StrEnum):
    """What became of a location, what people have to hear of first."""

    failed = "failed"
    rolling_back = "rolling back"
    rolled_back = "rolled back"
    held = "held"  # its wave is paused, or goes back
    overdue = "overdue"  # the week of its wave is over, and nobody has marked it
    not_passed = "not passed"
    undecided = "undecided"
    moving = "moving"
    migrated = "migrated"  # and not judged yet
    passed = "passed"
    returned = "returned"


_OF_STATE = {
    State.failed: Became.failed,
    State.rolling_back: Became.rolling_back,
    State.rolled_back: Became.rolled_back,
    State.not_passed: Became.not_passed,
    State.undecided: Became.undecided,
    State.migrated: Became.migrated,
    State.passed: Became.passed,
    State.accepted: Became.passed,
    State.returned: Became.returned,
}


@dataclass(frozen=True, slots=True)
class Run:
    """So many locations of one customer that stand alike in the wave of the week of this Monday.

    `on` is the day on which they migrated or failed, were rolled back, or their wave was paused, and
    `why` the words of whoever did that, or the cause. `look_on` is the day of the next check. Of those
    that came back into the plan, all of it tells what `came_before`. `is_over` says that the week is.
    """

    week: date
    wave: WaveState
    state: State
    locations: int
    on: date | None = None
    why: str = ""
    remedy: str = ""
    look_on: date | None = None
    came_before: Became = Became.held
    is_over: bool = False

    @property
    def became(self) -> Became:
        """What became of them."""
        if self.state.is_moving:
            there = Became.overdue if self.is_over else Became.moving
            return Became.held if self.wave in HELD else there
        return _OF_STATE[self.state]


@dataclass(frozen=True)
class Account:
    """What became of a customer's locations. `ahead` are the Mondays of those whose wave is to come.

    `of` counts all its locations that are to move or have.
    """

    runs: tuple[Run, ...]
    of: int
    ahead: tuple[date, ...] = field(default=())

    @cached_property
    def first(self) -> Run:
        """What people have to hear of first; of what is alike, what most of them are, then the newest."""
        order = list(Became)
        standing = self._standing or self.runs
        return min(
            standing,
            key=lambda run: (order.index(run.became), -run.locations, -run.week.toordinal()),
        )

    @property
    def told(self) -> Became:
        """What became of those that people hear of first."""
        return self.first.became

    @property
    def locations(self) -> int:
        """How many they are."""
        return self._count(self.told)

    @property
    def is_about_all(self) -> bool:
        """Whether it is all that there is to tell."""
        return self.locations >= self.of

    @property
    def migrated(self) -> int:
        """How many are on the new system."""
        return sum(run.locations for run in self.runs if run.state.is_on_new_system)

    @property
    def passed(self) -> int:
        """How many passed their check."""
        return self._count(Became.passed)

    @property
    def migrated_on(self) -> date | None:
        """The last day on which some of them migrated."""
        return max(
            (run.on for run in self.runs if run.on and run.state.is_on_new_system), default=None
        )

    @property
    def has_migrated(self) -> bool:
        """Whether all of them are on the new system."""
        return 0 < self.of <= self.migrated

    @property
    def is_back(self) -> bool:
        """Whether all that is known of them is how they came back into the plan."""
        return not self._standing

    @property
    def _standing(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.became is not Became.returned)

    def _count(self, became: Became) -> int:
        return sum(run.locations for run in self.runs if run.became is became)


def account(runs: Iterable[Run], of: int, ahead: Iterable[date], today: date) -> Account | None:
    """What became of the locations of a customer; None where none was ever in the run of a wave."""
    told = (replace(run, is_over=run.week + WEEK <= today) for run in runs)
    known = tuple(sorted(told, key=lambda run: (run.week, run.became)))
    return Account(known, of, tuple(sorted(ahead))) if known else None
