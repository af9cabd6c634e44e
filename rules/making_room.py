"""Making room for a row in a plan, at the expense of as little as possible."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rules.placing import Parts, Placing
from rules.problem import Counts, Flags
from rules.promises import price


def dearer(placing: Placing, told: dict[int, Parts], row: int, parts: Parts) -> float:
    """How much more these parts cost a row than what it was told."""
    before = price(placing.problem, row, told[row], told[row])
    return price(placing.problem, row, parts, told[row]) - before


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to let a row go: everyone's new parts, and what they cost."""

    price: float
    changes: dict[int, Parts]


class Search:
    """Looks for room in a plan, week by week.

    `placing` has the plan as people were `told`; `due` is a week.
    """

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
                found.append((dearer(self._placing, self._told, other, elsewhere), other))
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
        """The earliest other week for a row that does not make it late for its own due week."""
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
        costs = (dearer(placing, told, other, changes[other]) for other in changes if other != row)
        return _Way(own + sum(costs), changes)
