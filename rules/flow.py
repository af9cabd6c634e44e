"""The best plan there could be were every location free to go on its own: a minimum-cost flow.

Customers send their locations to weeks of their CSA, those to the weeks of all CSAs within the ramp.
Nobody can do better with whole customers, so its cost is a bound, and where it puts the locations
shows a planner the way.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from rules.costs import never_week, unit_of, week_price
from rules.openings import is_open
from rules.problem import Allocations, Amounts, Counts, Problem

DEAREST = 2**30
"""Costs are whole numbers up to this: fine enough, and far from where the solver would overflow."""

ROUNDED_DOWN = 1 - 1e-9
"""More than the rounding errors of the sums, so that the bound stays a bound."""


@dataclass(frozen=True, eq=False)
class Divided:
    """The best plan of a problem whose locations may all go on their own."""

    bound: float  # what it costs: no plan costs less
    shares: Allocations  # how many locations of each customer it puts in each week


def divided(problem: Problem) -> Divided:
    """The optimum of the divisible problem, exact but for costs rounded down.

    Every promised location that stays where it was promised gives back the price of a move, which
    all of them have paid before. At 1,000,000 locations it takes a minute and a gigabyte.
    """
    if not problem.customers or not problem.weeks:
        return Divided(_without_any_week(problem) * ROUNDED_DOWN, Allocations.none())
    arcs = _Arcs.of(problem)
    flows = _solved(problem, arcs)
    cost = float(arcs.price @ flows) + problem.price_of_a_move * _announced(problem)
    used = np.flatnonzero((flows > 0) & (arcs.week < problem.weeks))
    shares = Allocations(arcs.customer[used], arcs.week[used], flows[used])
    return Divided(max(0.0, cost * ROUNDED_DOWN), shares)


@dataclass(frozen=True, eq=False)
class _Arcs:
    """The ways out of each customer: k of them. The week w stands for no week at all."""

    customer: Counts  # [k]
    week: Counts  # [k]
    room: Counts  # [k] locations
    price: Amounts  # [k] of one location, rounded down
    unit: float  # what the whole number 1 is worth

    @classmethod
    def of(cls, problem: Problem) -> "_Arcs":
        everyone = np.arange(problem.customers)
        customer, week = np.nonzero(is_open(problem, everyone))
        price = week_price(problem, customer, week)
        promised = _promised_and_open(problem)
        never = week_price(problem, everyone, never_week(problem))
        stays = week_price(problem, promised.customer, promised.week) - problem.price_of_a_move
        prices = np.concatenate([price, stays, never])
        unit = unit_of(prices, DEAREST)
        return cls(
            customer=np.concatenate([customer, promised.customer, everyone]),
            week=np.concatenate([week, promised.week, np.full(everyone.size, problem.weeks)]),
            room=np.concatenate([problem.size[customer], promised.count, problem.size]),
            price=np.floor(prices / unit) * unit,
            unit=unit,
        )


def _solved(problem: Problem, arcs: _Arcs) -> Counts:
    """How many locations go over each arc: i64[k].

    Raises:
        RuntimeError: the solver did not find the optimum, which always exists.
    """
    n, w, o = problem.customers, problem.weeks, len(problem.capacity)
    sink = n + (o + 1) * w
    in_all = int(problem.size.sum())
    flow = SimpleMinCostFlow()
    heads = np.where(arcs.week < w, n + problem.owner[arcs.customer] * w + arcs.week, sink)
    costs = np.rint(arcs.price / arcs.unit).astype(np.int64)
    ours = _add(flow, arcs.customer, heads, arcs.room, costs)
    cells, weeks = np.arange(o * w), np.arange(w)
    _add(flow, n + cells, n + o * w + cells % w, np.minimum(problem.capacity.ravel(), in_all))
    _add(flow, n + o * w + weeks, np.full(w, sink), np.minimum(problem.ramp, in_all))
    flow.set_nodes_supplies(np.arange(n, dtype=np.int32), problem.size)
    flow.set_node_supply(sink, -in_all)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"the flow of a plan ended as {status.name}")
    return np.asarray(flow.flows(ours), dtype=np.int64)


def _add(
    flow: SimpleMinCostFlow, tails: Counts, heads: Counts, room: Counts, costs: Counts | None = None
) -> Counts:
    """Add arcs; returns their numbers."""
    added = flow.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32),
        heads.astype(np.int32),
        room,
        np.zeros_like(room) if costs is None else costs,
    )
    return np.asarray(added)


def _promised_and_open(problem: Problem) -> Allocations:
    """The promises that could be kept."""
    promised = problem.promised
    customers, row = np.unique(promised.customer, return_inverse=True)
    can = is_open(problem, customers)[row, promised.week]
    return Allocations(promised.customer[can], promised.week[can], promised.count[can])


def _announced(problem: Problem) -> int:
    """How many locations have a promise, of those that there still are."""
    promised = problem.promised
    in_all = np.bincount(
        promised.customer, weights=promised.count, minlength=problem.customers
    ).astype(np.int64)
    return int(np.minimum(in_all, problem.size).sum())


def _without_any_week(problem: Problem) -> float:
    everyone = np.arange(problem.customers)
    return float(week_price(problem, everyone, never_week(problem)) @ problem.size)
