"""What a plan costs: waiting, being late, having no week, and moving a promise."""

import numpy as np

from rules.problem import Allocations, Amounts, Counts, Problem


def cost(problem: Problem, placed: Allocations, unplaced: Counts) -> float:
    """The cost of a plan.

    weight x count x (week + 1 + tardiness x weeks after due), summed over what is placed, with
    2w - 1 as the week of a customer without one, plus the price of every moved location.
    """
    waiting = week_price(problem, placed.customer, placed.week) * placed.count
    never = week_price(problem, unplaced, never_week(problem)) * problem.size[unplaced]
    moved = int(moved_locations(problem, placed).sum())
    return float(waiting.sum() + never.sum() + problem.price_of_a_move * moved)


def never_week(problem: Problem) -> Counts:
    """The week that having none is priced as: 2w - 1."""
    return np.array(2 * problem.weeks - 1, dtype=np.int64)


def week_price(problem: Problem, customer: Counts, week: Counts) -> Amounts:
    """What one location of each customer costs in each week, promises apart: f64[k]."""
    late = np.maximum(0, week - problem.due[customer])
    return np.asarray(problem.weight[customer] * (week + 1 + problem.tardiness * late))


def moved_locations(problem: Problem, placed: Allocations) -> Counts:
    """How many locations of each customer are not in their promised week: i64[n].

    Locations announced that the customer no longer has are not moved, they are gone.
    """
    promised = _by_customer_and_week(problem, problem.promised)
    kept = np.minimum(promised, _by_customer_and_week(problem, placed, only=problem.promised))
    customers = np.unique(_cells(problem, problem.promised)) // max(1, problem.weeks)
    announced = np.bincount(customers, weights=promised, minlength=problem.customers)
    stayed = np.bincount(customers, weights=kept, minlength=problem.customers)
    return np.asarray(np.minimum(announced, problem.size) - stayed, dtype=np.int64)


def _cells(problem: Problem, allocations: Allocations) -> Counts:
    return np.asarray(allocations.customer * problem.weeks + allocations.week)


def _by_customer_and_week(
    problem: Problem, counted: Allocations, only: Allocations | None = None
) -> Counts:
    """Locations in each (customer, week) that `only` names, in that order, without repeats."""
    wanted = np.unique(_cells(problem, only or counted))
    cells = _cells(problem, counted)
    place = np.searchsorted(wanted, cells)
    named = np.isin(cells, wanted)
    totals = np.bincount(place[named], weights=counted.count[named], minlength=wanted.size)
    return np.asarray(totals, dtype=np.int64)


def unit_of(prices: Amounts, dearest: int) -> float:
    """What 1 is worth where the dearest price is to be a whole number up to `dearest`.

    A power of two, so that weights twice as large give the same whole numbers.
    """
    largest = float(np.abs(prices).max(initial=0.0))
    return 2.0 ** float(np.ceil(np.log2(largest / dearest))) if largest else 1.0
