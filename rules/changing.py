"""Changes that people can make to what is planned, each small enough to be said in a sentence."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from rules.problem import Allocations, Problem


class Kind(StrEnum):
    """What changes, from the least to ask of people to the most."""

    promise = "promise"  # the part gives up the week it was promised
    capacity = "capacity"  # its CSA takes `amount` more locations in week `at`
    ramp = "ramp"  # all CSAs together take `amount` more in week `at`
    release = "release"  # what it needs is released by week `at`
    blackout = "blackout"  # week `at` is opened to it
    pilot = "pilot"  # it may go in the first weeks
    weight = "weight"  # its priority per location rises to `amount`
    place = "place"  # it takes the place of `other`, who then goes in `other_week`
    escalation = "escalation"  # it is escalated, due in week `at`


@dataclass(frozen=True, slots=True)
class Change:
    """One change, and the `week` in which the part begins after it, everyone else staying in place.

    `at` is the week that the change is about, `amount` locations for capacity and ramp and a weight
    for weight; else they are 0. `dearer` is by how much the cost rises (below 0: falls) at today's
    weights, of the part and of `other`; whom an escalation displaces is not in it.
    """

    kind: Kind
    week: int
    dearer: float
    at: int = 0
    amount: float = 0.0
    other: int | None = None
    other_week: int | None = None


def changed(problem: Problem, row: int, change: Change) -> Problem:
    """The problem after a change for the part in this row.

    Whoever goes earlier gives up its promise. A ramp that limits nobody grows with the capacity. To
    give up a promise, or to take a place, needs no other change of the problem.
    """
    free = _without_promise(problem, row)
    return _CHANGED[change.kind](free, row, change) if change.kind in _CHANGED else free


def _without_promise(problem: Problem, row: int) -> Problem:
    promised = problem.promised
    others = promised.customer != row
    left = Allocations(promised.customer[others], promised.week[others], promised.count[others])
    return replace(problem, promised=left)


def _with_capacity(problem: Problem, row: int, change: Change) -> Problem:
    capacity, ramp, week = problem.capacity.copy(), problem.ramp.copy(), change.at
    if ramp[week] >= capacity[:, week].sum():
        ramp[week] += int(change.amount)
    capacity[problem.owner[row], week] += int(change.amount)
    return replace(problem, capacity=capacity, ramp=ramp)


def _with_ramp(problem: Problem, _: int, change: Change) -> Problem:
    ramp = problem.ramp.copy()
    ramp[change.at] += int(change.amount)
    return replace(problem, ramp=ramp)


def _released(problem: Problem, row: int, change: Change) -> Problem:
    release = problem.release.copy()
    release[row] = change.at
    return replace(problem, release=release)


def _opened(problem: Problem, row: int, change: Change) -> Problem:
    """The part gets a row of `blackout` of its own, so that the week stays closed to others."""
    region, its_own = problem.region.copy(), problem.blackout[problem.region[row]].copy()
    its_own[change.at] = False
    region[row] = len(problem.blackout)
    return replace(problem, region=region, blackout=np.vstack([problem.blackout, its_own]))


def _as_pilot(problem: Problem, row: int, _: Change) -> Problem:
    pilot = problem.pilot.copy()
    pilot[row] = True
    return replace(problem, pilot=pilot)


def _heavier(problem: Problem, row: int, change: Change) -> Problem:
    weight = problem.weight.copy()
    weight[row] = change.amount
    return replace(problem, weight=weight)


def _escalated(problem: Problem, row: int, change: Change) -> Problem:
    due = problem.due.copy()
    due[row] = change.at
    return replace(problem, due=due)


_CHANGED = {
    Kind.capacity: _with_capacity,
    Kind.ramp: _with_ramp,
    Kind.release: _released,
    Kind.blackout: _opened,
    Kind.pilot: _as_pilot,
    Kind.weight: _heavier,
    Kind.escalation: _escalated,
}
