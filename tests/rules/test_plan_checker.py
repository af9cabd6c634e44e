"""The judge must be able to find fault, or the properties it guards would prove nothing."""

from dataclasses import replace

import pytest

from rules.waves import Allocations, Plan, Problem, plan
from tests.rules.plan_checker import judge
from tests.rules.problems import problem, promised

TWO_OF_TEN = problem([10, 10], weeks=3)


def put(asked: Problem, *rows: tuple[int, int, int]) -> Plan:
    return replace(plan(asked), placed=promised(*rows))


@pytest.mark.parametrize(
    ("asked", "rows", "fault"),
    [
        (TWO_OF_TEN, [(0, 0, 10), (1, 0, 10)], "over capacity"),
        (TWO_OF_TEN, [(0, 0, 10)], "customer 1: 0 of 10"),
        (TWO_OF_TEN, [(0, 0, 10), (1, 1, 4), (1, 2, 6)], "fits one week"),
        (problem([12], ramp=[9, 9, 9, 9]), [(0, 0, 10), (0, 1, 2)], "over the ramp"),
        (problem([12]), [(0, 0, 10), (0, 2, 2)], "skips a week"),
        (problem([12]), [(0, 0, 6), (0, 1, 6)], "could have more"),
        (problem([5], blackout=[[False, True, False, False]]), [(0, 1, 5)], "week 1 is closed"),
        (problem([5], release=[2]), [(0, 1, 5)], "week 1 is closed"),
        (problem([5], pilot=[False]), [(0, 2, 5)], "week 2 is closed"),
    ],
)
def test_a_broken_plan_is_found_out(
    asked: Problem, rows: list[tuple[int, int, int]], fault: str
) -> None:
    assert fault in " ".join(judge(asked, put(asked, *rows)).faults)


def test_a_customer_both_placed_and_unplaced_is_found_out() -> None:
    made = replace(plan(TWO_OF_TEN), unplaced=TWO_OF_TEN.size[:1] * 0)
    assert judge(TWO_OF_TEN, made).faults


def test_a_moved_promise_is_counted_in_the_cost() -> None:
    asked = problem([5], promised=promised((0, 1, 5)))
    made = replace(plan(asked), placed=promised((0, 2, 5)))
    assert judge(asked, made).cost == 5 * 3 + 4 * 5


def test_an_empty_plan_of_an_empty_problem_has_no_fault() -> None:
    nothing = problem([])
    assert judge(nothing, replace(plan(nothing), placed=Allocations.none())).faults == []
