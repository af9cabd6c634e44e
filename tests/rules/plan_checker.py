"""Judges a plan on its own: plain loops over the problem's numbers, no code of the planner."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TypeAlias

from rules.waves import Plan, Problem

BINDINGS = {
    "first open week",
    "feature",
    "blackout",
    "pilot",
    "capacity of the CSA",
    "ramp",
    "promise",
    "size",
}

Used: TypeAlias = dict[tuple[int | None, int], int]


@dataclass
class Judgement:
    """Everything wrong with a plan, in words, and what it costs."""

    faults: list[str] = field(default_factory=list)
    cost: float = 0.0


def judge(problem: Problem, plan: Plan) -> Judgement:
    parts = _parts_of(plan)
    unplaced = [int(customer) for customer in plan.unplaced]
    judgement = Judgement(cost=_cost(problem, parts, unplaced))
    judgement.faults += _everyone_once(problem, parts, unplaced)
    used = _used(problem, parts)
    judgement.faults += _room(problem, used)
    for customer, weeks in parts.items():
        judgement.faults += _closed_weeks(problem, customer, weeks)
        judgement.faults += _shape(problem, customer, weeks)
        if not len(problem.promised.customer):
            judgement.faults += _each_part_as_large_as_fits(problem, weeks, customer, used)
    if len(plan.binding) != len(problem.size) or not set(plan.binding) <= BINDINGS:
        judgement.faults.append(f"binding {plan.binding}")
    return judgement


def open_weeks(problem: Problem, customer: int) -> list[int]:
    owner, region = int(problem.owner[customer]), int(problem.region[customer])
    return [
        week
        for week in range(len(problem.ramp))
        if week >= problem.release[customer]
        and (week >= problem.pilot_weeks or problem.pilot[customer])
        and not problem.blackout[region][week]
        and problem.capacity[owner][week] > 0
    ]


def _parts_of(plan: Plan) -> dict[int, dict[int, int]]:
    parts: dict[int, dict[int, int]] = defaultdict(dict)
    rows = (plan.placed.customer.tolist(), plan.placed.week.tolist(), plan.placed.count.tolist())
    for customer, week, count in zip(*rows, strict=True):
        assert week not in parts[customer], "a customer's week is listed twice"
        assert count > 0, "a part without locations"
        parts[customer][week] = count
    return parts


def _everyone_once(
    problem: Problem, parts: dict[int, dict[int, int]], unplaced: list[int]
) -> list[str]:
    faults = []
    if len(set(unplaced)) != len(unplaced):
        faults.append("a customer is unplaced twice")
    for customer, size in enumerate(problem.size.tolist()):
        placed = sum(parts[customer].values()) if customer in parts else 0
        expected = 0 if customer in unplaced else size
        if placed != expected or (customer in unplaced and size == 0):
            faults.append(f"customer {customer}: {placed} of {size} placed")
    return faults


def _used(problem: Problem, parts: dict[int, dict[int, int]]) -> Used:
    """How many locations each owner has in each week; the owner None stands for all of them."""
    used: Used = defaultdict(int)
    for customer, weeks in parts.items():
        for week, count in weeks.items():
            used[int(problem.owner[customer]), week] += count
            used[None, week] += count
    return used


def _room(problem: Problem, used: Used) -> list[str]:
    faults = []
    for (owner, week), count in used.items():
        if owner is None and count > problem.ramp[week]:
            faults.append(f"week {week} is over the ramp")
        if owner is not None and count > problem.capacity[owner][week]:
            faults.append(f"owner {owner} is over capacity in week {week}")
    return faults


def _closed_weeks(problem: Problem, customer: int, weeks: dict[int, int]) -> list[str]:
    allowed = open_weeks(problem, customer)
    return [f"week {week} is closed to {customer}" for week in weeks if week not in allowed]


def _shape(problem: Problem, customer: int, weeks: dict[int, int]) -> list[str]:
    allowed, owner = open_weeks(problem, customer), int(problem.owner[customer])
    largest = max(min(problem.capacity[owner][week], problem.ramp[week]) for week in allowed)
    if problem.size[customer] <= largest:
        return [] if len(weeks) == 1 else [f"{customer} fits one week and has {sorted(weeks)}"]
    if len(weeks) == 1:
        return [f"{customer} does not fit one week"]
    between = [week for week in allowed if min(weeks) <= week <= max(weeks)]
    return [] if between == sorted(weeks) else [f"{customer} skips a week: {sorted(weeks)}"]


def _each_part_as_large_as_fits(
    problem: Problem, weeks: dict[int, int], customer: int, used: Used
) -> list[str]:
    owner = int(problem.owner[customer])
    return [
        f"{customer} could have more in week {week}"
        for week in sorted(weeks)[:-1]
        if used[owner, week] < problem.capacity[owner][week]
        and used[None, week] < problem.ramp[week]
    ]


def _cost(problem: Problem, parts: dict[int, dict[int, int]], unplaced: list[int]) -> float:
    w, total = len(problem.ramp), 0.0
    for customer, weeks in parts.items():
        for week, count in weeks.items():
            late = max(0, week - int(problem.due[customer]))
            unit = week + 1 + problem.tardiness * late
            total += float(problem.weight[customer]) * count * unit
    for customer in unplaced:
        late = max(0, 2 * w - 1 - int(problem.due[customer]))
        unit = 2 * w + problem.tardiness * late
        total += float(problem.weight[customer]) * int(problem.size[customer]) * unit
    if len(problem.size):
        mean = sum(problem.weight.tolist()) / len(problem.size)
        total += problem.move_cost * mean * _moved(problem, parts)
    return total


def _moved(problem: Problem, parts: dict[int, dict[int, int]]) -> int:
    promised: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    rows = problem.promised
    for customer, week, count in zip(rows.customer, rows.week, rows.count, strict=True):
        promised[int(customer)][int(week)] += int(count)
    moved = 0
    for customer, weeks in promised.items():
        placed = parts.get(customer, {})
        stayed = sum(min(count, placed.get(week, 0)) for week, count in weeks.items())
        moved += min(sum(weeks.values()), int(problem.size[customer])) - stayed
    return moved
