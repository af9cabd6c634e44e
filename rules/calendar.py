"""Weeks: which Monday a week is, and which weeks a blackout closes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

EVERYWHERE = "*"
DAYS = 7
WORKING_DAYS_LOOKED_AT = 4


@dataclass(frozen=True)
class Blackout:
    """Days, both ends included, on which nothing migrates in a region ("*" is every region)."""

    region: str
    starts: date
    ends: date
    why: str = ""

    def concerns(self, region: str) -> bool:
        """Whether a location in this region may not migrate on these days."""
        return self.region in (EVERYWHERE, region)


def week_zero(today: date) -> date:
    """The Monday on or after today: Saturday 2022-01-15 gives 2022-01-17."""
    return today + timedelta(days=-today.weekday() % DAYS)


def start_of_week(day: date) -> date:
    """The Monday of the week a day is in: Saturday 2022-01-15 gives 2022-01-10."""
    return day - timedelta(days=day.weekday())


def week_of(day: date, first_monday: date) -> int:
    """The number of the week a day is in, counted from week 0; negative in the past."""
    return (day - first_monday).days // DAYS


def first_week_from(day: date, first_monday: date) -> int:
    """The first week that begins on or after a day: what is released that day can be used in it.

    Weeks in the past count as week 0.
    """
    return max(0, week_of(week_zero(day), first_monday))


def monday_of(week: int, first_monday: date) -> date:
    """The Monday people are told for a week."""
    return first_monday + timedelta(weeks=week)


def closed_weeks(
    blackouts: Iterable[Blackout],
    regions: Sequence[str],
    first_monday: date,
    weeks: int,
    blackout_days: int = 2,
) -> npt.NDArray[np.bool_]:
    """Which weeks are closed to which region: bool[len(regions), weeks].

    A week is closed when blackouts cover at least `blackout_days` of its first four working days,
    so a holiday on Monday 17 January 2022 alone does not close its week. Blackouts add up.
    """
    covered = np.zeros((len(regions), weeks, DAYS), dtype=np.bool_)
    days = covered.reshape(len(regions), weeks * DAYS)
    for blackout in blackouts:
        rows = [row for row, region in enumerate(regions) if blackout.concerns(region)]
        begin = max(0, (blackout.starts - first_monday).days)
        end = max(0, (blackout.ends - first_monday).days + 1)
        days[rows, begin:end] = True
    lost = covered[:, :, :WORKING_DAYS_LOOKED_AT].sum(axis=2)
    return np.asarray(lost >= blackout_days)


def closed_to_all_of(
    closed: npt.NDArray[np.bool_], regions_of: Sequence[frozenset[int]]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Closed weeks for customers with locations in several regions: any of them closes a week.

    `closed` is bool[g, weeks], `regions_of` the rows of it that each customer lives in. Gives, for
    `Problem.region` and `Problem.blackout`, i64[n] and bool[h, weeks]: one row for each distinct
    combination of regions, so a million locations need only as many rows as there are combinations.
    """
    combinations: dict[frozenset[int], int] = {}
    row_of = [combinations.setdefault(regions, len(combinations)) for regions in regions_of]
    rows = [closed[sorted(regions)].any(axis=0) for regions in combinations]
    combined = np.array(rows, dtype=np.bool_).reshape(len(rows), closed.shape[1])
    return np.array(row_of, dtype=np.int64), combined
