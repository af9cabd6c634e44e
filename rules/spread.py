"""How much more the missed rates of weeks differ than chance would have it."""

import numpy as np

from rules.figures import Amounts, Flags
from rules.parameters import Parameters
from rules.problem import Counts

EVEN = 1.0
"""The design effect where every order is missed or not by itself."""


def design_effects(
    region: Counts,
    before: tuple[Amounts, Amounts],
    after: tuple[Amounts, Amounts],
    unmoved: Flags,
    parameters: Parameters | None = None,
) -> Amounts:
    """What orders have to be divided by, f64[n], at least 1: the orders of an evening fail together.

    `before` and `after` are (orders, missed), f64[n] each, in the weeks that are compared. Whoever
    has not moved, bool[n], had no reason to change: by how much more the changes of their rates
    differ than those of independent orders would, is the design effect, the ratio of both sums of
    squares. Changes that a whole region shares are taken off first. It is measured for locations of
    each size (orders of both periods, doubling) of which there are 30 or more, and taken for the
    sizes next to these; with no such size over all, and with less than 30 in all it is not known,
    and 1.
    """
    least = (parameters or Parameters()).checks.alike_from
    orders = np.stack([before[0], after[0]])
    missed = np.stack([before[1], after[1]])
    told = unmoved & (orders > 1).all(axis=0) & ~np.isnan(missed).any(axis=0)
    size = np.log2(np.maximum(np.nan_to_num(orders).sum(axis=0), 1)).astype(np.int64)
    if np.count_nonzero(told) < least:
        return np.full(region.size, EVEN)
    beyond, expected = _squares(region[told], orders[:, told], missed[:, told])
    counts = np.bincount(size[told], minlength=size.max() + 1)
    sums = np.bincount(size[told], beyond, size.max() + 1)
    chance = np.bincount(size[told], expected, size.max() + 1)
    enough = np.flatnonzero(counts >= least)
    if not enough.size:
        return np.full(region.size, max(EVEN, beyond.sum() / max(expected.sum(), _TINY)))
    nearest = enough[np.abs(np.arange(counts.size)[:, None] - enough).argmin(axis=1)]
    by_size = sums[nearest] / np.maximum(chance[nearest], _TINY)
    return np.asarray(np.maximum(by_size, EVEN)[size])


_TINY = 1e-12


def _squares(region: Counts, orders: Amounts, missed: Amounts) -> tuple[Amounts, Amounts]:
    """The squares of the changes, weighted by what each tells, and those that chance would give."""
    rate = missed / orders
    weight = 1 / (1 / orders).sum(axis=0)
    places = np.unique(region, return_inverse=True)[1]
    weights = np.bincount(places, weight)
    change = rate[1] - rate[0]
    shared = np.bincount(places, weight * change) / weights
    # Unbiased whatever a location's two rates are, so that a bad week of a region is not taken for more.
    chance = (rate * (1 - rate) / (orders - 1)).sum(axis=0)
    left = 1 - weight / weights[places]
    return weight * (change - shared[places]) ** 2, weight * chance * left
