"""How alike the locations of one customer are: whether they fail together or each for itself."""

from dataclasses import dataclass

import numpy as np

from rules.figures import Amounts
from rules.parameters import Parameters
from rules.problem import Counts

STEPS = 200
"""So many likenesses are weighed, closer together where they are small."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The correlation of two tries of one customer, 0 to 1, and how many tries tell it.

    0: a customer's locations fail independently. 1: all of them or none.
    """

    value: float
    tries: int = 0


def likeness(failed: Counts, tried: Counts, parameters: Parameters | None = None) -> Likeness:
    """What past tries tell: i64[n] failures of i64[n] tries, of n customers.

    The rate of a customer is taken to be Beta(p/d, (1 - p)/d) with d = likeness/(1 - likeness) and
    p the pooled rate, its failures beta-binomial: the likeness is then their intra-class
    correlation. It is known beforehand as the parameters say (Beta with the assumed mean, as many
    customers strong), and the mean of what is known afterwards is given: with nothing tried, or
    nothing failed, that assumed. A customer with one try tells nothing of it.
    """
    chosen = (parameters or Parameters()).brake
    in_all, of_all = int(failed.sum()), int(tried.sum())
    several = tried > 1
    if not several.any() or in_all in (0, of_all):
        return Likeness(chosen.likeness)
    root = (np.arange(STEPS) + 0.5) / STEPS
    grid = root**2
    strength, mean = chosen.likeness_strength, chosen.likeness
    known = (strength * mean - 1) * np.log(grid) + (strength * (1 - mean) - 1) * np.log1p(-grid)
    pairs = np.stack([failed[several], tried[several]])
    (fails, tries), customers = np.unique(pairs, axis=1, return_counts=True)
    told = known + _log_chances(fails, tries, in_all / of_all, grid) @ customers
    weight = root * np.exp(told - told.max())
    return Likeness(float(weight @ grid / weight.sum()), int(tried[several].sum()))


def _log_chances(failed: Counts, tried: Counts, rate: float, grid: Amounts) -> Amounts:
    """The logarithm of the chance of what was seen of each, at each likeness: f64[grid, n]."""
    size = 1 / grid - 1
    most = int(tried.max())
    return np.asarray(
        _rising(rate * size, most)[:, failed]
        + _rising((1 - rate) * size, most)[:, tried - failed]
        - _rising(size, most)[:, tried]
    )


def _rising(begins: Amounts, most: int) -> Amounts:
    """The logarithms of x (x + 1) ... (x + k - 1) for k from 0 to `most`: f64[x, most + 1]."""
    steps = np.log(begins[:, None] + np.arange(most))
    return np.concatenate([np.zeros((begins.size, 1)), np.cumsum(steps, axis=1)], axis=1)
