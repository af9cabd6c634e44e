from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.costs import cost
from rules.explaining import Change, Kind, Reason, bring_forward, changed, explain
from rules.placing import Placing
from rules.problem import NO_DUE, Plan, Problem
from rules.waves import plan
from tests.rules.plan_checker import judge
from tests.rules.problems import problem, problems, promised

budget = settings(max_examples=100, deadline=None)

IN_PLACE = {Kind.promise, Kind.capacity, Kind.ramp, Kind.release, Kind.blackout, Kind.pilot}

ABOUT_A_WEEK = {Kind.capacity, Kind.ramp, Kind.release, Kind.blackout, Kind.escalation}


def named(asked: Problem, row: int) -> dict[Kind, Change]:
    return {change.kind: change for change in bring_forward(asked, plan(asked), row)}


def starts(made: Plan, asked: Problem) -> list[int]:
    """The first week of each row, the horizon's end where it has none."""
    first = np.full(asked.customers, asked.weeks)
    np.minimum.at(first, made.placed.customer, made.placed.week)
    return first.tolist()


def moved(asked: Problem, made: Plan, *moves: tuple[int, int]) -> Plan:
    """The same plan with these rows beginning in these weeks instead, the others in place."""
    placing, leaving = Placing(asked), {row for row, _ in moves}
    rows = (made.placed.customer.tolist(), made.placed.week.tolist(), made.placed.count.tolist())
    parts: dict[int, list[tuple[int, int]]] = {}
    for row, week, count in zip(*rows, strict=True):
        parts.setdefault(row, []).append((week, count))
    for row in parts.keys() - leaving:
        placing.place(row, parts[row])
    for row, week in moves:
        there = placing.starting_in(row, week)
        assert there, f"row {row} cannot begin in week {week}"
        placing.place(row, there)
    placed, unplaced = placing.placed(), placing.unplaced()
    return replace(made, placed=placed, unplaced=unplaced, cost=cost(asked, placed, unplaced))


def faults(asked: Problem, made: Plan) -> list[str]:
    """What is wrong with a plan; that others could have more of a new room by now is not."""
    return [fault for fault in judge(asked, made).faults if "could have more" not in fault]


@budget
@given(problems(), st.integers(0, 11))
def test_with_a_change_the_earlier_week_is_there_and_costs_what_is_said(
    asked: Problem, row: int
) -> None:
    if not asked.customers:
        return
    made, row = plan(asked), row % asked.customers
    for change in bring_forward(asked, made, row):
        assert change.week < starts(made, asked)[row]
        if change.kind in IN_PLACE:
            after = moved(changed(asked, row, change), made, (row, change.week))
            assert faults(changed(asked, row, change), after) == []
            dearer = cost(asked, after.placed, after.unplaced) - made.cost
            assert change.dearer == pytest.approx(dearer, rel=1e-6, abs=1e-6)


@budget
@given(problems(), st.integers(0, 11))
def test_a_place_can_be_taken_and_the_other_has_another(asked: Problem, row: int) -> None:
    if not asked.customers:
        return
    made, row = plan(asked), row % asked.customers
    for change in bring_forward(asked, made, row):
        if change.kind is Kind.place:
            assert change.other is not None
            assert change.other_week is not None
            after = moved(asked, made, (row, change.week), (change.other, change.other_week))
            assert faults(asked, after) == []
            assert change.dearer == pytest.approx(after.cost - made.cost, rel=1e-6, abs=1e-6)


@budget
@given(problems(), st.integers(0, 11), st.integers(0, 11), st.integers(1, 7))
def test_weeks_that_have_begun_are_closed_and_who_began_in_them_stays(
    asked: Problem, a: int, row: int, now: int
) -> None:
    if not asked.customers:
        return
    made, a, row = plan(asked), a % asked.customers, row % asked.customers
    first = starts(made, asked)
    for change in [
        *bring_forward(asked, made, row, now),
        *explain(asked, made, a, row, now).changes,
    ]:
        assert now <= change.week < first[row]
        if change.kind in ABOUT_A_WEEK:
            assert change.at >= now
        if change.other is not None:
            assert change.other_week is not None
            assert min(first[change.other], change.other_week) >= now
        if change.kind in IN_PLACE:
            after = moved(changed(asked, row, change), made, (row, change.week))
            assert faults(changed(asked, row, change), after) == []


@budget
@given(problems(with_promises=False), st.integers(0, 11))
def test_at_the_weight_that_is_named_the_exchange_makes_the_plan_cheaper(
    asked: Problem, row: int
) -> None:
    if not asked.customers:
        return
    made, row = plan(asked), row % asked.customers
    for change in bring_forward(asked, made, row):
        if change.kind is Kind.weight:
            assert change.other is not None
            assert change.other_week is not None
            heavier = changed(asked, row, change)
            after = moved(heavier, made, (row, change.week), (change.other, change.other_week))
            assert faults(heavier, after) == []
            assert after.cost < cost(heavier, made.placed, made.unplaced)


@budget
@given(problems(), st.integers(0, 11))
def test_an_escalation_that_is_named_brings_it_there_in_the_next_plan(
    asked: Problem, row: int
) -> None:
    if not asked.customers:
        return
    made, row = plan(asked), row % asked.customers
    if row in asked.promised.customer:
        return  # what it leaves may serve others who are due before it
    for change in bring_forward(asked, made, row):
        if change.kind is Kind.escalation:
            again = plan(changed(asked, row, change))
            assert starts(again, asked)[row] <= change.week


@budget
@given(problems(), st.integers(0, 11), st.integers(0, 11))
def test_why_one_goes_before_another_always_has_an_answer(asked: Problem, a: int, b: int) -> None:
    if not asked.customers:
        return
    made, a, b = plan(asked), a % asked.customers, b % asked.customers
    answer = explain(asked, made, a, b)
    first = starts(made, asked)
    if asked.size[b] == 0:
        assert answer.reason is Reason.nothing_to_move
    else:
        goes_first = first[b] <= min(first[a], asked.weeks - 1)
        assert (answer.reason is Reason.goes_first) == goes_first
    assert all(change.week <= answer.week for change in answer.changes)


@pytest.mark.parametrize(
    ("changes", "reason", "kind"),
    [
        ({"weight": np.array([2.0, 1.0])}, Reason.heavier, Kind.capacity),
        ({"release": np.array([0, 1])}, Reason.feature, None),
        ({"pilot": np.array([True, False]), "pilot_weeks": 1}, Reason.pilot, None),
        ({"due": np.array([0, NO_DUE]), "weight": [1.0, 2.0]}, Reason.escalations, Kind.capacity),
        ({"promised": promised((0, 0, 10)), "weight": [1.0, 2.0]}, Reason.promises, Kind.capacity),
    ],
)
def test_the_reason_names_what_keeps_b_from_the_week_of_a(
    changes: dict[str, Any], reason: Reason, kind: Kind | None
) -> None:
    asked = problem([10, 10], **changes)
    answer = explain(asked, plan(asked), 0, 1)
    assert answer.reason is reason
    assert answer.week == 0
    assert (answer.smallest.kind if answer.smallest else None) == kind


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"region": [0, 1], "blackout": [[False] * 4, [True, *[False] * 3]]}, Reason.blackout),
        ({"capacity": [[9] * 4, [0, 9, 9, 9]], "owner": [0, 1]}, Reason.leave),
        (
            {"capacity": [[9] * 4] * 2, "owner": [0, 1], "ramp": [5] * 4, "weight": [2.0, 1.0]},
            Reason.ramp,
        ),
        ({"promised": promised((1, 2, 5))}, Reason.promise),
    ],
)
def test_a_closed_week_a_leave_the_ramp_and_its_own_promise_are_reasons_too(
    changes: dict[str, Any], reason: Reason
) -> None:
    asked = problem([5, 5], **changes)
    assert explain(asked, plan(asked), 0, 1).reason is reason


def test_lighter_ones_may_fit_where_a_larger_one_does_not() -> None:
    asked = problem([6, 6, 4], weight=np.array([3.0, 2.0, 1.0]))
    answer = explain(asked, plan(asked), 2, 1)
    assert answer.reason is Reason.size
    assert answer.holders == (0, 2)


def test_both_sides_are_told_with_weight_size_and_weeks() -> None:
    answer = explain(*_two(), 0, 1)
    assert (answer.a.weight, answer.a.size, answer.a.weeks) == (2.0, 10, (0,))
    assert (answer.b.weight, answer.b.size, answer.b.weeks) == (1.0, 10, (1,))
    assert explain(*_two(), 1, 0).reason is Reason.goes_first


def test_enough_capacity_in_that_week_lets_both_go() -> None:
    change = named(problem([10, 6], weight=np.array([2.0, 1.0])), 1)[Kind.capacity]
    assert (change.week, change.amount, change.dearer) == (0, 6, -6.0)


def test_capacity_counts_in_a_ramp_that_limits_nobody() -> None:
    asked = problem([10, 6], weight=np.array([2.0, 1.0]), ramp=np.full(4, 10))
    assert named(asked, 1)[Kind.capacity].amount == 6
    limited = replace(asked, ramp=np.full(4, 9), size=np.array([9, 6]))
    assert Kind.capacity not in named(limited, 1)


def test_the_smallest_ramp_is_named() -> None:
    asked = problem([5, 4], weight=np.array([2.0, 1.0]), ramp=np.full(4, 6))
    change = named(asked, 1)[Kind.ramp]
    assert (change.week, change.amount) == (0, 3)


def test_the_latest_release_that_helps_is_named() -> None:
    asked = problem([10, 10], weight=np.array([2.0, 1.0]), release=np.array([0, 3]))
    assert named(asked, 1)[Kind.release].week == 2


def test_a_week_that_is_opened_to_it_alone_is_named() -> None:
    asked = problem([5], blackout=np.array([[True, True, False, False]]))
    assert named(asked, 0)[Kind.blackout].week == 0


def test_a_week_may_be_opened_in_which_a_large_customer_goes_on() -> None:
    asked = problem([15], weeks=3, blackout=np.array([[True, False, True]]))
    change = named(asked, 0)[Kind.blackout]
    assert (change.at, change.week) == (0, 0)
    late = problem([15], weeks=2, blackout=np.array([[False, True]]))
    change = named(late, 0)[Kind.blackout]
    assert (change.at, change.week) == (1, 0)


def test_being_a_pilot_is_named() -> None:
    asked = problem([5], pilot=np.array([False]), pilot_weeks=3)
    assert named(asked, 0)[Kind.pilot].week == 0


def test_the_weight_is_that_at_which_both_cost_the_same_and_a_little_more() -> None:
    asked = problem([10, 8], weight=np.array([2.0, 1.0]))
    change = named(asked, 1)[Kind.weight]
    assert (change.amount, change.other, change.week, change.other_week) == (2.51, 0, 0, 1)


def test_a_weight_above_a_hundred_is_not_named() -> None:
    assert Kind.weight not in named(problem([10, 1], weight=np.array([20.0, 1.0]), a_week=10), 1)


def test_a_place_is_told_with_where_the_other_goes_and_what_it_costs() -> None:
    change = named(problem([10, 10], weight=np.array([5.0, 2.0])), 1)[Kind.place]
    assert (change.other, change.week, change.other_week, change.dearer) == (0, 0, 1, 30.0)


def test_an_escalation_is_due_as_late_as_helps() -> None:
    asked = problem([10, 10, 10], weight=np.array([3.0, 2.0, 1.0]))
    change = named(asked, 2)[Kind.escalation]
    assert (change.at, change.week) == (1, 0)


def test_giving_up_a_promise_costs_a_move() -> None:
    asked = problem([5], promised=promised((0, 2, 5)))
    change = named(asked, 0)[Kind.promise]
    assert (change.week, change.dearer) == (0, -2 * 5 + 4 * 5)


def test_a_frozen_promise_is_not_brought_forward() -> None:
    asked = problem([5], promised=promised((0, 2, 5)), frozen_weeks=3)
    assert bring_forward(asked, plan(asked), 0) == []


def test_frozen_weeks_count_from_the_first_that_can_still_be_planned() -> None:
    asked = problem([5], promised=promised((0, 2, 5)), frozen_weeks=2)
    made = plan(asked)
    assert Kind.promise in {change.kind for change in bring_forward(asked, made, 0)}
    assert bring_forward(asked, made, 0, 1) == []


def test_weeks_later_only_the_weeks_and_places_that_are_left_are_offered() -> None:
    asked = problem([10, 10, 10], weight=np.array([3.0, 2.0, 1.0]))
    made = plan(asked)
    offered = {change.kind: change for change in bring_forward(asked, made, 2, 1)}
    assert {change.week for change in offered.values()} == {1}
    assert (offered[Kind.place].other, offered[Kind.weight].other) == (1, 1)
    assert explain(asked, made, 0, 2, 1).reason is Reason.heavier
    assert explain(asked, made, 0, 2, 1).changes == ()
    assert bring_forward(asked, made, 2, 2) == []
    assert bring_forward(asked, made, 2, 9) == []


def test_who_has_no_week_at_all_is_told_what_would_give_one() -> None:
    asked = problem([5], a_week=0)
    change = named(asked, 0)[Kind.capacity]
    assert (change.week, change.amount) == (0, 5)
    assert explain(asked, plan(asked), 0, 0).reason is Reason.leave


def test_who_goes_in_the_first_week_cannot_be_brought_forward() -> None:
    assert bring_forward(*_two(), 0) == []


def _two() -> tuple[Problem, Plan]:
    asked = problem([10, 10], weight=np.array([2.0, 1.0]))
    return asked, plan(asked)
