"""One CSA's part of a plan: its rows, and the room that the others leave it."""

from dataclasses import dataclass, replace

import numpy as np

from rules.changing import Change, changed
from rules.costs import never_week
from rules.placing import Parts, Placing
from rules.problem import Allocations, Counts, Flags, Plan, Problem
from rules.promises import is_frozen, price, promised_parts

OURS, THEIRS = 0, 1


@dataclass(frozen=True, eq=False)
class Desk:
    """The rows of one CSA as a small problem of its own, and where a plan put them.

    Rows are numbered anew: `rows` gives their numbers in the whole problem. All other CSAs are one,
    without rows; what they have placed is `elsewhere` in the ramp. Trying a change takes as long as
    this CSA has rows, not as the portfolio has. Weeks before `now` have begun: what the plan put there
    stays, and nothing else goes there.
    """

    whole: Problem
    plan: Plan
    rows: Counts
    problem: Problem
    elsewhere: Counts  # [w]
    parts: list[Parts]
    announced: dict[int, Parts]
    now: int = 0

    @classmethod
    def of(cls, whole: Problem, plan: Plan, row: int) -> "Desk":
        """The desk of the CSA that this row belongs to."""
        owner = int(whole.owner[row])
        rows = np.flatnonzero(whole.owner == owner)
        problem = _small(whole, rows, owner)
        placed = _of(plan.placed, rows)
        parts: list[Parts] = [[] for _ in rows]
        for mine, week, count in _listed(placed):
            parts[mine].append((week, count))
        return cls(
            whole=whole,
            plan=plan,
            rows=rows,
            problem=problem,
            elsewhere=_by_week(plan.placed, whole.weeks) - _by_week(placed, whole.weeks),
            parts=[sorted(each) for each in parts],
            announced=promised_parts(problem),
        )

    def mine(self, row: int) -> int:
        """The number that a row of the whole problem has here."""
        return int(np.searchsorted(self.rows, row))

    def begins(self, mine: int) -> int:
        """The week in which it begins, the horizon's end where it has none."""
        return self.parts[mine][0][0] if self.parts[mine] else self.problem.weeks

    def holds_its_promise(self, mine: int) -> bool:
        """Whether it begins in a week that was announced to it."""
        return self.begins(mine) in dict(self.announced.get(mine, []))

    def stays(self, mine: int) -> bool:
        """Whether it has begun, or holds a promise that begins too soon to be moved."""
        if self.begins(mine) < self.now:
            return True
        announced = self.announced.get(mine, [])
        return self.holds_its_promise(mine) and is_frozen(self.problem, announced, self.now)

    def without(self, mine: int, problem: Problem | None = None) -> Placing:
        """Everyone placed as in the plan but this one."""
        placing = Placing(self.problem if problem is None else problem, self.elsewhere)
        for row, parts in enumerate(self.parts):
            if row != mine:
                placing.place(row, parts)
        placing.close_before(self.now)
        return placing

    def tried(self, mine: int, change: Change) -> Parts:
        """The earliest parts it has after a change, the others in place; empty where that breaks one."""
        placing = self.without(mine, changed(self.problem, mine, change))
        others = (row for row, parts in enumerate(self.parts) if parts and row != mine)
        if not all(placing.may_have(row, self.parts[row]) for row in others):
            return []
        return placing.earliest(mine)

    def would_join(self, week: int, more: int) -> bool:
        """Whether so much more ramp would let a customer that was divided go in this week as one."""
        whole = self.whole
        divided = np.flatnonzero(np.bincount(self.plan.placed.customer, minlength=1) > 1)
        most = np.minimum(whole.capacity[whole.owner[divided], week], whole.ramp[week] + more)
        return bool((whole.size[divided] <= most).any())

    def escalated(self, mine: int, due: int) -> Parts:
        """Its parts were it due in this week: after who has begun, is promised or due before."""
        problem, row = self.problem, int(self.rows[mine])
        goes_before = _is_due_before(self.whole, row, due)
        goes_before[self.whole.promised.customer] = True
        goes_before[self.plan.placed.customer[self.plan.placed.week < self.now]] = True
        goes_before[row] = False
        first = goes_before[self.plan.placed.customer]
        ahead = Allocations(*(column[first] for column in _columns(self.plan.placed)))
        ours = _of(ahead, self.rows)
        elsewhere = _by_week(ahead, problem.weeks) - _by_week(ours, problem.weeks)
        placing = Placing(problem, elsewhere)
        for other, parts in enumerate(self.parts):
            if goes_before[self.rows[other]]:
                placing.place(other, parts)
        placing.close_before(self.now)
        return placing.earliest(mine)

    def price(self, mine: int, parts: Parts) -> float:
        """What these parts cost for one row, the price of a broken promise included."""
        nowhere = [(int(never_week(self.problem)), int(self.problem.size[mine]))]
        announced = self.announced.get(mine, [])
        return price(self.whole, int(self.rows[mine]), parts or nowhere, announced)


def _small(whole: Problem, rows: Counts, owner: int) -> Problem:
    ours = whole.capacity[owner]
    return replace(
        whole,
        size=whole.size[rows],
        owner=np.full(rows.size, OURS),
        weight=whole.weight[rows],
        release=whole.release[rows],
        due=whole.due[rows],
        region=whole.region[rows],
        pilot=whole.pilot[rows],
        promised=_of(whole.promised, rows),
        capacity=np.stack([ours, whole.capacity.sum(axis=0) - ours]),
    )


def _of(allocations: Allocations, rows: Counts) -> Allocations:
    """Those of these rows, numbered anew; `rows` are sorted."""
    place = np.searchsorted(rows, allocations.customer)
    mine = rows[np.minimum(place, rows.size - 1)] == allocations.customer
    return Allocations(place[mine], allocations.week[mine], allocations.count[mine])


def _is_due_before(problem: Problem, row: int, due: int) -> Flags:
    """Who is escalated and placed before this row, were it due in this week."""
    weight, everyone = problem.weight, np.arange(problem.customers)
    heavier = (weight > weight[row]) | ((weight == weight[row]) & (everyone < row))
    return np.asarray((problem.due < due) | ((problem.due == due) & heavier))


def _by_week(allocations: Allocations, weeks: int) -> Counts:
    taken = np.bincount(allocations.week, weights=allocations.count, minlength=weeks)
    return taken.astype(np.int64)


def _columns(allocations: Allocations) -> tuple[Counts, Counts, Counts]:
    return allocations.customer, allocations.week, allocations.count


def _listed(allocations: Allocations) -> list[tuple[int, int, int]]:
    rows = (column.tolist() for column in _columns(allocations))
    return list(zip(*rows, strict=True))
