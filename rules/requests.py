"""Wishes: whether a location could move by a day at all, and what is possible instead where not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from rules.calendar import (
    WORKING_DAYS_LOOKED_AT,
    Blackout,
    closed_to_all_of,
    closed_weeks,
    first_week_from,
    monday_of,
    week_of,
    week_zero,
)
from rules.parameters import Parameters
from rules.problem import Flags
from rules.releases import Release


class Hindrance(StrEnum):
    """Why a wish cannot be granted, whoever makes room; the first of these that holds."""

    unknown = "unknown"
    begun = "begun"  # its wave was started, or the week of one that never was
    churned = "churned"
    feature_without_date = "feature without a date"
    past = "past"
    too_soon = "too soon"  # the wave of that week has begun
    too_far = "too far"  # no plan looks so far ahead
    before_release = "before the release"
    pilot = "pilot weeks"
    blackout = "blackout"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a location that somebody wants to move.

    `begun_on` is the Monday of the wave that it is in, or of its week where that has begun without one.
    `regions` are its own and those of the locations that go with it: a blackout in any closes weeks.
    """

    release: Release
    regions: frozenset[str] = frozenset({""})
    begun_on: date | None = None
    is_churned: bool = False
    may_pilot: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a location could move in the week of the wished day, and when else: Mondays of waves.

    `later` is the first possible week from the wished one on, that itself where nothing hinders;
    `earlier` is the last possible one before it, which is in time too. `features` are those that
    decide the release, `blackouts` those that close the wished week.
    """

    hindrance: Hindrance | None
    earlier: date | None = None
    later: date | None = None
    features: tuple[str, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    begun_on: date | None = None

    @property
    def is_possible(self) -> bool:
        """Whether nothing but room could be in the way."""
        return self.hindrance is None


def is_in_time(last_week: date | None, day: date) -> bool:
    """Whether locations go by a day as it is; `last_week` is their last Monday, None where one has none."""
    return last_week is not None and last_week <= day


def verdicts(
    wanted: Mapping[str, Wanted | None],
    wished_on: date,
    *,
    today: date,
    blackouts: Sequence[Blackout] = (),
    waves_run: int = 0,
    parameters: Parameters | None = None,
) -> dict[Verdict, list[str]]:
    """The ids of locations by what is said of their wish, most of them first.

    `wanted` has every location that was asked for by its id, None where nobody knows it. The first
    weeks are for pilots, as far as `waves_run` leave any.
    """
    judge = _Judge(wished_on, today, blackouts, waves_run, parameters or Parameters())
    regions = (each.regions for each in wanted.values() if each)
    closed = judge.closed(frozenset(regions))
    found: dict[Verdict, list[str]] = defaultdict(list)
    for location_id, each in wanted.items():
        said = judge.verdict(each, closed[each.regions]) if each else Verdict(Hindrance.unknown)
        found[said].append(location_id)
    return dict(sorted(found.items(), key=lambda group: -len(group[1])))


@dataclass(frozen=True)
class _Judge:
    wished_on: date
    today: date
    blackouts: Sequence[Blackout]
    waves_run: int
    parameters: Parameters

    @property
    def _monday(self) -> date:
        return week_zero(self.today)

    @property
    def _week(self) -> int:
        return week_of(self.wished_on, self._monday)

    @property
    def _pilot_weeks(self) -> int:
        return max(0, self.parameters.pilot_weeks - self.waves_run)

    def closed(self, together: Iterable[frozenset[str]]) -> dict[frozenset[str], Flags]:
        """The weeks that are closed to any of these regions, for each set of them."""
        sets = list(together)
        named = sorted(frozenset().union(*sets))
        weeks, days = self.parameters.weeks, self.parameters.blackout_days
        rows = closed_weeks(self.blackouts, named, self._monday, weeks, days)
        meant = [frozenset(named.index(region) for region in regions) for regions in sets]
        row_of, combined = closed_to_all_of(rows, meant)
        return dict(zip(sets, combined[row_of], strict=True))

    def verdict(self, wanted: Wanted, closed: Flags) -> Verdict:
        """What is said of one location."""
        if wanted.begun_on:
            return Verdict(Hindrance.begun, begun_on=wanted.begun_on)
        if wanted.is_churned:
            return Verdict(Hindrance.churned)
        if not wanted.release.has_day:
            return Verdict(Hindrance.feature_without_date, features=wanted.release.decided_by)
        released = first_week_from(wanted.release.from_day or self.today, self._monday)
        piloted = 0 if wanted.may_pilot else self._pilot_weeks
        hindrance = self._hindrance(released, piloted, closed)
        weeks = np.arange(closed.size)
        possible = weeks[~closed & (weeks >= max(released, piloted))]
        before, after = possible[possible < self._week], possible[possible >= self._week]
        is_waiting = hindrance is Hindrance.before_release
        is_closed = hindrance is Hindrance.blackout
        return Verdict(
            hindrance,
            earlier=monday_of(int(before[-1]), self._monday) if before.size else None,
            later=monday_of(int(after[0]), self._monday) if after.size else None,
            features=wanted.release.decided_by if is_waiting else (),
            blackouts=self._closing(wanted.regions) if is_closed else (),
        )

    def _hindrance(self, released: int, piloted: int, closed: Flags) -> Hindrance | None:
        """Why not in the wished week: the first reason that holds."""
        week = self._week
        reasons = (
            (self.wished_on < self.today, Hindrance.past),
            (week < 0, Hindrance.too_soon),
            (week >= closed.size, Hindrance.too_far),
            (week < released, Hindrance.before_release),
            (week < piloted, Hindrance.pilot),
            (0 <= week < closed.size and bool(closed[week]), Hindrance.blackout),
        )
        return next((why for holds, why in reasons if holds), None)

    def _closing(self, regions: frozenset[str]) -> tuple[Blackout, ...]:
        """The blackouts on the working days that close the wished week."""
        monday = monday_of(self._week, self._monday)
        last = monday + timedelta(days=WORKING_DAYS_LOOKED_AT - 1)
        there = (each for each in self.blackouts if any(map(each.concerns, regions)))
        return tuple(each for each in there if each.starts <= last and each.ends >= monday)
