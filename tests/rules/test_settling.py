from typing import Any

import numpy as np
from hypothesis import given, settings

from rules.costs import cost
from rules.placing import Parts, Placing
from rules.problem import NO_DUE, Plan, Problem
from rules.promises import keep_promises, place_escalations, promised_parts
from rules.settling import settle
from tests.rules.plan_checker import judge
from tests.rules.problems import problem, problems, promised

budget = settings(max_examples=100, deadline=None)
LONG = 60.0
ONE_LARGE_AND_TWO_QUEUES: dict[str, Any] = {
    "owner": np.array([0, 1, 1, 1, 2, 2, 2]),
    "weight": np.array([2.0, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]),
    "capacity": np.repeat([[10], [5], [5]], 5, axis=1),
    "ramp": np.array([10, 50, 50, 50, 50]),
}
"""The first week has room for the large customer, or for the first of both queues."""


def placing(asked: Problem, *weeks: int | None) -> Placing:
    """Each customer wholly in one week, or in none."""
    made = Placing(asked)
    for customer, week in enumerate(weeks):
        if week is not None:
            made.place(customer, [(week, int(asked.size[customer]))])
    return made


def where(made: Placing) -> list[int | None]:
    return [parts[0][0] if parts else None for parts in made.parts]


def price(made: Placing) -> float:
    return cost(made.problem, made.placed(), made.unplaced())


def in_order(asked: Problem) -> tuple[Placing, Placing, dict[int, Parts]]:
    """What stays, and a plan around it that places the others as they come."""
    held, announced = Placing(asked), promised_parts(asked)
    place_escalations(held, announced, keep_promises(held, announced))
    made = held.fork()
    made.place_in_order(c for c in range(asked.customers) if asked.size[c] and not held.parts[c])
    return made, held, announced


def test_an_early_week_goes_to_the_csas_whose_whole_queues_it_brings_forward() -> None:
    asked = problem([10, 5, 5, 5, 5, 5, 5], weeks=5, **ONE_LARGE_AND_TWO_QUEUES)
    before = placing(asked, 0, 1, 2, 3, 1, 2, 3)

    after, cut_short = settle(before, {}, Placing(asked), seconds=LONG)

    assert not cut_short
    assert where(after)[0] == 1
    assert set(where(after)[1:4]) == set(where(after)[4:]) == {0, 1, 2}
    assert where(before) == [0, 1, 2, 3, 1, 2, 3], "the plan it began with is as it was"


def test_who_is_held_or_has_a_due_date_stays() -> None:
    changes = {**ONE_LARGE_AND_TWO_QUEUES, "due": np.array([NO_DUE] * 3 + [4] + [NO_DUE] * 3)}
    asked = problem([10, 5, 5, 5, 5, 5, 5], weeks=5, **changes)
    held = placing(asked, 0)

    after, _ = settle(placing(asked, 0, 1, 2, 3, 1, 2, 3), {}, held, seconds=LONG)

    assert where(after)[0] == 0
    assert where(after)[3] == 3


def test_who_lost_a_promise_goes_back_to_it_where_that_costs_less() -> None:
    asked = problem([5, 5], a_week=5, promised=promised((1, 1, 5)), weight=np.array([1.0, 1.01]))
    after, _ = settle(placing(asked, 1, 0), promised_parts(asked), Placing(asked), seconds=LONG)
    assert where(after) == [0, 1]


def test_without_time_the_plan_stays_and_says_that_it_was_cut_short() -> None:
    asked = problem([10, 5, 5, 5, 5, 5, 5], weeks=5, **ONE_LARGE_AND_TWO_QUEUES)
    before = placing(asked, 0, 1, 2, 3, 1, 2, 3)
    assert settle(before, {}, Placing(asked), seconds=0.0) == (before, True)


def test_nobody_free_is_no_work() -> None:
    asked = problem([5])
    made = placing(asked, 0)
    assert settle(made, {}, made, seconds=LONG) == (made, False)


def test_who_goes_in_several_weeks_has_what_others_leave_there() -> None:
    asked = problem(
        [0, 6, 3, 12, 0, 2, 5, 2, 11, 8, 11],
        weight=np.array([1, 1, 99.9, 1, 1, 1, 0, 99.9, 0, 0, 1]),
        capacity=np.array([[4, 7, 0, 0, 2, 6, 5]]),
        ramp=np.array([7, 16, 7, 6, 7, 5, 17]),
        weeks=7,
        tardiness=0.0,
        move_cost=0.0,
    )
    before, held, announced = in_order(asked)

    after, _ = settle(before, announced, held, seconds=LONG)

    made = Plan(after.placed(), after.unplaced(), 0.0, 0.0, ["size"] * asked.customers)
    assert judge(asked, made).faults == []
    assert price(after) < price(before)


@budget
@given(problems())
def test_a_settled_plan_obeys_every_rule_costs_no_more_and_leaves_out_no_more(
    asked: Problem,
) -> None:
    before, held, announced = in_order(asked)

    after, _ = settle(before, announced, held, seconds=LONG)

    made = Plan(after.placed(), after.unplaced(), 0.0, 0.0, ["size"] * asked.customers)
    assert judge(asked, made).faults == []
    assert price(after) <= price(before)
    assert after.unplaced().size <= before.unplaced().size
    assert all(parts == after.parts[c] for c, parts in enumerate(held.parts) if parts)
