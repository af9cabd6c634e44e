from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.waves import NO_DUE, Allocations, ImpossibleProblem, Plan, Problem, plan
from tests.rules.greedy import greedy
from tests.rules.plan_checker import judge
from tests.rules.problems import problem, problems, promised

budget = settings(max_examples=150, deadline=None)


def weeks(made: Plan) -> list[tuple[int, int, int]]:
    placed = made.placed
    rows = (placed.customer.tolist(), placed.week.tolist(), placed.count.tolist())
    return list(zip(*rows, strict=True))


@budget
@given(problems())
def test_every_plan_obeys_every_rule(asked: Problem) -> None:
    assert judge(asked, plan(asked)).faults == []


@budget
@given(problems(with_promises=False))
def test_every_first_plan_obeys_every_rule(asked: Problem) -> None:
    assert judge(asked, plan(asked)).faults == []


@budget
@given(problems())
def test_the_cost_is_what_an_independent_count_gives(asked: Problem) -> None:
    made = plan(asked)
    assert made.cost == pytest.approx(judge(asked, made).cost, rel=1e-12)


@budget
@given(problems())
def test_no_plan_costs_less_than_the_bound(asked: Problem) -> None:
    made = plan(asked)
    assert 0 <= made.bound <= made.cost
    assert made.gap >= 0


@budget
@given(problems())
def test_the_same_problem_gives_the_same_plan(asked: Problem) -> None:
    first, second = plan(asked, seed=1), plan(asked, seed=1)
    assert weeks(first) == weeks(second)
    assert first.binding == second.binding
    assert (first.cost, first.bound) == (second.cost, second.bound)


@budget
@given(problems(), st.sampled_from([0.25, 2.0, 1024.0]))
def test_scaling_all_weights_changes_no_placement(asked: Problem, factor: float) -> None:
    scaled = replace(asked, weight=asked.weight * factor)
    assert weeks(plan(asked)) == weeks(plan(scaled))


@budget
@given(problems(with_promises=False))
def test_no_plan_is_worse_than_greedy(asked: Problem) -> None:
    made, rival = plan(asked), greedy(asked)
    assert made.cost <= rival.cost * (1 + 1e-12)
    assert made.unplaced.size <= rival.unplaced


@budget
@given(problems(with_promises=False))
def test_escalations_are_no_later_than_earliest_due_first(asked: Problem) -> None:
    escalated = np.flatnonzero(asked.due != NO_DUE)
    first_due = greedy(asked).placed
    theirs = np.isin(first_due.customer, escalated)
    rows = (first_due.customer[theirs], first_due.week[theirs], first_due.count[theirs])
    assert {row for row in weeks(plan(asked)) if row[0] in escalated} == set(
        zip(*(row.tolist() for row in rows), strict=True)
    )


@budget
@given(problems())
def test_the_only_promise_in_a_frozen_week_is_kept_where_it_could_be_kept_alone(
    asked: Problem,
) -> None:
    promise = asked.promised
    soon = promise.customer[promise.week < asked.frozen_weeks].tolist()
    if len(soon) != 1 or promise.customer.tolist().count(soon[0]) != 1:
        return
    in_time = promise.week[promise.customer == soon[0]].tolist()
    alone = replace(asked, size=np.where(np.arange(asked.customers) == soon[0], asked.size, 0))
    could = [row for row in weeks(plan(alone)) if row[0] == soon[0]]
    if [week for _, week, _ in could] == in_time:
        assert [row for row in weeks(plan(asked)) if row[0] == soon[0]] == could


@budget
@given(problems())
def test_announcing_a_plan_and_planning_again_moves_nobody(asked: Problem) -> None:
    first = plan(replace(asked, promised=Allocations.none(), due=np.full_like(asked.due, NO_DUE)))
    again = plan(replace(asked, promised=first.placed, due=np.full_like(asked.due, NO_DUE)))
    assert set(weeks(first)) <= set(weeks(again))


@budget
@given(problems())
def test_the_escalation_due_first_goes_as_early_as_if_it_were_alone(asked: Problem) -> None:
    escalated = np.flatnonzero((asked.due != NO_DUE) & (asked.size > 0))
    if not escalated.size or asked.promised.customer.size:
        return
    first = min(escalated.tolist(), key=lambda c: (asked.due[c], -asked.weight[c], c))
    alone = replace(asked, size=np.where(np.arange(asked.size.size) == first, asked.size, 0))
    mine = [row for row in weeks(plan(asked)) if row[0] == first]
    assert mine == weeks(plan(alone))


@pytest.mark.parametrize(
    "asked",
    [
        problem([]),
        problem([3]),
        problem([0]),
        problem([3, 2], weight=np.zeros(2)),
        problem([3, 2], a_week=0),
        problem([3, 2], ramp=np.zeros(4, dtype=np.int64)),
        problem([3, 2], blackout=np.ones((1, 4), dtype=np.bool_)),
        problem([3, 2], release=np.array([NO_DUE, 4])),
        problem([3, 2], weeks=0),
        problem([10**9]),
    ],
)
def test_an_extreme_problem_still_gets_a_plan(asked: Problem) -> None:
    made = plan(asked)
    assert judge(asked, made).faults == []
    assert 0 <= made.bound <= made.cost


def test_the_heavier_location_goes_first() -> None:
    made = plan(problem([10, 10], weight=np.array([1.0, 2.0])))
    assert weeks(made) == [(0, 1, 10), (1, 0, 10)]
    assert made.cost == 1 * 10 * 2 + 2 * 10 * 1
    assert made.binding == ["capacity of the CSA", "first open week"]
    assert made.gap == pytest.approx(0, abs=1e-8)


def test_an_escalation_goes_before_heavier_customers() -> None:
    asked = problem([10, 10], weight=np.array([1.0, 2.0]), due=np.array([0, NO_DUE]))
    assert weeks(plan(asked)) == [(0, 0, 10), (1, 1, 10)]


def test_an_escalation_leaves_a_promise_that_comes_too_late_for_it() -> None:
    asked = problem([5], due=np.array([1]), promised=promised((0, 3, 5)))
    made = plan(asked)
    assert weeks(made) == [(0, 0, 5)]
    assert made.cost == 5 * 1 + 4 * 5


def test_an_escalation_stays_in_its_promise_when_moving_costs_more() -> None:
    asked = problem([5], due=np.array([0]), promised=promised((0, 1, 5)), move_cost=100.0)
    assert weeks(plan(asked)) == [(0, 1, 5)]


def test_an_escalation_takes_the_place_of_the_promise_that_costs_least_to_move() -> None:
    asked = problem(
        [10, 10, 10],
        weight=np.array([9.0, 1.0, 5.0]),
        due=np.array([NO_DUE, NO_DUE, 1]),
        promised=promised((0, 0, 10), (1, 1, 10)),
        frozen_weeks=0,
    )
    assert weeks(plan(asked)) == [(0, 0, 10), (1, 2, 10), (2, 1, 10)]


def test_an_escalation_is_late_where_moving_a_promise_costs_more() -> None:
    asked = problem(
        [10, 10], due=np.array([NO_DUE, 0]), promised=promised((0, 0, 10)), frozen_weeks=0
    )
    assert weeks(plan(asked)) == [(0, 1, 10), (1, 0, 10)]
    assert weeks(plan(replace(asked, move_cost=50.0))) == [(0, 0, 10), (1, 1, 10)]


def test_an_escalation_never_takes_the_place_of_a_frozen_promise() -> None:
    asked = problem([10, 10], due=np.array([NO_DUE, 0]), promised=promised((0, 0, 10)))
    assert weeks(plan(asked)) == [(0, 0, 10), (1, 1, 10)]


def test_a_customer_that_fits_one_week_is_never_split() -> None:
    assert weeks(plan(problem([6, 6]))) == [(0, 0, 6), (1, 1, 6)]


def test_a_customer_larger_than_a_week_takes_weeks_in_a_row_around_closed_ones() -> None:
    closed = np.array([[False, True, False, False]])
    assert weeks(plan(problem([25], blackout=closed))) == [(0, 0, 10), (0, 2, 10), (0, 3, 5)]


def test_a_week_of_leave_does_not_break_a_run() -> None:
    capacity = np.array([[10, 0, 10, 10]])
    assert weeks(plan(problem([15], capacity=capacity))) == [(0, 0, 10), (0, 2, 5)]


def test_a_week_without_ramp_breaks_a_run() -> None:
    ramp = np.array([10, 0, 10, 10])
    assert weeks(plan(problem([15], ramp=ramp))) == [(0, 2, 10), (0, 3, 5)]


def test_small_customers_do_not_starve_one_that_needs_a_whole_week() -> None:
    asked = problem(
        [10, 1, 1], weeks=2, weight=np.array([1.0, 9.0, 9.0]), release=np.array([0, 0, 1])
    )
    made = plan(asked)
    assert weeks(made) == [(0, 0, 10), (1, 1, 1), (2, 1, 1)]
    by_priority_alone = 9 * 1 + 9 * 2 + 1 * 10 * 4
    assert made.cost < by_priority_alone


def test_who_finds_no_room_is_listed() -> None:
    made = plan(problem([8, 8, 8], weeks=2))
    assert made.unplaced.tolist() == [2]
    assert made.binding[2] == "size"
    assert made.cost == 8 * 1 + 8 * 2 + 8 * 2 * 2


def test_a_promise_is_kept_although_an_earlier_week_is_free() -> None:
    made = plan(problem([5], promised=promised((0, 2, 5))))
    assert weeks(made) == [(0, 2, 5)]
    assert made.binding == ["promise"]
    assert made.cost == 5 * 3


def test_a_promise_is_kept_against_a_heavier_customer() -> None:
    asked = problem([10, 10], weight=np.array([1.0, 9.0]), promised=promised((0, 0, 10)))
    assert weeks(plan(asked)) == [(0, 0, 10), (1, 1, 10)]


def test_a_frozen_promise_is_kept_before_a_heavier_one() -> None:
    asked = problem(
        [15, 10],
        weight=np.array([1.0, 9.0]),
        promised=promised((0, 0, 10), (0, 1, 5), (1, 1, 10)),
    )
    assert weeks(plan(asked)) == [(0, 0, 10), (0, 1, 5), (1, 2, 10)]


def test_a_frozen_promise_that_lost_its_week_is_moved_before_others_are_placed() -> None:
    closed = np.array([[True, False, False, False]])
    asked = problem(
        [10, 10], weight=np.array([1.0, 9.0]), promised=promised((0, 0, 10)), blackout=closed
    )
    made = plan(asked)
    assert weeks(made) == [(0, 1, 10), (1, 2, 10)]
    assert made.cost == 1 * 10 * 2 + 9 * 10 * 3 + 4 * 5 * 10


def test_a_kept_promise_never_moves_to_make_a_plan_cheaper() -> None:
    asked = problem(
        [10, 10], weight=np.array([0.1, 90.0]), promised=promised((0, 0, 10)), move_cost=0.0
    )
    assert weeks(plan(asked)) == [(0, 0, 10), (1, 1, 10)]


def test_a_search_without_time_still_gives_a_plan_and_says_that_it_was_cut_short() -> None:
    asked = problem([6, 4, 10, 3])
    made = plan(asked, seconds=-1.0)
    assert made.cut_short
    assert not plan(asked, seconds=3600.0).cut_short
    assert judge(asked, made).faults == []


def test_locations_that_are_gone_are_not_moved() -> None:
    made = plan(problem([3], promised=promised((0, 1, 5))))
    assert weeks(made) == [(0, 1, 3)]
    assert made.cost == 3 * 2


def test_a_split_promise_keeps_its_announced_parts() -> None:
    made = plan(problem([15], promised=promised((0, 1, 7), (0, 2, 8))))
    assert weeks(made) == [(0, 1, 7), (0, 2, 8)]


def test_a_split_customer_that_has_grown_starts_in_its_promised_week() -> None:
    made = plan(problem([18], promised=promised((0, 1, 7), (0, 2, 8))))
    assert weeks(made) == [(0, 1, 10), (0, 2, 8)]


@pytest.mark.parametrize(
    ("changes", "week", "binding"),
    [
        ({}, 0, "first open week"),
        ({"release": np.array([2])}, 2, "feature"),
        ({"pilot": np.array([False]), "pilot_weeks": 3}, 3, "pilot"),
        ({"blackout": np.array([[True, False, False, False]])}, 1, "blackout"),
        ({"capacity": np.array([[0, 9, 9, 9]])}, 1, "capacity of the CSA"),
        ({"ramp": np.array([0, 9, 9, 9])}, 1, "ramp"),
        ({"ramp": np.array([2, 9, 9, 9])}, 1, "size"),
        ({"promised": promised((0, 1, 5))}, 1, "promise"),
    ],
)
def test_the_binding_names_what_kept_a_customer_from_an_earlier_week(
    changes: dict[str, Any], week: int, binding: str
) -> None:
    made = plan(problem([5], **changes))
    assert weeks(made) == [(0, week, 5)]
    assert made.binding == [binding]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"size": np.array([1, -1])}, "size must be 0 or more: see rows 1"),
        ({"size": np.array([1.5, 2.0])}, "size must hold int64, not float64"),
        ({"size": np.array([1, 2, 3])}, r"owner must have the shape \(3,\), not \(2,\)"),
        ({"owner": np.array([0, 7])}, "owner must be one of the 1 owners: see rows 1"),
        ({"region": np.array([1, 0])}, "region must be one of the 1 regions: see rows 0"),
        ({"weight": np.array([np.nan, 1.0])}, "weight must be a number: see rows 0"),
        ({"weight": np.array([1.0, np.inf])}, "weight must be a number: see rows 1"),
        ({"weight": np.array([1.0, -2.0])}, "weight must be 0 or more: see rows 1"),
        ({"capacity": np.array([[1, 1, -1, 1]])}, "capacity must be 0 or more: see rows 0"),
        ({"capacity": np.ones((1, 3), dtype=np.int64)}, "capacity must have the shape"),
        ({"blackout": np.zeros((1, 5), dtype=np.bool_)}, "blackout must have the shape"),
        ({"ramp": np.array([1, 1, 1, -1])}, "ramp must be 0 or more: see rows 3"),
        ({"promised": promised((2, 0, 1))}, "promised.customer must be one of the 2 customers"),
        ({"promised": promised((0, 4, 1))}, "promised.week must be below 4: see rows 0"),
        ({"tardiness": float("nan")}, "tardiness must be 0 or more, not nan"),
        ({"pilot_weeks": -1}, "pilot_weeks must be 0 or more, not -1"),
    ],
)
def test_an_impossible_problem_names_the_field_and_the_rows(
    changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ImpossibleProblem, match=complaint):
        problem([1, 1], **changes)


def test_a_promise_of_no_location_is_refused() -> None:
    with pytest.raises(ImpossibleProblem, match="count must be at least one location"):
        promised((0, 0, 0))
