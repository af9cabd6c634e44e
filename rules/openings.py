"""Which weeks are open to a customer, before anything is placed."""

from typing import NamedTuple

import numpy as np

from rules.problem import Counts, Flags, Problem


class Opening(NamedTuple):
    """The weeks open to a customer, and the most locations that any of them could take."""

    weeks: tuple[int, ...]
    largest: int


def first_weeks(problem: Problem) -> Counts:
    """The first week that the release of features and the pilot rule leave to each: i64[n]."""
    after_pilot = np.where(problem.pilot, 0, problem.pilot_weeks)
    return np.maximum(np.maximum(problem.release, after_pilot), 0)


def is_open(problem: Problem, customers: Counts) -> Flags:
    """Whether each week is open to each of these customers: bool[k, w]."""
    released = np.arange(problem.weeks) >= first_weeks(problem)[customers, None]
    at_work = problem.capacity[problem.owner[customers]] > 0
    return np.asarray(released & at_work & ~problem.blackout[problem.region[customers]])


def openings(problem: Problem) -> list[Opening]:
    """The opening of each customer: no blackout, its features released, its CSA at work.

    Customers alike in owner, region and first week share one Opening.
    """
    most = np.minimum(problem.capacity, problem.ramp)
    known: dict[tuple[int, int, int], Opening] = {}
    found = []
    first = np.minimum(first_weeks(problem), problem.weeks)
    for kind in zip(problem.owner.tolist(), problem.region.tolist(), first.tolist(), strict=True):
        if kind not in known:
            known[kind] = _opening(problem, most, *kind)
        found.append(known[kind])
    return found


def _opening(problem: Problem, most: Counts, owner: int, region: int, first: int) -> Opening:
    is_open = (problem.capacity[owner, first:] > 0) & ~problem.blackout[region, first:]
    weeks = np.flatnonzero(is_open) + first
    return Opening(tuple(weeks.tolist()), int(most[owner, weeks].max(initial=0)))
