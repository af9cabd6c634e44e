"""Displacement: what an escalation would take from whom, before anyone approves it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from rules.binding import bindings
from rules.costs import cost
from rules.making_room import Search, dearer
from rules.placing import Parts, Placing
from rules.problem import Allocations, Counts, ImpossibleProblem, Plan, Problem
from rules.promises import promised_parts


@dataclass(frozen=True, slots=True)
class Escalated:
    """A row that asks to go by its due week: its (week, locations) before and after, none without.

    `opens` is the first week that features, blackouts, pilot weeks and its CSA leave to it at all,
    `free` the week by which all of it could go if nobody made room.
    """

    row: int
    before: tuple[tuple[int, int], ...]
    after: tuple[tuple[int, int], ...]
    opens: int | None
    free: int | None
    makes_due: bool


@dataclass(frozen=True, slots=True)
class Displaced:
    """A row that would go in another week; `extra_cost` is in the units of the plan's cost."""

    row: int
    locations: int
    from_week: int
    to_week: int
    extra_cost: float

    @property
    def weeks_later(self) -> int:
        """By how many weeks; negative where it goes earlier."""
        return self.to_week - self.from_week


@dataclass(frozen=True, eq=False)
class Displacement:
    """The plan as it would be: who goes earlier, and who makes room for them."""

    escalated: tuple[Escalated, ...]
    displaced: tuple[Displaced, ...]  # who is moved furthest first
    placed: Allocations
    unplaced: Counts

    @property
    def makes_due(self) -> bool:
        """Whether every escalated row goes by its due week."""
        return all(each.makes_due for each in self.escalated)

    @property
    def locations(self) -> int:
        """How many locations would be displaced."""
        return sum(each.locations for each in self.displaced)

    @property
    def extra_cost(self) -> float:
        """What the displaced cost more than now: their waiting, and the price of each move."""
        return sum(each.extra_cost for each in self.displaced)


def standing(problem: Problem) -> Plan:
    """The plan that a problem's promises are, with nobody moved: what people were told so far."""
    told = problem.promised
    unplaced = np.setdiff1d(np.flatnonzero(problem.size), told.customer).astype(np.int64)
    return Plan(told, unplaced, cost(problem, told, unplaced), bound=0.0, binding=[])


def displace_promised(problem: Problem, rows: Collection[int], due: int) -> Displacement:
    """As `displace`, where the problem's promises are what people were told, whatever plan made them."""
    return displace(problem, standing(problem), rows, due)


def displaced_plan(problem: Problem, found: Displacement) -> Plan:
    """The plan of a displacement, as a planner would answer: with what it costs and its bound.

    A promise that lost its room meanwhile stays in it, so a plan may cost less than any that obeys
    every rule; the bound then says as much. It loads a solver of 50 MB: for a process of its own.
    """
    from rules.flow import divided  # noqa: PLC0415 - who only shows a displacement does without

    placing, told = Placing(problem), promised_parts(problem)
    placed = found.placed
    parts = promised_parts(replace(problem, promised=placed))
    for row, weeks in parts.items():
        placing.place(row, weeks)
    kept = {row for row, weeks in parts.items() if told.get(row) == weeks}
    price = cost(problem, placed, found.unplaced)
    bound = min(divided(problem).bound, price)
    return Plan(placed, found.unplaced, price, bound, bindings(placing, kept))


def displace(problem: Problem, plan: Plan, rows: Collection[int], due: int) -> Displacement:
    """Whom it would displace to let these rows of the problem go by the week `due`.

    `plan` is one of this problem, and what it says is what people were told: nobody moves but the
    escalated and who makes room for them. Of all ways to make the due week it is a cheap one, of
    customers that go in one week; if there is none, a cheap way to be late. Frozen weeks lose
    nobody and get none of the displaced, other escalations are not made late, and nobody is left
    without a week. Planned again with these weeks as promises, everyone who is in time stays.
    Raises ImpossibleProblem for rows that do not exist or have no locations.
    """
    _refuse_unknown(problem, rows)
    is_escalated = np.isin(np.arange(problem.customers), list(rows))
    asked = replace(problem, due=np.where(is_escalated, due, problem.due), promised=plan.placed)
    placing = Placing(asked)
    told = promised_parts(asked)
    for row, parts in told.items():
        placing.place(row, parts)
    free = {row: _free(placing, row) for row in sorted(set(rows))}
    search = Search(placing, told, due, is_escalated)
    for row in sorted(free, key=lambda row: (-asked.weight[row], row)):
        search.bring_forward(row)
    return _found(placing, told, free, due)


def _refuse_unknown(problem: Problem, rows: Iterable[int]) -> None:
    for row in rows:
        if not 0 <= row < problem.customers:
            raise ImpossibleProblem(f"row {row} must be one of the {problem.customers} customers")
        if not problem.size[row]:
            raise ImpossibleProblem(f"row {row} has no locations to escalate")


def _free(placing: Placing, row: int) -> int | None:
    """The week by which a row could go in the room that is left."""
    before = placing.take_back(row)
    earliest = placing.earliest(row)
    placing.place(row, before)
    return earliest[-1][0] if earliest else None


def _found(
    placing: Placing, told: dict[int, Parts], free: Mapping[int, int | None], due: int
) -> Displacement:
    """What became of everyone; `free` has the escalated rows."""
    escalated = [_escalated(placing, told, row, due, free[row]) for row in free]
    displaced = [
        _displaced(placing, told, row)
        for row, parts in told.items()
        if placing.parts[row] != parts and row not in free
    ]
    return Displacement(
        escalated=tuple(escalated),
        displaced=tuple(sorted(displaced, key=lambda each: (-each.weeks_later, each.row))),
        placed=placing.placed(),
        unplaced=placing.unplaced(),
    )


def _escalated(
    placing: Placing, told: dict[int, Parts], row: int, due: int, free: int | None
) -> Escalated:
    after = placing.parts[row]
    return Escalated(
        row=row,
        before=tuple(told.get(row, ())),
        after=tuple(after),
        opens=next(iter(placing.openings[row].weeks), None),
        free=free,
        makes_due=bool(after) and after[-1][0] <= due,
    )


def _displaced(placing: Placing, told: dict[int, Parts], row: int) -> Displaced:
    [(before, count)], [(after, _)] = told[row], placing.parts[row]
    return Displaced(row, count, before, after, dearer(placing, told, row, placing.parts[row]))
