"""Placing customers into weeks one after the other, within the room that is left."""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np

from rules.costs import cost
from rules.openings import Opening, openings
from rules.problem import Allocations, Counts, Problem

Parts: TypeAlias = list[tuple[int, int]]
"""(week, locations) of one customer, by week; empty when it has no week."""


class Placing:
    """A plan being made: what each customer was given, and the room that is left.

    Plain Python numbers on purpose: a customer is a few comparisons, too few to pay for an array.
    `elsewhere` are the locations of each week, i64[w], that take of the ramp and are not placed here.
    """

    def __init__(self, problem: Problem, elsewhere: Counts | None = None) -> None:
        self.problem = problem
        self.openings = openings(problem)
        self.parts: list[Parts] = [[] for _ in range(problem.customers)]
        self._sizes: list[int] = problem.size.tolist()
        self._owners: list[int] = problem.owner.tolist()
        self._capacity: list[list[int]] = problem.capacity.tolist()
        self._ramp: list[int] = problem.ramp.tolist()
        if elsewhere is not None:
            self._ramp = (problem.ramp - elsewhere).tolist()

    def fork(self) -> "Placing":
        """Another plan that begins with what this one has placed."""
        other = object.__new__(Placing)
        other.__dict__.update(self.__dict__)
        other.parts = self.parts.copy()
        other._capacity = [weeks.copy() for weeks in self._capacity]
        other._ramp = self._ramp.copy()
        return other

    def goes_in_one_week(self, customer: int) -> bool:
        """Whether some week open to the customer could take all of it, were it free."""
        return self._sizes[customer] <= self.openings[customer].largest

    def left(self, customer: int, week: int) -> tuple[int, int]:
        """The room left in a week: of the customer's CSA, and over all of them."""
        return self._capacity[self._owners[customer]][week], self._ramp[week]

    def close_before(self, week: int) -> None:
        """Leave no room in the weeks before this one; what is placed there stays."""
        self._ramp[:week] = [0] * len(self._ramp[:week])

    def place(self, customer: int, parts: Parts) -> None:
        """Give the customer these weeks."""
        self.parts[customer] = parts
        self._take(customer, parts, 1)

    def take_back(self, customer: int) -> Parts:
        """Take the customer's weeks away again; returns them."""
        parts, self.parts[customer] = self.parts[customer], []
        self._take(customer, parts, -1)
        return parts

    def may_have(self, customer: int, parts: Parts) -> bool:
        """Whether rules allow these parts, room apart: neighbours among the open weeks, one if it fits."""
        weeks = [week for week, _ in parts]
        if self.goes_in_one_week(customer) != (len(weeks) == 1):
            return False
        return _follow_each_other(weeks, self.openings[customer])

    def fits(self, customer: int, parts: Parts) -> bool:
        """Whether there is room for exactly these parts, in weeks open to the customer."""
        weeks = [week for week, _ in parts]
        if not _follow_each_other(weeks, self.openings[customer]):
            return False
        return all(min(self.left(customer, week)) >= count for week, count in parts)

    def earliest(self, customer: int) -> Parts:
        """The customer's earliest possible parts, empty when there is no room in the horizon."""
        weeks = self.openings[customer].weeks
        if self.goes_in_one_week(customer):
            return self._first_fit(customer, weeks)
        return self._first_run(customer, weeks)

    def starting_in(self, customer: int, week: int) -> Parts:
        """The customer's parts when it starts in this week, empty when that is not possible."""
        weeks = self.openings[customer].weeks
        if week not in weeks:
            return []
        if self.goes_in_one_week(customer):
            return self._first_fit(customer, (week,))
        parts = self._first_run(customer, weeks[weeks.index(week) :])
        return parts if parts and parts[0][0] == week else []

    def place_in_order(self, customers: Iterable[int]) -> None:
        """Give each customer in turn the earliest weeks that those before it have left."""
        for customer in customers:
            parts = self.earliest(customer)
            if parts:
                self.place(customer, parts)

    def placed(self) -> Allocations:
        """What was placed, by customer and week."""
        rows = [
            (customer, week, count)
            for customer, parts in enumerate(self.parts)
            for week, count in parts
        ]
        table = np.array(rows, dtype=np.int64).reshape(len(rows), 3)
        return Allocations(*np.ascontiguousarray(table.T))

    def unplaced(self) -> Counts:
        """The customers that have locations to move and no week, in order."""
        has_none = np.fromiter((not parts for parts in self.parts), bool, len(self.parts))
        return np.flatnonzero(has_none & (self.problem.size > 0)).astype(np.int64)

    def cost(self) -> float:
        """What the plan costs as it is."""
        return cost(self.problem, self.placed(), self.unplaced())

    def _take(self, customer: int, parts: Parts, sign: int) -> None:
        capacity = self._capacity[self._owners[customer]]
        for week, count in parts:
            capacity[week] -= sign * count
            self._ramp[week] -= sign * count

    def _first_fit(self, customer: int, weeks: Iterable[int]) -> Parts:
        size, ramp = self._sizes[customer], self._ramp
        capacity = self._capacity[self._owners[customer]]
        for week in weeks:
            if capacity[week] >= size and ramp[week] >= size:
                return [(week, size)]
        return []

    def _first_run(self, customer: int, weeks: Iterable[int]) -> Parts:
        """The first weeks in a row that take it all, each as much as it can.

        A full week ends a run for every start before it, so one pass finds the earliest.
        """
        ramp, capacity = self._ramp, self._capacity[self._owners[customer]]
        parts: Parts = []
        left = self._sizes[customer]
        for week in weeks:
            part = min(left, capacity[week], ramp[week])
            if part == 0:
                left, parts = self._sizes[customer], []
                continue
            parts.append((week, part))
            left -= part
            if left == 0:
                return parts
        return []


def _follow_each_other(weeks: list[int], opening: Opening) -> bool:
    """Whether these are neighbours among the open weeks."""
    if weeks[0] not in opening.weeks:
        return False
    start = opening.weeks.index(weeks[0])
    return tuple(weeks) == opening.weeks[start : start + len(weeks)]
