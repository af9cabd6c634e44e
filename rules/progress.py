"""How far the migration is: the waves that ran and will run, and who waits for what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate

from rules.question import CHURNED
from rules.releases import features_of
from rules.wave_life import State
from rules.went import Went

CLOSED = State.closed
"""The state of a wave whose locations have moved."""
OVER = frozenset({State.checking, State.closed, State.rolled_back})
"""The states of a wave in which nobody is left to move."""
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Wave:
    """The locations of one week (its Monday), the wave's state, and how it `went` once it was started."""

    week: date
    locations: int
    state: str
    went: Went | None = None

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to tell of how its locations moved."""
        return self.state in OVER

    @property
    def migrated(self) -> int:
        """How many of its locations have; all where it is closed and nobody told of them one by one."""
        if self.went:
            return self.went.migrated
        return self.locations if self.state == CLOSED else 0


@dataclass(frozen=True, slots=True)
class WithoutWeek:
    """So many locations have no week, for this reason, since a plan of that day."""

    reason: str
    locations: int
    since: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many locations wait for a feature (its key), the first of them since that day."""

    feature: str
    locations: int
    since: date


@dataclass(frozen=True, slots=True)
class Mark:
    """By the end of a week: how many locations should have moved, and have; None: none of it yet."""

    week: date
    planned: int
    moved: int | None


@dataclass(frozen=True)
class Progress:
    """How far it is. `total` counts the locations that are to move or have; waves are in order.

    `came_back` counts those that a wave gave back and that have had no week since.
    """

    total: int
    waves: tuple[Wave, ...]
    without_week: tuple[WithoutWeek, ...]
    came_back: int = 0

    @cached_property
    def dated(self) -> int:
        """How many have a week, past or to come."""
        return sum(wave.locations for wave in self.waves)

    @cached_property
    def moved(self) -> int:
        """How many have moved."""
        return sum(wave.migrated for wave in self.waves)

    @cached_property
    def went(self) -> Went | None:
        """How all waves that were started went, together; None before the first."""
        started = [wave.went for wave in self.waves if wave.went]
        return sum(started[1:], started[0]) if started else None

    @property
    def to_move(self) -> int:
        """How many are to move, or have: without those that count as gone."""
        return max(0, self.total - self.churned)

    @property
    def undated(self) -> int:
        """How many have no week."""
        return max(0, self.total - self.dated)

    def of_week(self, monday: date) -> Wave | None:
        """The wave of a week, if there is one."""
        return next((wave for wave in self.waves if wave.week == monday), None)

    def next_after(self, monday: date) -> Wave | None:
        """The first wave of a later week."""
        return next((wave for wave in self.waves if wave.week > monday), None)

    def due(self, today: date) -> int:
        """How many should have moved: those of the weeks before this one."""
        return sum(wave.locations for wave in self.waves if wave.week + WEEK <= today)

    @cached_property
    def waiting(self) -> list[Waiting]:
        """What is waited for, by most. Who waits for two features is counted with both."""
        counted: defaultdict[str, int] = defaultdict(int)
        since: dict[str, date] = {}
        for without in self.without_week:
            for feature in features_of(without.reason):
                counted[feature] += without.locations
                since[feature] = min(since.get(feature, without.since), without.since)
        by_most = sorted(counted, key=lambda feature: (-counted[feature], feature))
        return [Waiting(feature, counted[feature], since[feature]) for feature in by_most]

    @property
    def half(self) -> date | None:
        """The week by whose end half of those with a week should have moved."""
        so_far = zip(self.waves, accumulate(wave.locations for wave in self.waves), strict=True)
        return next((wave.week for wave, planned in so_far if 2 * planned >= self.dated), None)

    @property
    def without_room(self) -> int:
        """How many wait for nothing, but found no room in the weeks that are planned."""
        return sum(
            without.locations
            for without in self.without_week
            if without.reason != CHURNED and not features_of(without.reason)
        )

    @property
    def churned(self) -> int:
        """How many are left out because they count as gone."""
        return sum(without.locations for without in self.without_week if without.reason == CHURNED)

    @property
    def marks(self) -> list[Mark]:
        """The way from nothing to all, week by week; it begins at nothing, a week before the first."""
        if not self.waves:
            return []
        planned = accumulate(wave.locations for wave in self.waves)
        moved = _moved(self.waves)
        marks = [
            Mark(wave.week, so_far, gone)
            for wave, so_far, gone in zip(self.waves, planned, moved, strict=True)
        ]
        return [Mark(self.waves[0].week - WEEK, 0, 0), *marks]


def _moved(waves: Sequence[Wave]) -> Iterable[int | None]:
    """How many have moved by the end of each week; None after the last in which some have."""
    begun = (at for at, wave in enumerate(waves) if wave.migrated or wave.is_over)
    last = max(begun, default=-1)
    so_far = accumulate(wave.migrated for wave in waves)
    return [gone if at <= last else None for at, gone in enumerate(so_far)]
