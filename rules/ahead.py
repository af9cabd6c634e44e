"""Who goes before whom in a plan, and what is behind it: read from the plan, never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from rules.priority import Priority
from rules.problem import Plan, Problem

CLEARLY = 0.5
"""Points of priority that people see as a difference."""


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a customer in a plan: its weeks with so many locations in each, none where it has none."""

    row: int
    weeks: tuple[tuple[int, int], ...]
    size: int
    weight: float
    binding: str
    owner: int

    @property
    def first(self) -> int | None:
        """Its first week."""
        return self.weeks[0][0] if self.weeks else None


class Order(StrEnum):
    """Which of two goes first."""

    first = "first"
    second = "second"
    same_week = "same week"
    neither = "neither"


class Strength(StrEnum):
    """What one has more of than another, in the order in which it counts."""

    bump = "bump"
    floor = "floor"
    benefit = "benefit"
    health = "health"
    volume = "volume"


@dataclass(frozen=True, slots=True)
class Mean:
    """The priority of some locations together, in points: the mean of each part.

    `inactive` and `floored` count those that keep a part of theirs, or were lifted; `score` is what
    a plan weighs them by.
    """

    locations: int
    score: float
    benefit: float
    health: float
    volume: float
    bump: float
    inactive: int
    floored: int
    floor: float | None

    @classmethod
    def of(cls, priorities: Sequence[Priority]) -> "Mean | None":
        """The mean of these; None without any."""
        if not priorities:
            return None
        n = len(priorities)
        floors = [each.floor for each in priorities if each.floor is not None]
        return cls(
            locations=n,
            score=sum(each.score for each in priorities) / n,
            benefit=sum(each.benefit for each in priorities) / n,
            health=sum(each.health for each in priorities) / n,
            volume=sum(each.volume for each in priorities) / n,
            bump=sum(each.bump for each in priorities) / n,
            inactive=sum(each.factor < 1 for each in priorities),
            floored=len(floors),
            floor=max(floors, default=None),
        )


def place_of(problem: Problem, plan: Plan, row: int) -> Place:
    """Where a plan puts a row of its problem."""
    placed = plan.placed
    at = np.flatnonzero(placed.customer == row)
    weeks = sorted((int(placed.week[each]), int(placed.count[each])) for each in at)
    return Place(
        row=row,
        weeks=tuple(weeks),
        size=int(problem.size[row]),
        weight=float(problem.weight[row]),
        binding=plan.binding[row],
        owner=int(problem.owner[row]),
    )


def order_of(a: date | None, b: date | None) -> Order:
    """Who comes first of two that begin in these weeks; who has a week comes before who has none."""
    if a is None or b is None:
        if a == b:
            return Order.neither
        return Order.second if a is None else Order.first
    if a == b:
        return Order.same_week
    return Order.first if a < b else Order.second


def strength(stronger: Mean, weaker: Mean) -> Strength | None:
    """What gives one a higher priority than another: the part that is most ahead; None where none is."""
    if stronger.floored and not weaker.floored:
        return Strength.floor
    ahead = {
        part: getattr(stronger, part) - getattr(weaker, part)
        for part in Strength
        if part is not Strength.floor
    }
    most = max(ahead, key=lambda part: ahead[part])
    return most if ahead[most] >= CLEARLY else None
