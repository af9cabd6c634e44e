from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.flow import Divided, divided
from rules.problem import Allocations, Problem
from tests.rules.plan_checker import open_weeks
from tests.rules.problems import problem, problems, promised

budget = settings(max_examples=150, deadline=None)


@budget
@given(problems())
def test_the_shares_keep_to_every_room_and_every_closed_week(asked: Problem) -> None:
    shares = divided(asked).shares
    taken = np.zeros_like(asked.capacity)
    rows = (shares.customer.tolist(), shares.week.tolist(), shares.count.tolist())
    for customer, week, count in zip(*rows, strict=True):
        assert week in open_weeks(asked, customer)
        taken[asked.owner[customer], week] += count
    assert (taken <= asked.capacity).all()
    assert (taken.sum(axis=0) <= asked.ramp).all()
    assert (np.bincount(shares.customer, shares.count, asked.customers) <= asked.size).all()


@budget
@given(problems(with_promises=False))
def test_the_bound_is_what_the_shares_cost(asked: Problem) -> None:
    best = divided(asked)
    assert best.bound == pytest.approx(_cost(asked, best), rel=1e-6, abs=1e-6)


@budget
@given(problems(), st.integers(0, 6), st.integers(1, 20))
def test_more_capacity_never_raises_the_bound(asked: Problem, week: int, more: int) -> None:
    week %= asked.weeks
    capacity, ramp = asked.capacity.copy(), asked.ramp.copy()
    capacity[0, week] += more
    ramp[week] += more
    slack = 1e-6 * (1 + divided(asked).bound)
    assert divided(replace(asked, capacity=capacity)).bound <= divided(asked).bound + slack
    assert divided(replace(asked, ramp=ramp)).bound <= divided(asked).bound + slack


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_no_way_to_place_single_locations_is_cheaper(seed: int, has_promise: bool) -> None:
    rng = np.random.default_rng(seed)
    asked = problem(
        rng.integers(1, 3, 3).tolist(),
        weeks=3,
        weight=rng.choice([1.0, 2.5, 40.0], 3),
        due=rng.integers(0, 4, 3),
        release=rng.integers(0, 3, 3),
        capacity=rng.integers(0, 3, (1, 3)),
        promised=promised((0, 1, 1)) if has_promise else Allocations.none(),
    )
    assert divided(asked).bound == pytest.approx(_cheapest(asked), rel=1e-6)


def test_it_divides_a_customer_where_that_is_cheaper() -> None:
    best = divided(problem([6, 8], weight=np.array([9.0, 1.0])))
    assert _rows(best.shares) == [(0, 0, 6), (1, 0, 4), (1, 1, 4)]
    assert best.bound == pytest.approx(9 * 6 + 4 + 2 * 4)


def test_a_promise_that_is_worth_its_wait_is_kept() -> None:
    kept = divided(problem([4], promised=promised((0, 2, 4)), move_cost=3.0))
    assert _rows(kept.shares) == [(0, 2, 4)]
    assert kept.bound == pytest.approx(4 * 3)
    left = divided(problem([4], promised=promised((0, 2, 4)), move_cost=1.0))
    assert _rows(left.shares) == [(0, 0, 4)]
    assert left.bound == pytest.approx(4 * (1 + 1))


@pytest.mark.parametrize(
    ("asked", "bound"),
    [
        (problem([]), 0.0),
        (problem([3], weeks=0), 0.0),
        (problem([3], a_week=0), 3 * 8),
        (problem([3, 2], weight=np.zeros(2)), 0.0),
    ],
)
def test_where_nothing_can_be_placed_the_bound_is_what_that_costs(
    asked: Problem, bound: float
) -> None:
    assert divided(asked).bound == pytest.approx(bound)
    assert divided(asked).bound <= bound


def _rows(shares: Allocations) -> list[tuple[int, int, int]]:
    rows = (shares.customer.tolist(), shares.week.tolist(), shares.count.tolist())
    return sorted(zip(*rows, strict=True))


def _unit(asked: Problem, customer: int, week: int) -> float:
    late = max(0, week - int(asked.due[customer]))
    return float(asked.weight[customer]) * (week + 1 + asked.tardiness * late)


def _cost(asked: Problem, best: Divided) -> float:
    total, waits = 0.0, asked.size.copy()
    for customer, week, count in _rows(best.shares):
        total += _unit(asked, customer, week) * count
        waits[customer] -= count
    never = 2 * asked.weeks - 1
    unplaced = enumerate(waits.tolist())
    return total + sum(_unit(asked, c, never) * int(left) for c, left in unplaced)


def _cheapest(asked: Problem) -> float:
    """Every way to give every single location a week, or none."""
    locations = np.repeat(np.arange(asked.customers), asked.size).tolist()
    mean, never = float(asked.weight.mean()), 2 * asked.weeks - 1
    best = float("inf")
    for weeks in product(range(asked.weeks + 1), repeat=len(locations)):
        chosen = list(zip(locations, weeks, strict=True))
        placed = [(c, w) for c, w in chosen if w < asked.weeks]
        if any(w not in open_weeks(asked, c) for c, w in placed):
            continue
        used = np.bincount([w for _, w in placed], minlength=asked.weeks)
        if (used > asked.capacity[0]).any():
            continue
        cost = sum(_unit(asked, c, w if w < asked.weeks else never) for c, w in chosen)
        rows = asked.promised
        for customer, week, count in zip(rows.customer, rows.week, rows.count, strict=True):
            stays = min(int(count), sum(row == (customer, week) for row in placed))
            cost += asked.move_cost * mean * (int(count) - stays)
        best = min(best, cost)
    return best
