"""How much each location weighs in a plan, and who may go first."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from rules.activity import OFFBOARDED, State
from rules.parameters import Parameters
from rules.scoring import Scores, scores

LEAST_WEIGHT = 1.0
"""Who weighed nothing could be left for last forever, at no cost."""
FIGURES = ("orders_28d", "missed_orders_28d")
DATES = ("last_order_on", "signed_up_on")


@dataclass(frozen=True, eq=False)
class Scoring:
    """The scores of a portfolio, and whose each row is: `locations` has location_id and customer_id."""

    locations: pl.DataFrame
    scores: Scores


def weighed(
    locations: pl.DataFrame,
    *,
    taken_on: date,
    today: date,
    parameters: Parameters,
    before: Scores | None = None,
) -> tuple[pl.DataFrame, Scoring]:
    """The locations with their `weight` (their priority), `is_churned` and `has_figures`.

    Rows are as `rules.scoring.scores` reads them, and so is `before`. A date after the day that the
    figures were taken on is of a location that came later; it counts as that day. Raises
    ImpossibleFigures with the rows of what cannot be.
    """
    of_that_day = locations.with_columns(
        pl.when(pl.col(name) > taken_on).then(pl.lit(taken_on)).otherwise(name).alias(name)
        for name in DATES
        if name in locations.columns
    )
    made = scores(of_that_day, taken_on=taken_on, today=today, parameters=parameters, before=before)
    told = locations.with_columns(
        weight=pl.Series(made.priority.score).clip(lower_bound=LEAST_WEIGHT),
        is_churned=pl.Series(made.activity.state) == State.churned,
        has_figures=pl.all_horizontal(pl.col(FIGURES).is_not_null()),
    )
    return told, Scoring(locations.select("location_id", "customer_id"), made)


def pilots(locations: pl.DataFrame, parameters: Parameters) -> tuple[pl.DataFrame, bool]:
    """Which customers may be a `pilot`, and whether their size alone decided it.

    A pilot is small and healthy: it has no more locations than the median customer and no higher
    (shrunk) rate of missed orders. No evidence is not health, unless there is none of anybody.
    """
    known = pl.all_horizontal(pl.col(FIGURES).is_not_null())
    missed = pl.col("missed_orders_28d").filter(known).sum() + parameters.prior_missed
    orders = pl.col("orders_28d").filter(known).sum() + parameters.prior_orders
    customers = (
        locations.filter(pl.col("status") != OFFBOARDED)
        .group_by("customer_id")
        .agg(pl.len().alias("size"), pl.when(known.any()).then(missed / orders).alias("rate"))
    )
    by_size_alone = customers["rate"].is_null().all()
    small = pl.col("size") <= pl.col("size").median()
    healthy = (pl.col("rate") <= pl.col("rate").median()).fill_null(value=False)
    return customers.select("customer_id", pilot=small & (healthy | by_size_alone)), by_size_alone
