"""Bumps: the points of an approved escalation, until when they count, and how many a CSA may have."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pydantic import Field

from rules.groups import Group
from rules.parameters import Parameters


class Quotas(Group):
    """How many escalations may be approved before it is said that these are many."""

    bumps_a_month: int = Field(
        default=4,
        ge=0,
        le=1000,
        title="Escalations for each CSA",
        description="So many may be approved in a month for the customers of one CSA; more are "
        "said to be over the quota.",
    )


class ImpossibleBump(ValueError):
    """A bump of no points or too many, or one that is over before it begins."""


@dataclass(frozen=True, slots=True)
class Bump:
    """So many points more for a customer of a CSA, from the day they are given to the due day."""

    csa: str
    points: float
    given_on: date
    until: date

    def counts(self, today: date) -> bool:
        """Whether it lifts a priority today; on its due day it still does."""
        return self.given_on <= today <= self.until


@dataclass(frozen=True, slots=True)
class Quota:
    """How many bumps a CSA was given in the month of a day, and how many there may be."""

    csa: str
    month: date
    used: int
    allowed: int

    @property
    def left(self) -> int:
        """How many more there may be."""
        return max(0, self.allowed - self.used)

    @property
    def over(self) -> int:
        """How many more there are than may be."""
        return max(0, self.used - self.allowed)

    def with_one_more(self) -> "Quota":
        """The same after one more bump: what a decider is told beforehand."""
        return Quota(self.csa, self.month, self.used + 1, self.allowed)


def bump(
    csa: str, points: float, *, given_on: date, due: date, parameters: Parameters | None = None
) -> Bump:
    """A bump for a customer of this CSA; it is over after the due day.

    Raises ImpossibleBump where the points are none or more than an escalation may add, or the due
    day has passed.
    """
    most = (parameters or Parameters()).priority.most_bump
    if not 0 < points <= most:
        raise ImpossibleBump(
            f"An escalation adds more than 0 and at most {most:g} points, not {points:g}."
        )
    if due < given_on:
        raise ImpossibleBump(f"The due day, {due}, is over on {given_on}. Choose a later one.")
    return Bump(csa, points, given_on, due)


def in_force(bumps: Iterable[Bump], today: date) -> Bump | None:
    """The bump that lifts a customer today, of all that it was given; None where none does.

    Several escalations do not add up: the one with most points counts, of equals the one that lasts
    longest. Its points and `until` are the `bump` and `bump_until` of a priority.
    """
    counting = (each for each in bumps if each.counts(today))
    return max(counting, key=lambda each: (each.points, each.until), default=None)


def quota(csa: str, bumps: Iterable[Bump], day: date, quotas: Quotas | None = None) -> Quota:
    """What a CSA has used in the month of a day; the bumps of others do not matter.

    A bump is used in the month in which it was given, whatever became of it afterwards.
    """
    month = day.replace(day=1)
    used = sum(each.csa == csa and each.given_on.replace(day=1) == month for each in bumps)
    return Quota(csa, month, used, (quotas or Quotas()).bumps_a_month)


def by_csa(bumps: Iterable[Bump], day: date, quotas: Quotas | None = None) -> list[Quota]:
    """What every CSA with a bump in the month of a day has used: the most first, then by name."""
    month, allowed = day.replace(day=1), (quotas or Quotas()).bumps_a_month
    used = Counter(each.csa for each in bumps if each.given_on.replace(day=1) == month)
    found = (Quota(csa, month, count, allowed) for csa, count in used.items())
    return sorted(found, key=lambda each: (-each.used, each.csa))
