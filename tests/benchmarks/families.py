"""Synthetic families of planning problems, the same for a seed on every machine."""

import numpy as np

from rules.problem import Amounts, Counts, Flags
from rules.waves import NO_DUE, Allocations, Problem

WEEKS = 52
REGIONS = 6
LOCATIONS_PER_OWNER = 560
WEEKS_OF_WORK = 28
RAMP = (0.01, 0.025, 0.06, 0.15, 0.35, 0.7, 1.0)


def tight(locations: int, seed: int = 0) -> Problem:
    """Many small customers and a few large: sizes lognormal(0.9, 1.15), at most 400."""
    rng = np.random.default_rng(seed)
    size = np.clip(np.rint(rng.lognormal(0.9, 1.15, locations)), 1, 400).astype(np.int64)
    size = size[: int(np.searchsorted(np.cumsum(size), locations)) + 1]
    owner = rng.integers(0, _owners(locations), size.size)
    load = np.bincount(owner, weights=size, minlength=_owners(locations))
    a_week = np.maximum(1, np.rint(load / rng.uniform(22, 34, load.size))).astype(np.int64)
    return _around(rng, size, owner, a_week)


def large(locations: int, seed: int = 0) -> Problem:
    """Every customer needs 51-95 % of a week of its CSA."""
    rng = np.random.default_rng(seed)
    a_week = np.rint(LOCATIONS_PER_OWNER / rng.uniform(22, 34, _owners(locations)))
    customers = int(locations / (0.73 * a_week.mean()))
    owner = rng.integers(0, a_week.size, customers)
    size = np.maximum(1, np.rint(rng.uniform(0.51, 0.95, customers) * a_week[owner]))
    return _around(rng, size.astype(np.int64), owner, a_week.astype(np.int64))


def _around(rng: np.random.Generator, size: Counts, owner: Counts, a_week: Counts) -> Problem:
    """The calendar around customers: leave, a slow start, features, blackouts, escalations."""
    n = size.size
    is_escalated = rng.random(n) < 0.005
    return Problem(
        size=size,
        owner=owner,
        weight=100 * rng.beta(2, 2, n),
        release=np.where(rng.random(n) < 0.32, rng.integers(6, 31, n), 0),
        due=np.where(is_escalated, rng.integers(2, 20, n), NO_DUE),
        region=rng.integers(0, REGIONS, n),
        pilot=(size <= 3) & (rng.random(n) < 0.5) & ~is_escalated,
        promised=Allocations.none(),
        capacity=a_week[:, None] * (rng.random((a_week.size, WEEKS)) >= 0.06),
        ramp=np.maximum(1, _ramp() * size.sum() / WEEKS_OF_WORK).astype(np.int64),
        blackout=np.array([_three_weeks(rng) for _ in range(REGIONS)]),
    )


def _owners(locations: int) -> int:
    return max(2, locations // LOCATIONS_PER_OWNER)


def _ramp() -> Amounts:
    return np.array(RAMP + (1.0,) * (WEEKS - len(RAMP)))


def _three_weeks(rng: np.random.Generator) -> Flags:
    return np.isin(np.arange(WEEKS), rng.choice(WEEKS, 3, replace=False))
