"""What a planner is asked and what it answers, as NumPy arrays."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

NO_DUE = 10**6
ROWS_NAMED = 5

Counts = npt.NDArray[np.int64]
Amounts = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class ImpossibleProblem(ValueError):
    """The question makes no sense (shapes, missing or negative numbers); it names the rows."""


@dataclass(frozen=True, eq=False)
class Allocations:
    """So many locations of a customer in a week, row by row: three arrays of one length."""

    customer: Counts
    week: Counts
    count: Counts

    def __post_init__(self) -> None:
        for field in fields(self):
            _settle(self, field.name, np.int64, (np.size(self.customer),))
        _refuse("count", self.count <= 0, "at least one location")

    @classmethod
    def none(cls) -> "Allocations":
        """No allocation at all."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing, nothing)


@dataclass(frozen=True, eq=False)
class Problem:
    """What to plan: n customers, o owners (CSAs), g regions, w weeks.

    Raises ImpossibleProblem naming the field and the rows when an array has the wrong shape or
    kind, or holds a number that is missing, negative or points at nothing. `release` and `due` may
    lie in the past. A customer in several regions is given a row of `blackout` of its own, see
    `rules.calendar.closed_to_all_of`.
    """

    size: Counts  # [n] eligible locations of the customer
    owner: Counts  # [n]
    weight: Amounts  # [n] priority per location
    release: Counts  # [n] first week in which every required feature is released
    due: Counts  # [n] escalation due week, or NO_DUE
    region: Counts  # [n] row of `blackout`
    pilot: Flags  # [n] may go in the first `pilot_weeks`
    promised: Allocations  # announced; fewer locations than announced may be left by now
    capacity: Counts  # [o, w] locations per owner and week
    ramp: Counts  # [w] locations per week over all owners
    blackout: Flags  # [g, w]
    pilot_weeks: int = 3
    tardiness: float = 6.0  # per weight and week after due
    move_cost: float = 4.0  # per location moved, times the mean weight
    frozen_weeks: int = 1

    def __post_init__(self) -> None:
        n, w = np.size(self.size), np.size(self.ramp)
        for name in ("size", "owner", "release", "due", "region"):
            _settle(self, name, np.int64, (n,))
        _settle(self, "weight", np.float64, (n,))
        _settle(self, "pilot", np.bool_, (n,))
        _settle(self, "ramp", np.int64, (w,))
        _settle(self, "capacity", np.int64, (len(self.capacity), w))
        _settle(self, "blackout", np.bool_, (len(self.blackout), w))
        self._refuse_negatives()
        self._refuse_unknown_rows()

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return self.size.size

    @property
    def weeks(self) -> int:
        """How many weeks the plan looks ahead."""
        return self.ramp.size

    @cached_property
    def price_of_a_move(self) -> float:
        """What moving one promised location costs: `move_cost` times the mean weight."""
        return self.move_cost * float(self.weight.mean()) if self.customers else 0.0

    def _refuse_negatives(self) -> None:
        _refuse("weight", ~np.isfinite(self.weight), "a number")
        for name in ("size", "weight", "capacity", "ramp"):
            _refuse(name, getattr(self, name) < 0, "0 or more")
        for name in ("pilot_weeks", "tardiness", "move_cost", "frozen_weeks"):
            setting = getattr(self, name)
            if not np.isfinite(setting) or setting < 0:
                raise ImpossibleProblem(f"{name} must be 0 or more, not {setting}")

    def _refuse_unknown_rows(self) -> None:
        owners, regions = len(self.capacity), len(self.blackout)
        promised = self.promised
        _refuse("owner", _outside(self.owner, owners), f"one of the {owners} owners")
        _refuse("region", _outside(self.region, regions), f"one of the {regions} regions")
        _refuse(
            "promised.customer",
            _outside(promised.customer, self.customers),
            f"one of the {self.customers} customers",
        )
        _refuse("promised.week", _outside(promised.week, self.weeks), f"below {self.weeks}")


@dataclass(frozen=True, eq=False)
class Plan:
    """Who goes when, what that costs, and how far from the best possible it can be at most."""

    placed: Allocations
    unplaced: Counts  # [m] customers that found no week, in order
    cost: float
    bound: float  # no plan costs less
    binding: list[str]  # per customer: what kept it from an earlier week
    cut_short: bool = False  # the search had no more time: once more may give another plan

    @property
    def gap(self) -> float:
        """How far above the bound the cost is: 0.02 is at most 2 % above the best possible."""
        return gap_of(self.cost, self.bound)


def gap_of(cost: float, bound: float) -> float:
    """How far above the bound a cost is; 0 when both are 0."""
    if bound == 0:
        return 0.0 if cost == 0 else float("inf")
    return cost / bound - 1


def _settle(holder: object, name: str, kind: type[Any], shape: tuple[int, ...]) -> None:
    """Keep a field as an array of this kind and shape, or refuse it; nothing is rounded."""
    given = np.asarray(getattr(holder, name))
    if given.shape != shape:
        raise ImpossibleProblem(f"{name} must have the shape {shape}, not {given.shape}")
    if given.size and not np.can_cast(given.dtype, kind, casting="same_kind"):
        raise ImpossibleProblem(f"{name} must hold {kind.__name__}, not {given.dtype}")
    object.__setattr__(holder, name, given.astype(kind))


def _outside(rows: Counts, end: int) -> Flags:
    return np.asarray((rows < 0) | (rows >= end))


def _refuse(name: str, wrong: Flags, wanted: str) -> None:
    if wrong.any():
        where = np.flatnonzero(wrong.reshape(len(wrong), -1).any(axis=1))
        rows = ", ".join(str(row) for row in where[:ROWS_NAMED])
        more = f" and {where.size - ROWS_NAMED} more" if where.size > ROWS_NAMED else ""
        raise ImpossibleProblem(f"{name} must be {wanted}: see rows {rows}{more}")
