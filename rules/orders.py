"""In which order customers without a promise are placed; the order decides what a plan costs."""

from collections.abc import Iterator

import numpy as np

from rules.placing import Placing
from rules.problem import Allocations, Amounts, Counts

SIZE_COUNTS = (0.1, 0.2, 0.5, 1.2, -0.5, -0.9)
"""How much more a customer that needs a whole week weighs than one that fits in any gap.

Found by trial: 0.1 is cheapest where most customers are small, 1.2 where most need half a week or
more. Below 0 small ones go first, so that more of them share the first weeks of the ramp; exchanges
then settle the later weeks. A pass is cheap, so all are tried.
"""


def by_priority(placing: Placing) -> Counts:
    """Everyone who waits, the heaviest location first: the plainest order."""
    return _heaviest_first(placing, size_counts=0)


def orders(placing: Placing, shares: Allocations, left_out: Counts) -> Iterator[Counts]:
    """The orders worth trying besides.

    First those of the divisible problem: each customer when most of it goes there, in `shares`. Then
    the heaviest first, the size counted more and more, and less. `left_out` are customers for whom the
    plainest order found no week: each order is tried once more with them in front, so that one who
    needs a whole week is not starved by small ones.
    """
    if left_out.size:
        yield _in_front(left_out, by_priority(placing))
    for order in _others(placing, shares):
        yield order
        if left_out.size:
            yield _in_front(left_out, order)


def _in_front(first: Counts, order: Counts) -> Counts:
    comes_first = np.isin(order, first)
    return np.concatenate([order[comes_first], order[~comes_first]])


def _others(placing: Placing, shares: Allocations) -> Iterator[Counts]:
    problem, waiting = placing.problem, placing.unplaced()
    week = _main_weeks(placing, shares)[waiting]
    at_stake = problem.weight[waiting] * problem.size[waiting]
    yield waiting[np.lexsort((-at_stake, week))]
    yield waiting[np.lexsort((-problem.size[waiting], week))]
    for size_counts in SIZE_COUNTS:
        yield _heaviest_first(placing, size_counts)


def _main_weeks(placing: Placing, shares: Allocations) -> Counts:
    """The week that takes most of each customer, the horizon's end where none does: i64[n]."""
    order = np.lexsort((-shares.week, shares.count, shares.customer))
    weeks = np.full(placing.problem.customers, placing.problem.weeks)
    weeks[shares.customer[order]] = shares.week[order]
    return weeks


def _heaviest_first(placing: Placing, size_counts: float) -> Counts:
    """Everyone who waits, by weight and how much of a week they need; ties in order."""
    urgency = placing.problem.weight * (1 + size_counts * _share_of_a_week(placing))
    waiting = placing.unplaced()
    return waiting[np.argsort(-urgency[waiting], kind="stable")]


def _share_of_a_week(placing: Placing) -> Amounts:
    """How much of its largest open week each customer needs, at most 1."""
    largest = np.array([opening.largest for opening in placing.openings], dtype=np.float64)
    return np.asarray(np.minimum(1.0, placing.problem.size / np.maximum(1.0, largest)))
