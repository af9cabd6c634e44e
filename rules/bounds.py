"""How cheap any plan can be at best: a lower bound from two relaxations, each exact.

Later the optimum of the divisible problem as a flow replaces it (a higher bound, a smaller gap).
"""

from heapq import heappop, heappush

import numpy as np

from rules.costs import never_week, week_price
from rules.openings import Opening
from rules.problem import NO_DUE, Amounts, Counts, Problem

ROUNDED_DOWN = 1 - 1e-9
"""More than the rounding errors of the sums, so that the bound stays a bound."""


def bound(problem: Problem, openings: list[Opening]) -> float:
    """A cost that no plan can be below.

    For each owner the larger of: every customer alone in its best weeks; every location on its own,
    any share of a customer in any week from its first, within the owner's capacity. The second is
    also taken over all owners within the ramp. Late weeks and moves that nothing can avoid are
    added to the second.
    """
    if problem.customers == 0:
        return 0.0
    first = _first_open(problem, openings)
    alone, unavoidable = _alone(problem, first), _unavoidable(problem, first)
    by_owner = np.argsort(problem.owner, kind="stable")
    most = np.minimum(problem.capacity, problem.ramp)
    total = 0.0
    for customers in np.split(by_owner, np.flatnonzero(np.diff(problem.owner[by_owner])) + 1):
        shared = _divided(problem, customers, first, most[problem.owner[customers[0]]])
        total += max(float(alone[customers].sum()), shared + float(unavoidable[customers].sum()))
    everyone = _divided(problem, by_owner, first, problem.ramp) + float(unavoidable.sum())
    return max(total, everyone) * ROUNDED_DOWN


def _first_open(problem: Problem, openings: list[Opening]) -> Counts:
    never = int(never_week(problem))
    first = (opening.weeks[0] if opening.weeks else never for opening in openings)
    return np.fromiter(first, np.int64, len(openings))


def _alone(problem: Problem, first: Counts) -> Amounts:
    """The least each customer costs were nobody else there: f64[n].

    Every location in the first open week, or in its promised week where that is cheaper than the
    price of a move.
    """
    price = week_price(problem, np.arange(problem.customers), first)
    announced, _ = _announced(problem, first)
    promised = problem.promised
    cheaper = np.minimum(
        0.0,
        week_price(problem, promised.customer, promised.week)
        - price[promised.customer]
        - problem.price_of_a_move,
    )
    saved = np.bincount(
        promised.customer, weights=cheaper * promised.count, minlength=problem.customers
    )
    at_first = price * problem.size
    return np.maximum(at_first, at_first + problem.price_of_a_move * announced + saved)


def _unavoidable(problem: Problem, first: Counts) -> Amounts:
    """What each customer pays for being late and for moves, wherever it goes: f64[n]."""
    late = np.where(problem.due == NO_DUE, 0, np.maximum(0, first - problem.due))
    announced, can_stay = _announced(problem, first)
    moved = np.maximum(0, announced - can_stay)
    lateness = problem.weight * problem.size * problem.tardiness * late
    return np.asarray(lateness + problem.price_of_a_move * moved)


def _announced(problem: Problem, first: Counts) -> tuple[Counts, Counts]:
    """Of each customer's locations: how many have a promise, how many could stay in it."""
    promised, n = problem.promised, problem.customers
    closed = (
        (promised.week < first[promised.customer])
        | problem.blackout[problem.region[promised.customer], promised.week]
        | (problem.capacity[problem.owner[promised.customer], promised.week] == 0)
    )
    in_all = np.bincount(promised.customer, weights=promised.count, minlength=n)
    could = np.bincount(promised.customer, weights=promised.count * ~closed, minlength=n)
    announced = np.minimum(in_all, problem.size).astype(np.int64)
    return announced, could.astype(np.int64)


def _divided(problem: Problem, customers: Counts, first: Counts, room: Counts) -> float:
    """The least waiting when locations are placed one by one within `room`, i64[w].

    Unit jobs with release times on slots that only grow dearer: taking the heaviest that is
    released, week by week, is optimal.
    """
    coming = customers[np.argsort(first[customers], kind="stable")]
    queue = list(
        zip(
            first[coming].tolist(),
            problem.weight[coming].tolist(),
            problem.size[coming].tolist(),
            strict=True,
        )
    )
    waiting: list[tuple[float, int]] = []
    arrived, total = 0, 0.0
    for week, free in enumerate(room.tolist()):
        while arrived < len(queue) and queue[arrived][0] <= week:
            _, weight, size = queue[arrived]
            heappush(waiting, (-weight, size))
            arrived += 1
        total += (week + 1) * _take_heaviest(waiting, free)
    too_late = [(-weight, size) for _, weight, size in queue[arrived:]]
    never: float = -sum(negative * size for negative, size in waiting + too_late)
    return total + 2 * problem.weeks * never


def _take_heaviest(waiting: list[tuple[float, int]], free: int) -> float:
    """Take `free` locations off the heap; returns their weight."""
    taken = 0.0
    while waiting and free > 0:
        negative, size = heappop(waiting)
        part = min(size, free)
        if part < size:
            heappush(waiting, (negative, size - part))
        taken -= negative * part
        free -= part
    return taken
