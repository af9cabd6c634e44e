"""What the planner is measured against: CP-SAT given the whole problem, and how late escalations are."""

from collections import defaultdict

import numpy as np
from ortools.sat.python import cp_model

from rules.costs import never_week, week_price
from rules.openings import is_open, openings
from rules.problem import NO_DUE, Allocations, Counts, Problem
from tests.rules.greedy import Rival, greedy, rival

SCALE = 1_000
"""CP-SAT counts in whole numbers."""


def late_weeks(problem: Problem, placed: Allocations) -> int:
    """Weeks by which escalated locations are late, all together."""
    due = problem.due[placed.customer]
    late = np.where(due == NO_DUE, 0, np.maximum(0, placed.week - due))
    return int((late * placed.count).sum())


def cp_sat(problem: Problem, seconds: float = 60.0, *, due_first: bool = False) -> Rival:
    """The whole problem at once, beginning with what greedy found.

    A customer larger than a week may be divided freely, which flatters CP-SAT. With `due_first` it
    obeys the planner's rule that nobody is late for the sake of the others: who has a due date goes
    where earliest-due-first puts them.
    """
    model, begun = cp_model.CpModel(), _by_cell(greedy(problem).placed)
    everyone, sizes = np.arange(problem.customers), problem.size.tolist()
    may = is_open(problem, everyone)
    for customer in np.flatnonzero(problem.due != NO_DUE).tolist() if due_first else ():
        may[customer] &= [begun[customer, week] > 0 for week in range(problem.weeks)]
    price = _whole(week_price(problem, everyone[:, None], np.arange(problem.weeks)))
    never = _whole(week_price(problem, everyone, never_week(problem)))
    most = [opening.largest for opening in openings(problem)]
    parts: dict[tuple[int, int], tuple[cp_model.IntVar, int]] = {}
    of_owner: dict[tuple[int, int], list[cp_model.LinearExpr]] = defaultdict(list)
    of_week: dict[int, list[cp_model.LinearExpr]] = defaultdict(list)
    costs = []
    for customer, week in np.argwhere(may).tolist():
        # One piece in one week, or as many single locations as one likes.
        piece = sizes[customer] if sizes[customer] <= most[customer] else 1
        part = model.new_int_var(0, sizes[customer] // piece, "")
        model.add_hint(part, begun[customer, week] // piece)
        parts[customer, week] = part, piece
        of_owner[int(problem.owner[customer]), week].append(piece * part)
        of_week[week].append(piece * part)
        costs.append(int(price[customer, week]) * piece * part)
    _everyone_once(model, problem, parts, never, costs)
    for (owner, week), taken in of_owner.items():
        model.add(sum(taken) <= int(problem.capacity[owner, week]))
    for week, taken in of_week.items():
        model.add(sum(taken) <= int(problem.ramp[week]))
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.solve(model)
    return _read(problem, solver, parts)


def _everyone_once(
    model: cp_model.CpModel,
    problem: Problem,
    parts: dict[tuple[int, int], tuple[cp_model.IntVar, int]],
    never: Counts,
    costs: list[cp_model.LinearExpr],
) -> None:
    of_customer: dict[int, list[cp_model.LinearExpr]] = defaultdict(list)
    for (customer, _), (part, piece) in parts.items():
        of_customer[customer].append(piece * part)
    for customer, size in enumerate(problem.size.tolist()):
        left_out = model.new_bool_var("")
        model.add(sum(of_customer[customer]) + size * left_out == size)
        costs.append(int(never[customer]) * size * left_out)


def _read(
    problem: Problem,
    solver: cp_model.CpSolver,
    parts: dict[tuple[int, int], tuple[cp_model.IntVar, int]],
) -> Rival:
    rows = [
        (customer, week, solver.value(part) * piece)
        for (customer, week), (part, piece) in parts.items()
        if solver.value(part)
    ]
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 3)
    placed = Allocations(*table.T)
    has_none = np.bincount(placed.customer, minlength=problem.customers) == 0
    return rival(problem, placed, np.flatnonzero(has_none & (problem.size > 0)))


def _by_cell(placed: Allocations) -> defaultdict[tuple[int, int], int]:
    rows = zip(placed.customer.tolist(), placed.week.tolist(), placed.count.tolist(), strict=True)
    return defaultdict(int, {(customer, week): count for customer, week, count in rows})


def _whole(price: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Counts:
    return np.rint(price * SCALE).astype(np.int64)
