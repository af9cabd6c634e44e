"""Making a plan cheaper: customers of one CSA move into room that is left, or exchange their weeks."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import numpy as np

from rules.costs import week_price
from rules.openings import is_open
from rules.placing import Parts, Placing
from rules.problem import Amounts, Counts

AT_ONCE = 1_024
"""Customers of a CSA that are compared with each other at a time, so that the tables stay small."""

NOISE = 1e-9
"""A saving below this part of what is at stake is a rounding error: such steps could go in circles."""


Stop: TypeAlias = Callable[[], bool]
"""Asked now and then whether to end with what there is."""

Step: TypeAlias = tuple[float, tuple[tuple[int, int], ...]]
"""What a step saves, and the rows that go to another week: (row, week)."""


def exchange(
    placing: Placing, movable: Counts, announced: Mapping[int, Parts], *, steps: int, stop: Stop
) -> bool:
    """Take the step that saves most, CSA by CSA, until none saves anything.

    `movable` are customers that have one week; the week that one of them was `announced` is cheaper
    for it by the price of a move. No 1,024 customers of a CSA take more than `steps`. Gives False
    where `stop` asked to end early; the plan is whole at any time.
    """
    owners = placing.problem.owner[movable]
    by_owner = movable[np.argsort(owners, kind="stable")]
    for mine in np.split(by_owner, np.flatnonzero(np.diff(np.sort(owners))) + 1):
        for start in range(0, mine.size, AT_ONCE):
            if stop():
                return False
            _settle(placing, mine[start : start + AT_ONCE], announced, steps)
    return True


def draw_forward(placing: Placing, customers: Iterable[int]) -> None:
    """Let everyone placed go earlier who can, until nobody can: no room stays empty behind others."""
    waiting = list(customers)
    moved = True
    while moved:
        moved = False
        for customer in waiting:
            before = placing.take_back(customer)
            after = placing.earliest(customer)
            placing.place(customer, after)
            moved = moved or after != before


def _settle(
    placing: Placing, customers: Counts, announced: Mapping[int, Parts], steps: int
) -> None:
    table = _Table(placing, customers, announced)
    for _ in range(steps):
        if not table.step():
            break
    for customer, week in zip(customers.tolist(), table.week.tolist(), strict=True):
        [(before, count)] = placing.parts[customer]
        if week != before:
            placing.take_back(customer)
            placing.place(customer, [(week, count)])


class _Table:
    """k customers of one CSA: where they are, what each would cost elsewhere, and the room left."""

    def __init__(self, placing: Placing, customers: Counts, announced: Mapping[int, Parts]) -> None:
        problem = placing.problem
        weeks = np.arange(problem.weeks)
        self.week: Counts = np.array([placing.parts[c][0][0] for c in customers.tolist()])
        self._size = problem.size[customers]
        price = week_price(problem, customers[:, None], weeks) * self._size[:, None]
        for row, customer in enumerate(customers.tolist()):
            for week, count in announced.get(customer, ()):
                price[row, week] -= problem.price_of_a_move * min(count, self._size[row])
        self._price: Amounts = np.where(is_open(problem, customers), price, np.inf)
        left = [placing.left(int(customers[0]), week) for week in weeks.tolist()]
        self._room: Counts = np.array(left).min(axis=1)
        self._noise = NOISE * float(np.abs(price).max(initial=0.0))

    def step(self) -> bool:
        """Move one customer or exchange two, whatever saves most; False where nothing does."""
        now = self._price[np.arange(self.week.size), self.week]
        saved, changes = max(self._best_move(now), self._best_exchange(now))
        if saved <= self._noise:
            return False
        for row, _ in changes:
            self._room[self.week[row]] += self._size[row]
        for row, week in changes:
            self._room[week] -= self._size[row]
            self.week[row] = week
        return True

    def _best_move(self, now: Amounts) -> Step:
        fits = self._size[:, None] <= self._room
        saved = np.where(fits, now[:, None] - self._price, -np.inf)
        row, week = np.unravel_index(saved.argmax(), saved.shape)
        return float(saved[row, week]), ((int(row), int(week)),)

    def _best_exchange(self, now: Amounts) -> Step:
        dearer = self._price[:, self.week] - now[:, None]
        larger = self._size[:, None] - self._size
        room = self._room[self.week]
        fits = (larger <= room) & (-larger <= room[:, None])
        saved = np.where(fits, -(dearer + dearer.T), -np.inf)
        one, other = np.unravel_index(saved.argmax(), saved.shape)
        weeks = self.week.tolist()
        return float(saved[one, other]), ((int(one), weeks[other]), (int(other), weeks[one]))
