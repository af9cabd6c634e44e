"""Each location's own pace of ordering, from the weeks of its history."""

from datetime import date

import polars as pl

from rules.calendar import DAYS
from rules.parameters import Parameters

SUNDAY = pl.duration(days=DAYS - 1)


def with_cadence(
    locations: pl.DataFrame,
    history: pl.DataFrame,
    *,
    taken_on: date,
    parameters: Parameters | None = None,
) -> pl.DataFrame:
    """The locations with what their history tells, for `Figures.of`; rows and order stay.

    `history` has location_id, week_start (a Monday) and orders, and may have open_hours. Adds
    cadence_orders and cadence_days: the orders of the eight weeks up to the last one, and the days
    of these weeks that the history covers; and closed_days: those since the last order in weeks
    without an open hour. Fills last_order_on, where it is not known, with the end of the last week
    that has an order. What no history tells stays empty.
    """
    weeks = (parameters or Parameters()).silence.cadence_weeks
    if "last_order_on" not in locations.columns:
        locations = locations.with_columns(last_order_on=pl.lit(None, dtype=pl.Date))
    if "open_hours" not in history.columns:
        history = history.with_columns(open_hours=pl.lit(None, dtype=pl.Float64))
    dated = _with_last_order(locations, history, taken_on)
    told = history.join(
        dated.select("location_id", "last_order_on").drop_nulls(), on="location_id"
    ).with_columns(last_week=pl.col("last_order_on").dt.truncate("1w"))
    return dated.join(_pace(told, weeks), on="location_id", how="left", maintain_order="left").join(
        _closed(told, taken_on), on="location_id", how="left", maintain_order="left"
    )


def _with_last_order(
    locations: pl.DataFrame, history: pl.DataFrame, taken_on: date
) -> pl.DataFrame:
    last = (
        history.filter(pl.col("orders") > 0)
        .group_by("location_id")
        .agg(pl.min_horizontal(pl.col("week_start").max() + SUNDAY, pl.lit(taken_on)).alias("last"))
    )
    return (
        locations.join(last, on="location_id", how="left", maintain_order="left")
        .with_columns(last_order_on=pl.coalesce("last_order_on", "last"))
        .drop("last")
    )


def _pace(told: pl.DataFrame, weeks: int) -> pl.DataFrame:
    """The orders of the weeks up to the last order, and the days that these cover."""
    week, last_week = pl.col("week_start"), pl.col("last_week")
    last_day = pl.min_horizontal(week + SUNDAY, pl.col("last_order_on"))
    return (
        told.filter(week <= last_week, week > last_week - pl.duration(weeks=weeks))
        .with_columns(days=(last_day - week).dt.total_days() + 1)
        .group_by("location_id")
        .agg(cadence_orders=pl.col("orders").sum(), cadence_days=pl.col("days").sum())
    )


def _closed(told: pl.DataFrame, taken_on: date) -> pl.DataFrame:
    """The days since the last order, up to `taken_on`, in weeks without an open hour."""
    week = pl.col("week_start")
    last_day = pl.min_horizontal(week + SUNDAY, pl.lit(taken_on))
    return (
        told.filter(week > pl.col("last_week"), pl.col("open_hours") == 0, week <= taken_on)
        .with_columns(days=(last_day - week).dt.total_days() + 1)
        .group_by("location_id")
        .agg(closed_days=pl.col("days").sum())
    )
