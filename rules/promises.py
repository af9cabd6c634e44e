"""Keeping what was announced: first what is frozen, then the rest, as far as there is room."""

import numpy as np

from rules.costs import never_week
from rules.placing import Parts, Placing
from rules.problem import NO_DUE, Problem


def promised_parts(problem: Problem) -> dict[int, Parts]:
    """What was announced to each customer, by week."""
    promised = problem.promised
    announced: dict[int, dict[int, int]] = {}
    rows = (promised.customer.tolist(), promised.week.tolist(), promised.count.tolist())
    for customer, week, count in zip(*rows, strict=True):
        weeks = announced.setdefault(customer, {})
        weeks[week] = weeks.get(week, 0) + count
    return {customer: sorted(weeks.items()) for customer, weeks in announced.items()}


def is_frozen(problem: Problem, announced: Parts, now: int = 0) -> bool:
    """Whether a promise begins so soon, counted from week `now`, that only a person may move it."""
    return announced[0][0] < now + problem.frozen_weeks


def keep_promises(placing: Placing, announced: dict[int, Parts]) -> set[int]:
    """Place every customer whose promise still has room; returns who was kept.

    Frozen promises first, then by weight. A promise without room is left to be moved.
    """
    problem = placing.problem
    sizes, weights = problem.size.tolist(), problem.weight.tolist()
    kept = set()
    waiting = (customer for customer in announced if sizes[customer])
    for customer in sorted(
        waiting, key=lambda c: (not is_frozen(problem, announced[c]), -weights[c], c)
    ):
        parts = as_announced(placing, customer, _of_size(announced[customer], sizes[customer]))
        if parts:
            placing.place(customer, parts)
            kept.add(customer)
    return kept


def as_announced(placing: Placing, customer: int, announced: Parts) -> Parts:
    """The parts that keep a promise, empty when there is no room for it.

    A customer that goes in one week goes in the week most of it was promised. A larger one keeps
    its announced parts; if it has grown since, it starts in the week it was promised.
    """
    if placing.goes_in_one_week(customer):
        week, _ = max(announced, key=lambda part: (part[1], -part[0]))
        return placing.starting_in(customer, week)
    announced_in_all = sum(count for _, count in announced)
    if announced_in_all == placing.problem.size[customer] and placing.fits(customer, announced):
        return announced
    return placing.starting_in(customer, announced[0][0])


def place_escalations(placing: Placing, announced: dict[int, Parts], kept: set[int]) -> None:
    """Place who has a due date, earliest due first; `kept` loses whom that moved.

    An escalation that a kept promise of its own would make late leaves it for an earlier week when
    that costs less. One that would still be late takes the place of somebody else's promise when
    that costs less. A frozen promise stays.
    """
    problem = placing.problem
    due, weights = problem.due.tolist(), problem.weight.tolist()
    escalated = (c for c in range(problem.customers) if due[c] != NO_DUE and problem.size[c])
    for customer in sorted(escalated, key=lambda c: (due[c], -weights[c], c)):
        promise = placing.parts[customer]
        if not promise:
            placing.place_in_order([customer])
        elif promise[-1][0] > due[customer] and not is_frozen(problem, announced[customer]):
            placing.take_back(customer)
            earliest = placing.earliest(customer)
            if _dearer(placing, customer, promise, earliest, announced) < 0:
                kept.remove(customer)
                promise = earliest
            placing.place(customer, promise)
        if _may_go_earlier(placing, customer, announced, kept):
            _displace(placing, customer, announced, kept)


def _may_go_earlier(
    placing: Placing, customer: int, announced: dict[int, Parts], kept: set[int]
) -> bool:
    """Whether it is late, and held there by no frozen promise."""
    parts, problem = placing.parts[customer], placing.problem
    if customer in kept and is_frozen(problem, announced[customer]):
        return False
    return not parts or bool(parts[-1][0] > problem.due[customer])


def _displace(placing: Placing, customer: int, announced: dict[int, Parts], kept: set[int]) -> None:
    """Take the place of the promise that costs least to move, if being late costs more."""
    mine, best = placing.take_back(customer), None
    for other in _may_be_displaced(placing, customer, announced, kept):
        theirs = placing.take_back(other)
        ours = placing.starting_in(customer, theirs[0][0])
        placing.place(customer, ours)
        instead = placing.earliest(other) if ours else []
        placing.take_back(customer)
        placing.place(other, theirs)
        if instead:
            dearer = _dearer(placing, customer, mine, ours, announced)
            dearer += _dearer(placing, other, theirs, instead, announced)
            best = min(best or (0.0, -1, mine, []), (dearer, other, ours, instead))
    if best is None or best[0] >= 0:
        placing.place(customer, mine)
        return
    _, other, ours, instead = best
    placing.take_back(other)
    placing.place(customer, ours)
    placing.place(other, instead)
    kept -= {customer, other}


def _may_be_displaced(
    placing: Placing, customer: int, announced: dict[int, Parts], kept: set[int]
) -> list[int]:
    """Who of the same CSA keeps a promise that begins in time, is not frozen, and has no due date."""
    problem = placing.problem
    owner, due = problem.owner[customer], int(problem.due[customer])
    return [
        other
        for other in np.flatnonzero((problem.owner == owner) & (problem.due == NO_DUE)).tolist()
        if other in kept
        and placing.parts[other][0][0] <= due
        and not is_frozen(problem, announced[other])
    ]


def _dearer(
    placing: Placing, customer: int, before: Parts, after: Parts, announced: dict[int, Parts]
) -> float:
    """By how much other parts cost more for one customer; none at all count as never."""
    problem, promise = placing.problem, announced.get(customer, [])
    never = [(int(never_week(problem)), int(problem.size[customer]))]
    return price(problem, customer, after, promise) - price(
        problem, customer, before or never, promise
    )


def place_lost_promises(placing: Placing, announced: dict[int, Parts]) -> None:
    """Place those whose frozen promise lost its room, by weight: their day is almost here."""
    problem = placing.problem
    lost = [
        customer
        for customer in placing.unplaced().tolist()
        if customer in announced and is_frozen(problem, announced[customer])
    ]
    placing.place_in_order(sorted(lost, key=lambda c: (-problem.weight[c], c)))


def price(problem: Problem, customer: int, parts: Parts, announced: Parts) -> float:
    """What these parts cost for one customer, the price of leaving its promise included."""
    weight, due = float(problem.weight[customer]), int(problem.due[customer])
    waiting = sum(
        count * (week + 1 + problem.tardiness * max(0, week - due)) for week, count in parts
    )
    promised = dict(announced)
    stays = sum(min(count, promised.get(week, 0)) for week, count in parts)
    return weight * waiting - problem.price_of_a_move * stays


def _of_size(announced: Parts, size: int) -> Parts:
    """The earliest announced parts, as many locations as the customer still has."""
    trimmed = []
    for week, count in announced:
        part = min(count, size)
        if part:
            trimmed.append((week, part))
        size -= part
    return trimmed
