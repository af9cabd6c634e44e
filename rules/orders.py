"""In which order customers without a promise are placed; the order decides what a plan costs."""

from collections.abc import Iterator

import numpy as np

from rules.costs import cost
from rules.placing import Placing
from rules.problem import Amounts, Counts

SIZE_COUNTS = (0.0, 0.1, 0.2, 0.5, 1.2)
"""How much more a customer that needs a whole week weighs than one that fits in any gap.

Found by trial: 0.1 is cheapest where most customers are small, 1.2 where most need half a week or
more. A pass is cheap, so all are tried.
"""


def cheapest(placing: Placing) -> Placing:
    """The cheapest of the plans that complete this one, a few orders tried.

    None of them leaves more customers without a week than plain priority per location does. Some
    orders begin with whom that one left out, so that a customer who needs a whole week is not
    starved by small ones.
    """
    by_priority = _completed(placing, _heaviest_first(placing, size_counts=0))
    left_out = by_priority.unplaced()
    best, lowest = by_priority, _price(by_priority)
    for order in _other_orders(placing, left_out):
        tried = _completed(placing, order)
        price = _price(tried)
        if price < lowest and tried.unplaced().size <= left_out.size:
            best, lowest = tried, price
    return best


def _other_orders(placing: Placing, left_out: Counts) -> Iterator[Counts]:
    for size_counts in SIZE_COUNTS:
        order = _heaviest_first(placing, size_counts)
        if size_counts > 0:
            yield order
        if left_out.size:
            comes_first = np.isin(order, left_out)
            yield np.concatenate([order[comes_first], order[~comes_first]])


def _heaviest_first(placing: Placing, size_counts: float) -> Counts:
    """Everyone who waits, by weight and how much of a week they need; ties in order."""
    urgency = placing.problem.weight * (1 + size_counts * _share_of_a_week(placing))
    waiting = placing.unplaced()
    return waiting[np.argsort(-urgency[waiting], kind="stable")]


def _share_of_a_week(placing: Placing) -> Amounts:
    """How much of its largest open week each customer needs, at most 1."""
    largest = np.array([opening.largest for opening in placing.openings], dtype=np.float64)
    return np.asarray(np.minimum(1.0, placing.problem.size / np.maximum(1.0, largest)))


def _completed(placing: Placing, order: Counts) -> Placing:
    completed = placing.fork()
    completed.place_in_order(order.tolist())
    return completed


def _price(placing: Placing) -> float:
    return cost(placing.problem, placing.placed(), placing.unplaced())
