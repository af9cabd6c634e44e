"""When a location that moved is looked at, and which weeks are compared then."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from rules.calendar import DAYS, start_of_week
from rules.figures import Amounts
from rules.parameters import Parameters

WEEK = timedelta(days=DAYS)


@dataclass(frozen=True, slots=True)
class Weeks:
    """Whole weeks, from a Monday to before another one; none where these are the same."""

    first: date
    until: date

    @property
    def count(self) -> int:
        """How many weeks there are."""
        return max(0, (self.until - self.first).days // DAYS)


@dataclass(frozen=True, slots=True)
class Compared:
    """The weeks before and after a move that a look compares."""

    before: Weeks
    after: Weeks


def compared(
    migrated_on: date,
    look: int,
    parameters: Parameters | None = None,
    *,
    mended_on: date | None = None,
) -> Compared:
    """The whole weeks of a look, 1 for the first: before the week of the move, and since the move.

    History is known by weeks, and a week in which a location moved is of both systems: it counts
    for neither, unless it moved on the Monday. The weeks after end by the day of the look, so
    whoever moved later in a week has none at the first look. Which weeks a look is about does not
    depend on when their figures come. What was mended where it is (`mended_on`) is compared with
    the weeks before its move all the same, from the day on which it was mended.
    """
    chosen = (parameters or Parameters()).checks
    monday = start_of_week(migrated_on)
    since = max(migrated_on, mended_on or migrated_on)
    first = since if since == start_of_week(since) else start_of_week(since) + WEEK
    until = max(first, start_of_week(look_day(since, look, parameters)))
    return Compared(Weeks(monday - chosen.before_weeks * WEEK, monday), Weeks(first, until))


def look_day(since: date, look: int, parameters: Parameters | None = None) -> date:
    """The day of a look, 1 for the first, at what moved or was mended on a day."""
    return since + timedelta(days=look * (parameters or Parameters()).checks.look_days)


@dataclass(frozen=True, eq=False)
class Period:
    """What n locations did in some weeks: f64[n] each; NaN where no week of a location is known."""

    orders: Amounts
    missed: Amounts
    weeks: Amounts  # that are known, 0 where none is

    @property
    def weekly(self) -> Amounts:
        """Orders a week."""
        return self.orders / self.weeks

    @classmethod
    def of(cls, sums: pl.DataFrame, name: str) -> "Period":
        """Read it from the columns NAME_orders, NAME_missed and NAME_weeks, a location a row.

        They are sums over the weeks of which both figures are known; null where there is none.
        """
        orders, missed, weeks = (
            sums[f"{name}_{figure}"].cast(pl.Float64) for figure in ("orders", "missed", "weeks")
        )
        return cls(
            orders=orders.fill_null(float("nan")).to_numpy(),
            missed=missed.fill_null(float("nan")).to_numpy(),
            weeks=weeks.fill_null(0.0).to_numpy(),
        )
