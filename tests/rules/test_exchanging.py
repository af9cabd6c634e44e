import numpy as np
import pytest
from hypothesis import given, settings

from rules.costs import cost
from rules.exchanging import draw_forward, exchange
from rules.placing import Parts, Placing
from rules.problem import Plan, Problem
from tests.rules.plan_checker import judge
from tests.rules.problems import problem, problems, promised

budget = settings(max_examples=150, deadline=None)
MANY = 1_000


def never() -> bool:
    return False


def placing(asked: Problem, *weeks: int) -> Placing:
    """Each customer wholly in one week."""
    made = Placing(asked)
    for customer, week in enumerate(weeks):
        made.place(customer, [(week, int(asked.size[customer]))])
    return made


def price(made: Placing) -> float:
    return cost(made.problem, made.placed(), made.unplaced())


def where(made: Placing) -> list[int]:
    return [parts[0][0] for parts in made.parts]


def everyone(made: Placing) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.arange(made.problem.customers)


def test_the_heavier_of_two_takes_the_earlier_week() -> None:
    made = placing(problem([10, 10], weight=np.array([1.0, 2.0])), 0, 1)
    assert exchange(made, everyone(made), {}, steps=MANY, stop=never)
    assert where(made) == [1, 0]


def test_who_fits_into_room_that_is_left_goes_there() -> None:
    made = placing(problem([6, 4, 6]), 0, 2, 1)
    assert exchange(made, everyone(made), {}, steps=MANY, stop=never)
    assert where(made) == [0, 0, 1]


def test_nobody_exchanges_weeks_that_have_no_room_for_the_larger_one() -> None:
    asked = problem([8, 5, 5], weight=np.array([9.0, 1.0, 1.0]))
    made = placing(asked, 1, 0, 0)
    assert exchange(made, everyone(made), {}, steps=MANY, stop=never)
    assert where(made) == [1, 0, 0]


def test_nobody_goes_where_it_may_not() -> None:
    closed = np.array([[False, False, False, False], [True, False, False, False]])
    asked = problem([10, 10], weight=np.array([1.0, 9.0]), region=np.array([0, 1]), blackout=closed)
    made = placing(asked, 0, 1)
    exchange(made, everyone(made), {}, steps=MANY, stop=never)
    assert where(made) == [0, 1]


def test_only_who_is_movable_moves() -> None:
    made = placing(problem([10, 10], weight=np.array([1.0, 2.0])), 0, 1)
    exchange(made, np.array([1]), {}, steps=MANY, stop=never)
    assert where(made) == [0, 1]


def test_customers_of_two_csas_share_the_ramp() -> None:
    asked = problem(
        [10, 10],
        owner=np.array([0, 1]),
        capacity=np.full((2, 4), 10),
        ramp=np.full(4, 10),
        weight=np.array([1.0, 2.0]),
    )
    made = placing(asked, 0, 3)
    exchange(made, everyone(made), {}, steps=MANY, stop=never)
    assert where(made) == [0, 1]


@pytest.mark.parametrize(("move_cost", "weeks"), [(4.0, [2, 0]), (1.0, [0, 1])])
def test_the_week_that_was_promised_is_cheaper_by_the_price_of_a_move(
    move_cost: float, weeks: list[int]
) -> None:
    asked = problem([10, 10], promised=promised((0, 2, 10)), move_cost=move_cost)
    made = placing(asked, 0, 1)
    announced: dict[int, Parts] = {0: [(2, 10)]}
    exchange(made, everyone(made), announced, steps=MANY, stop=never)
    assert where(made) == weeks


def test_it_ends_when_asked_to() -> None:
    made = placing(problem([10, 10], weight=np.array([1.0, 2.0])), 0, 1)
    assert not exchange(made, everyone(made), {}, steps=MANY, stop=lambda: True)
    assert where(made) == [0, 1]


def test_no_more_steps_are_taken_than_allowed() -> None:
    made = placing(problem([10, 10, 10], weight=np.array([1.0, 2.0, 3.0])), 1, 2, 3)
    exchange(made, everyone(made), {}, steps=1, stop=never)
    assert where(made) == [1, 2, 0]


def test_who_can_go_earlier_is_drawn_forward_until_nobody_can() -> None:
    made = placing(problem([10, 10, 10]), 3, 2, 1)
    draw_forward(made, [0, 1, 2])
    assert sorted(where(made)) == [0, 1, 2]


@budget
@given(problems(with_promises=False))
def test_exchanges_only_make_a_plan_cheaper_and_keep_every_rule(asked: Problem) -> None:
    made = Placing(asked)
    made.place_in_order(made.unplaced().tolist())
    before = price(made)
    in_one_week = [c for c, parts in enumerate(made.parts) if len(parts) == 1]
    assert exchange(made, np.array(in_one_week, np.int64), {}, steps=MANY, stop=never)
    draw_forward(made, [c for c, parts in enumerate(made.parts) if parts])
    after = price(made)
    whole = Plan(made.placed(), made.unplaced(), after, 0.0, ["size"] * asked.customers)
    assert after <= before * (1 + 1e-12)
    assert judge(asked, whole).faults == []
