"""Judging locations that moved from the weeks of everybody: what a check is made from, end to end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from rules.activity import activities
from rules.calendar import DAYS
from rules.checks import Portfolio, Silences, judge
from rules.controls import controls
from rules.figures import Amounts, Figures
from rules.health import health
from rules.looks import WEEK, Compared, Period
from rules.parameters import Parameters
from rules.verdicts import Check

SUMS: dict[str, type[pl.DataType]] = {
    "location_id": pl.String,
    "region": pl.String,
    "unmoved": pl.Boolean,
    "before_orders": pl.Int64,
    "before_missed": pl.Int64,
    "before_weeks": pl.Int64,
    "before_cancelled": pl.Int64,
    "before_open": pl.Float64,
    "before_online": pl.Float64,
    "earlier_orders": pl.Int64,
    "earlier_weeks": pl.Int64,
    "after_orders": pl.Int64,
    "after_missed": pl.Int64,
    "after_weeks": pl.Int64,
}
"""What is known of every location, a row each: sums over weeks with orders and missed orders.

`earlier` are as many weeks as before, before these. `unmoved`: not moved by the end of the last week.
"""

WEEKLY: dict[str, type[pl.DataType]] = {
    "location_id": pl.String,
    "week_start": pl.Date,
    "orders": pl.Int64,
    "open_hours": pl.Float64,
}
"""The weeks of the locations to judge, as they are kept."""

SUNDAY, A_DAY = pl.duration(days=DAYS - 1), pl.duration(days=1)


@dataclass(frozen=True, slots=True)
class Moved:
    """A location to judge: the day of its move, and whether people reported lost orders."""

    location_id: str
    on: date
    lost_orders: bool = False


def earliest(compared: Compared, parameters: Parameters | None = None) -> date:
    """The first Monday of which `WEEKLY` has to tell, so that the pace of each location is known."""
    weeks = (parameters or Parameters()).silence.cadence_weeks
    return compared.before.until - (weeks + compared.before.count) * WEEK


def judged(
    sums: pl.DataFrame,
    weekly: pl.DataFrame,
    moved: Sequence[Moved],
    compared: Compared,
    look: int,
    parameters: Parameters | None = None,
) -> list[Check]:
    """The checks of these locations, in their order; all of them compare the same weeks.

    `sums` has the columns of `SUMS`, `weekly` those of `WEEKLY` from `earliest` to the end of the
    weeks that are compared. Raises ValueError where a location is not in `sums`.
    """
    sums = sums.sort("location_id")
    places = sums["location_id"]
    rows = _rows(places, moved)
    before, after = Period.of(sums, "before"), Period.of(sums, "after")
    unmoved = sums["unmoved"].to_numpy()
    region = sums["region"].fill_null("").rank("dense").cast(pl.Int64).to_numpy()
    # Who cannot be compared is no control either: another one takes the place.
    known = ~np.isnan(before.orders + after.orders)
    matched = controls(
        region,
        _health(sums, compared.before.until, parameters),
        before.weekly,
        rows,
        unmoved & known,
        parameters,
    )
    made = judge(
        Portfolio(region, before, after, unmoved),
        rows,
        matched,
        look,
        silences=silences(weekly, moved, compared, parameters),
        lost_orders=np.array([each.lost_orders for each in moved], np.bool_),
        parameters=parameters,
    )
    return [made.of(row, places, compared) for row in range(len(moved))]


def silences(
    weekly: pl.DataFrame,
    moved: Sequence[Moved],
    compared: Compared,
    parameters: Parameters | None = None,
) -> Silences:
    """How long each has been silent at the end of the last week that is known of it.

    An order in a week is taken for one of its Sunday, so that a silence is rather told too short.
    The pace is that of the weeks up to the last one with an order. Weeks that are not known, or had
    no open hour, are no silence; where no whole week since the move is known, nothing is.
    """
    weeks = (parameters or Parameters()).silence.cadence_weeks
    week, last, moved_on = pl.col("week_start"), pl.col("last"), pl.col("moved")
    asked = pl.DataFrame(
        [(each.location_id, each.on) for each in moved],
        schema={"location_id": pl.String, "moved": pl.Date},
        orient="row",
    )
    told = (
        asked.join(weekly, on="location_id")
        .filter(week < compared.after.until, pl.col("orders").is_not_null())
        .with_columns(last=week.filter(pl.col("orders") > 0).max().over("location_id"))
    )
    paced = (week <= last) & (week > last - pl.duration(weeks=weeks))
    is_closed = (pl.col("open_hours") == 0).fill_null(value=False)
    silent = week + SUNDAY - pl.max_horizontal(week, moved_on) + A_DAY
    figures = told.group_by("location_id").agg(
        orders=pl.col("orders").filter(paced).sum(),
        days=paced.sum() * DAYS,
        before=(moved_on - last - SUNDAY - A_DAY).dt.total_days().first(),
        since=silent.filter((week > last) & ~is_closed & (week + SUNDAY >= moved_on))
        .dt.total_days()
        .sum(),
        is_known=last.is_not_null().first() & (week >= compared.after.first).any(),
    )
    amounts = (
        asked.join(figures, on="location_id", how="left", maintain_order="left")
        .select(
            pl.when("is_known").then(pl.col(name).cast(pl.Float64).clip(lower_bound=0)).alias(name)
            for name in ("orders", "days", "before", "since")
        )
        .fill_null(float("nan"))
    )
    return Silences(*(amounts[name].to_numpy() for name in amounts.columns))


def _rows(places: pl.Series, moved: Sequence[Moved]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    asked = pl.Series([each.location_id for each in moved], dtype=pl.String)
    rows = places.search_sorted(asked).cast(pl.Int64).to_numpy()
    if rows.size and not (places.gather(np.minimum(rows, places.len() - 1)) == asked).all():
        raise ValueError("Some of these locations are not among those whose weeks are known.")
    return rows


def _health(sums: pl.DataFrame, monday: date, parameters: Parameters | None) -> Amounts:
    """The health of everybody in the weeks before, as far as these weeks tell it."""
    earlier = pl.col("earlier_orders") * pl.col("before_weeks") / pl.col("earlier_weeks")
    figures = Figures.of(
        sums.select(
            orders_28d="before_orders",
            missed_orders_28d="before_missed",
            cancelled_orders_28d="before_cancelled",
            orders_prev_28d=pl.when(pl.col("earlier_weeks") > 0).then(earlier),
            open_hours_28d="before_open",
            online_hours_28d="before_online",
        ),
        taken_on=monday,
    )
    return health(figures, activities(figures, parameters=parameters), parameters).score
