"""Whom an escalation would displace: few, of its own week, and never at the price of a rule."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.displacing import Displaced, Displacement, displace
from rules.waves import NO_DUE, Allocations, ImpossibleProblem, Plan, Problem, plan
from tests.rules.plan_checker import judge, open_weeks
from tests.rules.problems import problem, problems, promised

BUDGET = settings(max_examples=75, deadline=None)


def standing(asked: Problem, *rows: tuple[int, int, int]) -> Plan:
    """A plan as (customer, week, count); the others have no week."""
    placed = promised(*rows)
    unplaced = np.setdiff1d(np.flatnonzero(asked.size), placed.customer)
    return Plan(placed, unplaced, 0.0, 0.0, ["first open week"] * asked.size.size)


def weeks_of(placed: Allocations) -> dict[int, dict[int, int]]:
    weeks: dict[int, dict[int, int]] = {}
    rows = (placed.customer.tolist(), placed.week.tolist(), placed.count.tolist())
    for customer, week, count in zip(*rows, strict=True):
        weeks.setdefault(customer, {})[week] = count
    return weeks


def as_asked(asked: Problem, made: Plan, rows: list[int], due: int) -> Problem:
    """The problem once the escalation is approved, with what people were told as promises."""
    dues = asked.due.copy()
    dues[rows] = due
    return replace(asked, due=dues, promised=made.placed)


def as_plan(found: Displacement, made: Plan) -> Plan:
    return Plan(found.placed, found.unplaced, 0.0, 0.0, made.binding)


@st.composite
def escalations(draw: st.DrawFn) -> tuple[Problem, list[int], int]:
    """A problem, some of its rows, and a week by which they should go."""
    asked = draw(problems())
    somebody = np.flatnonzero(asked.size).tolist()
    assume(somebody)
    rows = draw(st.lists(st.sampled_from(somebody), min_size=1, max_size=2, unique=True))
    return asked, rows, draw(st.integers(-1, asked.weeks))


@BUDGET
@given(escalations())
def test_the_plan_after_it_obeys_every_rule(
    escalation: tuple[Problem, list[int], int],
) -> None:
    asked, rows, due = escalation
    made = plan(asked)
    found = displace(asked, made, rows, due)
    assert judge(as_asked(asked, made, rows, due), as_plan(found, made)).faults == []


@BUDGET
@given(escalations())
def test_whoever_goes_in_another_week_is_named_and_nobody_else(
    escalation: tuple[Problem, list[int], int],
) -> None:
    asked, rows, due = escalation
    made = plan(asked)
    found = displace(asked, made, rows, due)
    before, after = weeks_of(made.placed), weeks_of(found.placed)

    for each in found.displaced:
        assert before[each.row] == {each.from_week: each.locations}
        assert after[each.row] == {each.to_week: each.locations}
        assert each.from_week != each.to_week
        assert min(each.from_week, each.to_week) >= asked.frozen_weeks
        was_late = each.from_week > asked.due[each.row]
        assert each.to_week <= (each.from_week if was_late else asked.due[each.row])
    for each_escalated in found.escalated:
        row = each_escalated.row
        assert dict(each_escalated.before) == before.get(row, {})
        assert dict(each_escalated.after) == after.get(row, {})
        in_time = row in after and max(after[row]) <= due
        assert each_escalated.makes_due == in_time
        assert each_escalated.opens == min(open_weeks(asked, row), default=None)
    named = {each.row for each in found.displaced} | set(rows)
    assert {row: after.get(row) for row in before if row not in named} == {
        row: weeks for row, weeks in before.items() if row not in named
    }
    assert set(found.unplaced.tolist()) <= set(made.unplaced.tolist())
    assert [each.row for each in found.escalated] == sorted(rows)


@BUDGET
@given(escalations())
def test_what_it_costs_the_others_is_what_an_independent_count_gives(
    escalation: tuple[Problem, list[int], int],
) -> None:
    asked, rows, due = escalation
    made = plan(asked)
    found = displace(asked, made, rows, due)
    approved = as_asked(asked, made, rows, due)

    def others(placed: Allocations, unplaced: list[int]) -> float:
        """What everyone but the escalated costs: a problem in which these have nothing to move."""
        theirs = ~np.isin(placed.customer, rows)
        announced = ~np.isin(approved.promised.customer, rows)
        alone = replace(
            approved,
            size=np.where(np.isin(np.arange(asked.size.size), rows), 0, asked.size),
            promised=Allocations(
                approved.promised.customer[announced],
                approved.promised.week[announced],
                approved.promised.count[announced],
            ),
        )
        kept = Allocations(placed.customer[theirs], placed.week[theirs], placed.count[theirs])
        waiting = np.array([row for row in unplaced if row not in rows], dtype=np.int64)
        return judge(alone, Plan(kept, waiting, 0.0, 0.0, made.binding)).cost

    dearer = others(found.placed, found.unplaced.tolist()) - others(
        made.placed, made.unplaced.tolist()
    )
    assert found.extra_cost == pytest.approx(dearer, rel=1e-9, abs=1e-6)
    assert found.locations == sum(each.locations for each in found.displaced)


@BUDGET
@given(escalations())
def test_nobody_makes_room_where_there_is_enough(
    escalation: tuple[Problem, list[int], int],
) -> None:
    asked, rows, due = escalation
    made = plan(asked)
    [row, *_] = rows
    approved = as_asked(asked, made, [row], due)
    found = displace(asked, made, [row], due)

    size = int(asked.size[row])
    placed = made.placed
    rest = placed.customer != row
    there = Allocations(placed.customer[rest], placed.week[rest], placed.count[rest])
    weeks = [
        week
        for week in open_weeks(asked, row)
        if not judge(approved, with_row(there, row, week, size, made)).faults
    ]
    [escalated] = found.escalated
    if weeks:
        assert escalated.free == min(weeks)
    if escalated.free is not None and escalated.free <= due:
        assert found.displaced == ()
        assert found.makes_due


@BUDGET
@given(escalations())
def test_it_is_no_dearer_than_any_exchange_with_one_other(
    escalation: tuple[Problem, list[int], int],
) -> None:
    asked, rows, due = escalation
    made = plan(asked)
    [row, *_] = rows
    before = weeks_of(made.placed).get(row, {})
    assume(not before or max(before) > due)
    found = displace(asked, made, [row], due)
    approved = as_asked(asked, made, [row], due)

    rivals = [
        judged.cost
        for rival in exchanges(approved, made, row, due)
        if not (judged := judge(approved, rival)).faults
    ]
    if rivals:
        assert found.makes_due
        cost = judge(approved, as_plan(found, made)).cost
        assert not found.displaced or cost <= min(rivals) * (1 + 1e-12) + 1e-9


def with_row(there: Allocations, row: int, week: int, size: int, made: Plan) -> Plan:
    placed = Allocations(
        np.append(there.customer, row), np.append(there.week, week), np.append(there.count, size)
    )
    unplaced = made.unplaced[made.unplaced != row]
    return Plan(placed, unplaced, 0.0, 0.0, made.binding)


def exchanges(approved: Problem, made: Plan, row: int, due: int) -> Iterator[Plan]:
    """Every plan in which the row goes in time, in one week, and one other moves for it."""
    before, size = weeks_of(made.placed), int(approved.size[row])
    for other, weeks in before.items():
        [week, *more] = weeks
        is_open = week in open_weeks(approved, row) and approved.frozen_weeks <= week <= due
        if other == row or more or not is_open:
            continue
        latest = max(week, int(approved.due[other]))
        rest = ~np.isin(made.placed.customer, [row, other])
        placed = made.placed
        there = Allocations(placed.customer[rest], placed.week[rest], placed.count[rest])
        for to_week in open_weeks(approved, other):
            if to_week != week and approved.frozen_weeks <= to_week <= latest:
                moved = with_row(there, other, to_week, weeks[week], made).placed
                yield with_row(moved, row, week, size, made)


@BUDGET
@given(escalations())
def test_planning_again_keeps_it(escalation: tuple[Problem, list[int], int]) -> None:
    asked, rows, due = escalation
    made = plan(asked)
    found = displace(asked, made, rows, due)
    approved = replace(as_asked(asked, made, rows, due), promised=found.placed)

    again = weeks_of(plan(approved).placed)
    for row, weeks in weeks_of(found.placed).items():
        if max(weeks) <= approved.due[row]:
            assert again[row] == weeks


@BUDGET
@given(escalations())
def test_the_same_question_gets_the_same_answer(
    escalation: tuple[Problem, list[int], int],
) -> None:
    asked, rows, due = escalation
    made = plan(asked)
    one, other = displace(asked, made, rows, due), displace(asked, made, rows[::-1], due)
    assert (one.escalated, one.displaced) == (other.escalated, other.displaced)


def test_who_waits_least_for_it_makes_room() -> None:
    asked = problem([10, 10, 10], weight=np.array([90.0, 20.0, 10.0]), frozen_weeks=0)
    found = displace(asked, standing(asked, (0, 0, 10), (1, 1, 10), (2, 2, 10)), [2], due=1)

    # One week later for ten locations of weight 20, and ten moves at 4 times the mean weight.
    assert found.displaced == (Displaced(1, 10, 1, 2, extra_cost=200 + 10 * 4 * 40),)
    assert found.displaced[0].weeks_later == 1
    assert [each.after for each in found.escalated] == [((1, 10),)]
    assert found.makes_due


def test_several_small_ones_make_room_for_a_large_one() -> None:
    asked = problem([3, 4, 2, 9], frozen_weeks=0)
    found = displace(asked, standing(asked, (0, 0, 3), (1, 0, 4), (2, 0, 2), (3, 1, 9)), [3], 0)
    assert {each.row for each in found.displaced} == {0, 1, 2}
    assert {each.to_week for each in found.displaced} == {1}
    assert found.locations == 9


def test_only_so_many_as_it_takes_make_room() -> None:
    asked = problem([3, 4, 2, 4], frozen_weeks=0)
    found = displace(asked, standing(asked, (0, 0, 3), (1, 0, 4), (2, 0, 2), (3, 1, 4)), [3], 0)
    assert [each.row for each in found.displaced] == [0]


def test_an_escalation_that_is_in_time_moves_nobody_itself_included() -> None:
    asked = problem([5, 5])
    found = displace(asked, standing(asked, (0, 0, 5), (1, 2, 5)), [1], due=2)
    assert found.displaced == ()
    assert [(each.before, each.after) for each in found.escalated] == [(((2, 5),), ((2, 5),))]


def test_a_frozen_week_loses_nobody() -> None:
    asked = problem([10, 10], frozen_weeks=1)
    found = displace(asked, standing(asked, (0, 0, 10), (1, 2, 10)), [1], due=0)
    assert found.displaced == ()
    assert not found.makes_due
    assert found.escalated[0].after == ((1, 10),)


def test_another_escalation_keeps_its_due_week() -> None:
    asked = problem([10, 10, 10], due=np.array([1, NO_DUE, NO_DUE]), frozen_weeks=0)
    made = standing(asked, (0, 1, 10), (1, 0, 10), (2, 3, 10))
    found = displace(asked, made, [2], due=1)
    assert [(each.row, each.to_week) for each in found.displaced] == [(1, 2)]


def test_a_feature_that_is_not_released_cannot_be_escalated_away() -> None:
    asked = problem([5, 5], release=np.array([0, 3]))
    found = displace(asked, standing(asked, (0, 0, 5), (1, 3, 5)), [1], due=1)
    assert not found.makes_due
    assert found.escalated[0].opens == 3
    assert found.displaced == ()


def test_others_make_room_in_weeks_that_all_csas_share() -> None:
    asked = problem(
        [6, 6],
        owner=np.array([0, 1]),
        capacity=np.full((2, 4), 10),
        ramp=np.array([6, 6, 6, 6]),
        frozen_weeks=0,
    )
    found = displace(asked, standing(asked, (0, 0, 6), (1, 3, 6)), [1], due=0)
    assert [(each.row, each.to_week) for each in found.displaced] == [(0, 1)]
    assert found.makes_due


def test_a_customer_of_several_weeks_goes_in_weeks_that_follow_each_other() -> None:
    asked = problem([25, 5, 5], weeks=6, frozen_weeks=0)
    made = standing(asked, (0, 3, 10), (0, 4, 10), (0, 5, 5), (1, 0, 5), (2, 2, 5))
    found = displace(asked, made, [0], due=2)
    assert found.makes_due
    assert sum(count for _, count in found.escalated[0].after) == 25
    assert judge(as_asked(asked, made, [0], 2), as_plan(found, made)).faults == []


def test_who_had_no_week_gets_one_where_nobody_loses_theirs() -> None:
    asked = problem([10, 10, 10, 10], weeks=4, frozen_weeks=0)
    made = standing(asked, (0, 0, 10), (1, 1, 10), (2, 2, 10))
    found = displace(asked, made, [3], due=0)
    assert found.makes_due
    assert [(each.row, each.to_week) for each in found.displaced] == [(0, 3)]

    full = problem([10, 10, 10], weeks=2, frozen_weeks=0)
    nowhere = displace(full, standing(full, (0, 0, 10), (1, 1, 10)), [2], due=0)
    assert nowhere.displaced == ()
    assert nowhere.escalated[0].after == ()
    assert nowhere.unplaced.tolist() == [2]


@pytest.mark.parametrize(
    ("row", "why"), [(3, "one of the 3 customers"), (-1, "one of"), (2, "no locations")]
)
def test_a_row_that_cannot_be_escalated_is_refused(row: int, why: str) -> None:
    asked = problem([5, 5, 0])
    with pytest.raises(ImpossibleProblem, match=why):
        displace(asked, standing(asked, (0, 0, 5), (1, 1, 5)), [row], due=0)
