"""Displacement: what an escalation would take from whom, before anyone approves it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rules.placing import Parts, Placing
from rules.problem import Allocations, Counts, Flags, ImpossibleProblem, Plan, Problem
from rules.promises import price, promised_parts


@dataclass(frozen=True, slots=True)
class Escalated:
    """A row that asks to go by its due week: its (week, locations) before and after, none without.

    `opens` is the first week that features, blackouts, pilot weeks and its CSA leave to it at all.
    """

    row: int
    before: tuple[tuple[int, int], ...]
    after: tuple[tuple[int, int], ...]
    opens: int | None
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


def displace(problem: Problem, plan: Plan, rows: Collection[int], due: int) -> Displacement:
    """Whom it would displace to let these rows of the problem go by the week `due`.

    `plan` is one of this problem, and what it says is what people were told: nobody moves but the
    escalated and who makes room for them. Of all ways to make the due week it is a cheap one, of
    customers that go in one week; if there is none, a cheap way to be late. Frozen weeks lose
    nobody and nobody is moved into them, other escalations are not made late, and nobody is left
    without a week. Raises ImpossibleProblem for rows that do not exist or have no locations.
    """
    _refuse_unknown(problem, rows)
    is_escalated = np.isin(np.arange(problem.customers), list(rows))
    asked = replace(problem, due=np.where(is_escalated, due, problem.due), promised=plan.placed)
    placing = Placing(asked)
    told = promised_parts(asked)
    for row, parts in told.items():
        placing.place(row, parts)
    search = _Search(placing, told, due, is_escalated)
    for row in sorted(set(rows), key=lambda row: (-asked.weight[row], row)):
        search.bring_forward(row)
    return _found(placing, told, sorted(set(rows)), due)


def _refuse_unknown(problem: Problem, rows: Iterable[int]) -> None:
    for row in rows:
        if not 0 <= row < problem.customers:
            raise ImpossibleProblem(f"row {row} must be one of the {problem.customers} customers")
        if not problem.size[row]:
            raise ImpossibleProblem(f"row {row} has no locations to escalate")


def _found(placing: Placing, told: dict[int, Parts], rows: Sequence[int], due: int) -> Displacement:
    """What became of everyone."""
    escalated = [_escalated(placing, told, row, due) for row in rows]
    displaced = [
        _displaced(placing, told, row)
        for row, parts in told.items()
        if placing.parts[row] != parts and row not in rows
    ]
    return Displacement(
        escalated=tuple(escalated),
        displaced=tuple(sorted(displaced, key=lambda each: (-each.weeks_later, each.row))),
        placed=placing.placed(),
        unplaced=placing.unplaced(),
    )


def _escalated(placing: Placing, told: dict[int, Parts], row: int, due: int) -> Escalated:
    after = placing.parts[row]
    return Escalated(
        row=row,
        before=tuple(told.get(row, ())),
        after=tuple(after),
        opens=next(iter(placing.openings[row].weeks), None),
        makes_due=bool(after) and after[-1][0] <= due,
    )


def _displaced(placing: Placing, told: dict[int, Parts], row: int) -> Displaced:
    [(before, count)], [(after, _)] = told[row], placing.parts[row]
    return Displaced(row, count, before, after, _dearer(placing, told, row, placing.parts[row]))


def _dearer(placing: Placing, told: dict[int, Parts], row: int, parts: Parts) -> float:
    """How much more these parts cost a row than what it was told."""
    before = price(placing.problem, row, told[row], told[row])
    return price(placing.problem, row, parts, told[row]) - before


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to let a row go: everyone's new parts, and what they cost."""

    price: float
    changes: dict[int, Parts]


class _Search:
    """Looks for room in a plan, week by week, at the expense of as little as possible."""

    def __init__(
        self, placing: Placing, told: dict[int, Parts], due: int, is_escalated: Flags
    ) -> None:
        self._placing, self._told, self._due = placing, told, due
        problem = placing.problem
        self._sizes: list[int] = problem.size.tolist()
        self._dues: list[int] = problem.due.tolist()
        # Rows that may make room: they go in one week, and that week is not frozen.
        self._week: Counts = np.full(problem.customers, -1, dtype=np.int64)
        for row, parts in told.items():
            if len(parts) == 1 and parts[0][0] >= problem.frozen_weeks and not is_escalated[row]:
                self._week[row] = parts[0][0]

    def bring_forward(self, row: int) -> None:
        """Let a row go by its due week, or as late as costs least; it and others may change weeks."""
        placing = self._placing
        before = placing.parts[row]
        if before and before[-1][0] <= self._due:
            return
        placing.take_back(row)
        stays = _Way(price(placing.problem, row, before, before), {row: before})
        ways = self._by(row, self._due) or [*([stays] if before else []), *self._late(row)]
        self._go(min(ways, key=lambda way: way.price, default=stays))

    def _by(self, row: int, due: int) -> list[_Way]:
        """Ways to be in time; nobody makes room where there is enough."""
        windows = [*self._windows(row, due)]
        alone = [self._way(row, first, last, []) for first, last in windows]
        return [*filter(None, alone)] or [
            way for first, last in windows for way in self._at_others_expense(row, first, last)
        ]

    def _late(self, row: int) -> list[_Way]:
        ways: list[_Way] = []
        for first, last in self._windows(row, self._placing.problem.weeks):
            alone = self._way(row, first, last, [])
            ways += [alone] if alone else self._at_others_expense(row, first, last)
        return ways

    def _go(self, way: _Way) -> None:
        for row in way.changes:
            if self._placing.parts[row]:
                self._placing.take_back(row)
        for row, parts in way.changes.items():
            self._placing.place(row, parts)
            if self._week[row] >= 0:
                [(self._week[row], _)] = parts

    def _windows(self, row: int, until: int) -> Iterator[tuple[int, int]]:
        """The weeks in which a row could begin, each with the one by which it has to end."""
        weeks = [week for week in self._placing.openings[row].weeks if week <= until]
        in_one = self._placing.goes_in_one_week(row)
        return ((first, first if in_one else weeks[-1]) for first in weeks)

    def _at_others_expense(self, row: int, first: int, last: int) -> Iterable[_Way]:
        """Ways to go in these weeks while one or more make room."""
        ours = self._who_could_leave(row, first, last, everyone=False)
        by_cost = (self._way(row, first, last, [other]) for _, other in sorted(ours))
        choices = [next(filter(None, by_cost), None)]
        choices.append(self._way(row, first, last, self._cheapest_first(ours)))
        if self._is_short_over_all(row, first, last):
            every = self._who_could_leave(row, first, last, everyone=True)
            choices.append(self._way(row, first, last, self._cheapest_first(every)))
        return filter(None, choices)

    def _who_could_leave(
        self, row: int, first: int, last: int, *, everyone: bool
    ) -> list[tuple[float, int]]:
        """Rows in these weeks that have another one to go to, with what that costs."""
        owner = self._placing.problem.owner
        there = (self._week >= first) & (self._week <= last)
        if not everyone:
            there &= owner == owner[row]
        found = []
        for other in np.flatnonzero(there).tolist():
            elsewhere = self._elsewhere(other)
            if elsewhere:
                found.append((_dearer(self._placing, self._told, other, elsewhere), other))
        return found

    def _cheapest_first(self, leaving: Iterable[tuple[float, int]]) -> list[int]:
        """Rows by what each of their locations costs."""
        ordered = sorted((cost / self._sizes[other], other) for cost, other in leaving)
        return [other for _, other in ordered]

    def _is_short_over_all(self, row: int, first: int, last: int) -> bool:
        """Whether others than the row's CSA use up the weeks."""
        problem, placing = self._placing.problem, self._placing
        a_week = problem.capacity[problem.owner[row]]
        return any(
            placing.left(row, week)[1] < min(self._sizes[row], a_week[week])
            for week in placing.openings[row].weeks
            if first <= week <= last
        )

    def _elsewhere(self, other: int) -> Parts:
        """The earliest, and so cheapest, other week for a row; later than its due week is none."""
        week, size, due = int(self._week[other]), self._sizes[other], self._dues[other]
        latest = due if week <= due else week - 1
        for free in self._placing.openings[other].weeks:
            if free > latest:
                break
            if free < self._placing.problem.frozen_weeks or free == week:
                continue
            if min(self._placing.left(other, free)) >= size:
                return [(free, size)]
        return []

    def _way(self, row: int, first: int, last: int, leaving: Sequence[int]) -> _Way | None:
        """Let the row in, with so many of these leaving as it takes; nothing is changed yet."""
        placing, left = self._placing, list[int]()
        parts = self._fit(row, first, last)
        for other in leaving:
            if parts:
                break
            placing.take_back(other)
            left.append(other)
            parts = self._fit(row, first, last)
        way = self._with_all_settled(row, parts, left) if parts else None
        for other in left:
            if placing.parts[other]:
                placing.take_back(other)
        for other in left:
            placing.place(other, [(int(self._week[other]), self._sizes[other])])
        return way

    def _fit(self, row: int, first: int, last: int) -> Parts:
        parts = self._placing.starting_in(row, first)
        return parts if parts and parts[-1][0] <= last else []

    def _with_all_settled(self, row: int, parts: Parts, left: list[int]) -> _Way | None:
        """Who left comes back where there is room after all, and goes elsewhere where not."""
        placing = self._placing
        placing.place(row, parts)
        changes = {row: parts}
        for other in reversed(left):
            back = [(int(self._week[other]), self._sizes[other])]
            if placing.fits(other, back):
                placing.place(other, back)
            else:
                changes[other] = []
        for other in [other for other in changes if other != row]:
            changes[other] = self._elsewhere(other)
            placing.place(other, changes[other])
        placing.take_back(row)
        if not all(changes.values()):
            return None
        told = self._told
        own = price(placing.problem, row, parts, told.get(row, []))
        dearer = (
            _dearer(placing, told, other, changes[other]) for other in changes if other != row
        )
        return _Way(own + sum(dearer), changes)
