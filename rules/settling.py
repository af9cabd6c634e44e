"""Making a plan cheaper at leisure: a solver rearranges the customers of all CSAs together.

Exchanges within a CSA cannot see that an early week of one CSA is worth more to another. Where a few
large customers fill each week, that is most of what there is to save.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from rules.costs import never_week, unit_of, week_price
from rules.exchanging import draw_forward
from rules.openings import is_open
from rules.placing import Parts, Placing
from rules.problem import NO_DUE, Amounts, Counts

GOOD_ENOUGH = 0.015
"""A plan so near to its bound is not worth the time: half a per cent of that is rounding to weeks."""

MOST_CHOICES = 40_000
"""Pairs of a customer and an open week: with more, the solver finds too little in the time there is."""

WORK = 40.0
"""How long the solver may go on, by its own count: about seconds, and the same on every machine."""

DEAREST = 2**20


def settle(
    placing: Placing, announced: Mapping[int, Parts], held: Placing, *, seconds: float
) -> tuple[Placing, bool]:
    """The plan with its customers of one week where they cost least together, if that is found.

    Who has a place in `held` stays, and whoever has a due date; no more are left without a week. Gives
    True besides where the `seconds` ended it, and not its count of work.
    """
    free = _free(placing, held)
    if not 0 < np.count_nonzero(is_open(placing.problem, free)) <= MOST_CHOICES:
        return placing, False
    made = placing.fork()
    for customer in free.tolist():
        made.take_back(customer)
    choices = _Choices.of(made, free, announced)
    weeks, in_time = _solved(made, choices, _weeks(placing, free), seconds)
    for customer, week in weeks.items():
        made.place(customer, [(week, int(made.problem.size[customer]))])
    draw_forward(made, _divided(made, announced, held))
    is_cheaper = made.cost() < placing.cost()
    return made if is_cheaper else placing, not in_time


def _free(placing: Placing, held: Placing) -> Counts:
    """Who may go elsewhere: i64[k], by CSA."""
    problem = placing.problem
    free = [
        customer
        for customer, parts in enumerate(placing.parts)
        if len(parts) <= 1
        and not held.parts[customer]
        and problem.size[customer]
        and problem.due[customer] == NO_DUE
        and placing.goes_in_one_week(customer)
    ]
    return np.array(free, dtype=np.int64)


def _divided(placing: Placing, announced: Mapping[int, Parts], held: Placing) -> list[int]:
    """Who goes in several weeks and may have more in the first of them, now that others have left."""
    return [
        customer
        for customer, parts in enumerate(placing.parts)
        if len(parts) > 1 and not held.parts[customer] and customer not in announced
    ]


def _weeks(placing: Placing, customers: Counts) -> dict[int, int]:
    return {c: placing.parts[c][0][0] for c in customers.tolist() if placing.parts[c]}


@dataclass(frozen=True, eq=False)
class _Choices:
    """Every week that each free customer could have: k of them, and what it costs."""

    customer: Counts  # [k]
    week: Counts  # [k]
    price: Amounts  # [k] of all its locations
    never: Mapping[int, float]  # of each free customer, to have no week

    @classmethod
    def of(cls, placing: Placing, free: Counts, announced: Mapping[int, Parts]) -> "_Choices":
        problem = placing.problem
        row, week = np.nonzero(is_open(problem, free))
        customer = free[row]
        fits = np.fromiter(
            (
                min(placing.left(c, w)) >= problem.size[c]
                for c, w in zip(customer.tolist(), week.tolist(), strict=True)
            ),
            bool,
            customer.size,
        )
        customer, week = customer[fits], week[fits]
        price = week_price(problem, customer, week) * problem.size[customer]
        for at in np.flatnonzero(np.isin(customer, list(announced))).tolist():
            stays = dict(announced[int(customer[at])]).get(int(week[at]), 0)
            price[at] -= problem.price_of_a_move * min(stays, int(problem.size[customer[at]]))
        never = week_price(problem, free, never_week(problem)) * problem.size[free]
        return cls(customer, week, price, dict(zip(free.tolist(), never.tolist(), strict=True)))


def _solved(
    placing: Placing, choices: _Choices, now: Mapping[int, int], seconds: float
) -> tuple[dict[int, int], bool]:
    """The week of each free customer that has one, and whether the solver ended by itself."""
    model = cp_model.CpModel()
    unit = unit_of(np.array([*choices.price, *choices.never.values()]), DEAREST)
    taken = {
        (c, w): model.new_bool_var("")
        for c, w in zip(choices.customer.tolist(), choices.week.tolist(), strict=True)
    }
    left_out = {customer: model.new_bool_var("") for customer in choices.never}
    _everyone_once(model, taken, left_out, most_left_out=len(left_out) - len(now))
    _within_the_room(model, placing, taken)
    prices = [*choices.price.tolist(), *choices.never.values()]
    variables = [*taken.values(), *left_out.values()]
    model.minimize(
        cp_model.LinearExpr.weighted_sum(variables, [round(price / unit) for price in prices])
    )
    for (customer, week), variable in taken.items():
        model.add_hint(variable, now.get(customer) == week)
    for customer, variable in left_out.items():
        model.add_hint(variable, customer not in now)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = WORK
    solver.parameters.max_time_in_seconds = max(0.0, seconds)
    status = solver.solve(model)
    in_time = solver.wall_time < seconds
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return dict(now), in_time
    found = {customer: week for (customer, week), one in taken.items() if solver.value(one)}
    return found, in_time


def _everyone_once(
    model: cp_model.CpModel,
    taken: Mapping[tuple[int, int], cp_model.IntVar],
    left_out: Mapping[int, cp_model.IntVar],
    *,
    most_left_out: int,
) -> None:
    ways = {customer: [variable] for customer, variable in left_out.items()}
    for (customer, _), variable in taken.items():
        ways[customer].append(variable)
    for one_of in ways.values():
        model.add_exactly_one(one_of)
    model.add(sum(left_out.values()) <= most_left_out)


def _within_the_room(
    model: cp_model.CpModel, placing: Placing, taken: Mapping[tuple[int, int], cp_model.IntVar]
) -> None:
    """No week takes more of a CSA, and of all of them, than it has room for."""
    problem = placing.problem
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for customer, week in taken:
        cells[int(problem.owner[customer]), week].append(customer)
    most: dict[int, int] = defaultdict(int)
    of_week: dict[int, list[int]] = defaultdict(list)
    for (_, week), customers in cells.items():
        of_week[week] += customers
        room, _ = placing.left(customers[0], week)
        sizes = [int(problem.size[customer]) for customer in customers]
        variables = [taken[customer, week] for customer in customers]
        if 2 * min(sizes) > room:
            model.add_at_most_one(variables)
            most[week] += max(sizes)
        else:
            model.add(cp_model.LinearExpr.weighted_sum(variables, sizes) <= room)
            most[week] += min(room, sum(sizes))
    for week, customers in of_week.items():
        _, ramp = placing.left(customers[0], week)
        if most[week] > ramp:
            sizes = [int(problem.size[customer]) for customer in customers]
            variables = [taken[customer, week] for customer in customers]
            model.add(cp_model.LinearExpr.weighted_sum(variables, sizes) <= ramp)
