"""How much a location gains by moving: missed orders avoided, and their rank among all."""

import numpy as np
import numpy.typing as npt

from rules.parameters import Parameters
from rules.shrinkage import Prior

WEEKS_COUNTED = 4

Numbers = npt.NDArray[np.float64]


def missed_orders_avoided(
    orders_28d: npt.ArrayLike, missed_28d: npt.ArrayLike, parameters: Parameters | None = None
) -> Numbers:
    """Missed orders that moving avoids in a week, for each location: f64[n].

    Weekly orders x (missed + 2) / (orders + 50) x 0.6: the rate is shrunk towards the portfolio so
    that one missed order of two does not outrank a busy location. Raises ValueError with the rows
    where a count is negative, missing, or more orders were missed than placed.
    """
    parameters = parameters or Parameters()
    orders = np.asarray(orders_28d, dtype=np.float64)
    missed = np.asarray(missed_28d, dtype=np.float64)
    _refuse_impossible_counts(orders, missed)
    rate = Prior(parameters.prior_missed, parameters.prior_orders).rate(missed, orders)
    return avoided_a_week(orders, rate, parameters)


def avoided_a_week(orders_28d: Numbers, missed_rate: Numbers, parameters: Parameters) -> Numbers:
    """Missed orders that moving avoids in a week at these rates: f64[n]."""
    return np.asarray(orders_28d / WEEKS_COUNTED * missed_rate * parameters.missed_reduction)


def percentile_rank(values: npt.ArrayLike) -> Numbers:
    """Where each value stands among all, in (0, 1): (average rank - 0.5) / n, ties sharing a rank.

    Raises ValueError with the rows where a value is missing.
    """
    numbers = np.asarray(values, dtype=np.float64)
    _refuse(np.isnan(numbers), "no number")
    _, group, members = np.unique(numbers, return_inverse=True, return_counts=True)
    average_rank = np.cumsum(members) - (members - 1) / 2
    return np.asarray((average_rank[group] - 0.5) / max(1, numbers.size))


def benefit(
    orders_28d: npt.ArrayLike, missed_28d: npt.ArrayLike, parameters: Parameters | None = None
) -> Numbers:
    """B of the priority score, in (0, 1): the percentile rank of missed orders avoided a week."""
    return percentile_rank(missed_orders_avoided(orders_28d, missed_28d, parameters))


def _refuse_impossible_counts(orders: Numbers, missed: Numbers) -> None:
    if orders.shape != missed.shape:
        raise ValueError(f"{orders.size} locations have orders, {missed.size} have missed orders")
    _refuse(~np.isfinite(orders) | (orders < 0), "orders must be a number, 0 or more")
    _refuse(~np.isfinite(missed) | (missed < 0), "missed orders must be a number, 0 or more")
    _refuse(missed > orders, "more orders were missed than placed")


def _refuse(wrong: npt.NDArray[np.bool_], why: str) -> None:
    if wrong.any():
        rows = ", ".join(str(row) for row in np.flatnonzero(wrong)[:5])
        raise ValueError(f"{why}: {int(wrong.sum())} rows, the first are {rows}")
