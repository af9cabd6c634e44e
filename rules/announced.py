"""What is announced: for whom a schedule speaks, and what is known at the moment it is due."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from rules.wave_life import State


class Breadth(StrEnum):
    """What a scope is cut by."""

    everything = "everything"
    csa = "csa"
    region = "region"
    feature = "feature"


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer in a wave: how many of its locations go, and whose it is.

    `regions` and `features` say how many of them are where, and how many need what.
    """

    id: str
    name: str
    locations: int
    csa: str | None = None
    regions: Mapping[str, int] = field(default_factory=dict)
    features: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave by its Monday, with all its customers, in scope or not."""

    week: date
    state: State
    customers: tuple[Customer, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """How an earlier wave has gone, by its Monday: of all `locations` that were in it at its start.

    `back` are on the old system again, `returned` are in the plan again.
    """

    week: date
    locations: int
    moved: int = 0
    failed: int = 0
    to_move: int = 0
    back: int = 0
    returned: int = 0
    was_started: bool = True


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of the roadmap; `slipped_from` is its day of the last announcement, if it moved."""

    key: str
    name: str
    target_on: date | None = None
    released_on: date | None = None
    slipped_from: date | None = None
    is_new: bool = False  # released since the last announcement
    locations: int = 0  # that wait for it

    @property
    def is_news(self) -> bool:
        """Whether something became of it since the last announcement."""
        return self.is_new or self.slipped_from is not None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why locations failed: how many tries since the last announcement, and how many have no remedy."""

    words: str
    failures: int
    open: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a schedule speaks of: everybody, or the customers of a CSA, a region or a feature."""

    breadth: Breadth = Breadth.everything
    of: str = ""

    def locations(self, customer: Customer) -> int:
        """How many of a customer's locations are in it."""
        match self.breadth:
            case Breadth.everything:
                return customer.locations
            case Breadth.csa:
                return customer.locations if customer.csa == self.of else 0
            case Breadth.region:
                return customer.regions.get(self.of, 0)
            case Breadth.feature:
                return customer.features.get(self.of, 0)

    def of_wave(self, wave: Wave | None) -> list[Customer]:
        """The customers of a wave that are in it, with their locations in it; the most of them first."""
        customers = wave.customers if wave else ()
        covered = [
            replace(each, locations=count) for each in customers if (count := self.locations(each))
        ]
        return sorted(covered, key=lambda each: (-each.locations, each.name, each.id))

    def speaks_of(self, feature: Feature) -> bool:
        """Whether a feature is in it: only a scope of a feature leaves out the others."""
        return self.breadth is not Breadth.feature or feature.key == self.of


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known at the moment at which an announcement is due. Counts are locations in scope.

    `waves` are in the order of their weeks. `closed` says why weeks are closed, by their Mondays.
    `finishes` are the weeks by which all will have moved with a chance; None: not in ten years.
    `past` is how the wave of last week went, and earlier ones with somebody still to move.
    """

    week: date
    to_move: int  # or moved already; without those that count as gone
    moved: int
    waiting: int  # for features
    has_plan: bool
    tried: int  # since the last announcement
    waves: tuple[Wave, ...] = ()
    features: tuple[Feature, ...] = ()
    causes: tuple[Cause, ...] = ()
    closed: Mapping[date, str] = field(default_factory=dict)
    finishes: tuple[tuple[float, date | None], ...] = ()
    past: tuple[Past, ...] = ()

    @property
    def left(self) -> int:
        """How many are still to move."""
        return max(0, self.to_move - self.moved)

    @property
    def this_wave(self) -> Wave | None:
        """The wave of this week, if there is one."""
        return next((wave for wave in self.waves if wave.week == self.week), None)

    def next_wave(self, scope: Scope) -> Wave | None:
        """The first later wave that has anybody in scope."""
        later = (wave for wave in self.waves if wave.week > self.week)
        return next((wave for wave in later if any(map(scope.locations, wave.customers))), None)
