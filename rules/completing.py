"""Completing a plan: everyone who waits is placed in several orders, and the cheapest plan stays."""

from collections.abc import Mapping

import numpy as np

from rules.exchanging import Stop, draw_forward, exchange
from rules.orders import by_priority, orders
from rules.placing import Parts, Placing
from rules.problem import Allocations, Counts

STEPS = 2_000
"""Exchanges among the customers of one CSA, at most; it never came near in any family."""


def completed(
    placing: Placing, announced: Mapping[int, Parts], shares: Allocations, *, stop: Stop
) -> tuple[Placing, bool]:
    """The cheapest of the plans that complete this one, and whether `stop` cut the search short.

    None of them costs more, or leaves more customers without a week, than plain priority does.
    Whoever is placed by now, because of a promise or a due date, stays there. Who lost what was
    `announced` and waits may come back to it where room is made by an exchange.
    """
    best, cut_short = _in_order(placing, by_priority(placing), announced, stop)
    lowest, fewest = best.cost(), best.unplaced()
    for order in orders(placing, shares, fewest):
        if stop():
            return best, True
        tried, ended_early = _in_order(placing, order, announced, stop)
        cut_short = cut_short or ended_early
        price = tried.cost()
        if price < lowest and tried.unplaced().size <= fewest.size:
            best, lowest = tried, price
    return best, cut_short


def _in_order(
    placing: Placing, order: Counts, announced: Mapping[int, Parts], stop: Stop
) -> tuple[Placing, bool]:
    """Place them in this order, let them exchange weeks, and use the room that this left."""
    made = placing.fork()
    made.place_in_order(order.tolist())
    free = [c for c, parts in enumerate(made.parts) if parts and not placing.parts[c]]
    in_one_week = np.array([c for c in free if len(made.parts[c]) == 1], dtype=np.int64)
    ended = exchange(made, in_one_week, announced, steps=STEPS, stop=stop)
    draw_forward(made, (c for c in free if c not in announced))
    made.place_in_order(by_priority(made).tolist())
    return made, not ended
