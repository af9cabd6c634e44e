"""In which order customers without a promise are placed; the order decides what a plan costs."""

from collections.abc import Iterator

import numpy as np

from rules.costs import cost
from rules.placing import Placing
from rules.problem import Amounts

SIZE_COUNTS = (0.0, 0.1, 0.2, 0.5, 1.2)
"""How much more a customer that needs a whole week weighs than one that fits in any gap.

Found by trial: 0.1 is cheapest where most customers are small, 1.2 where most need half a week or
more. A pass is cheap, so all are tried.
"""


def cheapest(placing: Placing) -> Placing:
    """The cheapest of the plans that complete this one, a few orders tried.

    None of them leaves more customers without a week than plain priority per location does. The
    last orders begin with whom that one left out, so that a customer who needs a whole week is not
    starved by small ones.
    """
    by_priority = _completed(placing, placing.problem.weight)
    left_out = by_priority.unplaced().size
    best, lowest = by_priority, _price(by_priority)
    for urgency in _other_urgencies(by_priority):
        tried = _completed(placing, urgency)
        price = _price(tried)
        if price < lowest and tried.unplaced().size <= left_out:
            best, lowest = tried, price
    return best


def _other_urgencies(by_priority: Placing) -> Iterator[Amounts]:
    """f64[n] each: larger goes first."""
    weight, left_out = by_priority.problem.weight, by_priority.unplaced()
    share = _share_of_a_week(by_priority)
    for counts in SIZE_COUNTS:
        urgency = weight * (1 + counts * share)
        if counts:
            yield urgency
        if left_out.size:
            first = urgency.copy()
            first[left_out] = np.inf
            yield first


def _completed(placing: Placing, urgency: Amounts) -> Placing:
    """A copy in which everyone who waits is placed, the most urgent first, ties in order."""
    completed = placing.fork()
    waiting = placing.unplaced()
    order = waiting[np.argsort(-urgency[waiting], kind="stable")]
    completed.place_in_order(order.tolist())
    return completed


def _share_of_a_week(placing: Placing) -> Amounts:
    """How much of its largest open week each customer needs, at most 1."""
    largest = np.array([opening.largest for opening in placing.openings], dtype=np.float64)
    return np.asarray(np.minimum(1.0, placing.problem.size / np.maximum(1.0, largest)))


def _price(placing: Placing) -> float:
    return cost(placing.problem, placing.placed(), placing.unplaced())
