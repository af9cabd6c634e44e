"""A synthetic portfolio of which some locations moved, week by week, with what moving did to them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from rules.activity import activities
from rules.figures import Amounts, Figures, Flags
from rules.health import health
from rules.looks import Period
from rules.problem import Counts

WEEKS_BEFORE, WEEKS_AFTER = 4, 4
REGIONS = 4
ALIKE = 0.02
EVENING = 4
CUSTOMER = 5
KINDS = ("each by itself", "bad weeks", "bad evenings", "customers together")
"""How orders are missed: alone; in weeks of a location; four at a time; in weeks of a customer."""


@dataclass(frozen=True, eq=False)
class Moved:
    """What n locations did; `moved` are the rows that did, the others may be controls."""

    region: Counts
    health: Amounts
    before: Period
    after: list[Period]  # up to each look
    moved: Counts
    unmoved: Flags


def moved(
    rng: np.random.Generator,
    orders: Amounts,
    rate: Amounts,
    moving: int,
    *,
    kind: str = KINDS[0],
    rise: float = 0.0,
    worst_first: bool = False,
) -> Moved:
    """Draw a portfolio of f64[n] orders a week and missed rates, of which some move.

    At those that move, so large a share more is missed. Regions have weeks of their own. With
    `worst_first` those with most missed orders move, as plans would have it.
    """
    count = orders.size
    region = np.arange(count) % REGIONS
    weeks = [_week(rng, orders, rate, kind) for _ in range(WEEKS_BEFORE)]
    before = _period(weeks)
    rows = (
        np.argsort(-before.missed, kind="stable")[:moving]
        if worst_first
        else rng.choice(count, moving, replace=False)
    )
    is_moved = np.isin(np.arange(count), rows)
    more = np.where(is_moved, rise, 0.0)
    since, after = [], []
    for _ in range(WEEKS_AFTER):
        shared = rng.normal(0, 0.003, REGIONS)[region]
        since.append(_week(rng, orders, np.clip(rate + more + shared, 0.0005, 1), kind))
        after.append(_period(since))
    return Moved(region, _health(before), before, after, rows, ~is_moved)


def _week(
    rng: np.random.Generator, orders: Amounts, rate: Amounts, kind: str
) -> tuple[Amounts, Amounts]:
    """Orders and missed ones of one week."""
    drawn = rng.poisson(orders).astype(np.float64)
    if kind == "bad evenings":
        evenings = rng.poisson(drawn * rate / EVENING)
        missed = np.minimum(drawn, evenings + rng.poisson((EVENING - 1) * evenings))
        return drawn, missed.astype(np.float64)
    if kind == "bad weeks":
        strength = 1 / ALIKE - 1
        rate = rng.beta(rate * strength, (1 - rate) * strength)
    if kind == "customers together":
        customer = np.arange(rate.size) // (CUSTOMER * REGIONS) * REGIONS
        bad = rng.random(rate.size)[customer] < 1 / 26
        rate = np.where(bad, np.minimum(1, 3 * rate), rate)
    return drawn, rng.binomial(drawn.astype(np.int64), rate).astype(np.float64)


def _period(weeks: list[tuple[Amounts, Amounts]]) -> Period:
    orders, missed = np.sum(weeks, axis=0)
    return Period(orders, missed, np.full(orders.size, float(len(weeks))))


def _health(before: Period) -> Amounts:
    """The health scores of the month before, by the rules."""
    sheet = pl.DataFrame({"orders_28d": before.orders, "missed_orders_28d": before.missed})
    figures = Figures.of(sheet, taken_on=date(2022, 1, 15))
    return health(figures, activities(figures)).score
