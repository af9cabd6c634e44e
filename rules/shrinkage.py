"""Rates that small numbers cannot make shout: each is drawn towards what is usual."""

from dataclasses import dataclass

import numpy as np

from rules.figures import Amounts
from rules.parameters import Parameters

LEAST_STRENGTH, MOST_STRENGTH = 1.0, 10_000.0
TINY = 1e-12
ROUNDS = 3
"""The weights of the fit settle within two."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is assumed of every location before its own figures: `hits` of `trials`.

    The Beta distribution (hits, trials - hits) as people read it; `fitted` to the portfolio, or
    assumed.
    """

    hits: float
    trials: float
    fitted: bool = False

    def rate(self, hits: Amounts, trials: Amounts) -> Amounts:
        """The shrunk rates, f64[n]; the usual one where figures are not known.

        >>> Prior(2, 50).rate(np.array([1.0, 60.0]), np.array([4.0, 1000.0])).round(4).tolist()
        [0.0556, 0.059]
        """
        known = ~np.isnan(hits) & ~np.isnan(trials)
        of_their_own = np.where(known, hits, 0.0), np.where(known, trials, 0.0)
        return np.asarray((of_their_own[0] + self.hits) / (of_their_own[1] + self.trials))


def prior(hits: Amounts, trials: Amounts, parameters: Parameters | None = None) -> Prior:
    """What is usual: fitted to the locations with trials when these are enough, else assumed.

    The fit is by moments for rates of unequal trials (Kleinman 1973): locations are weighted by
    how much each tells, and what they differ by beyond chance gives the strength. Where they do not
    differ beyond chance, the strength is the largest; where all rates are 0 or all are 1 nothing
    tells it, and it is the assumed one.
    """
    parameters = parameters or Parameters()
    tried = (trials > 0) & ~np.isnan(hits)
    if np.count_nonzero(tried) < parameters.health.fitted_from:
        return Prior(parameters.prior_missed, parameters.prior_orders)
    in_all, of_all = float(hits[tried].sum()), float(trials[tried].sum())
    if in_all in (0.0, of_all):
        strength = parameters.prior_orders
        return Prior(strength * in_all / of_all, strength, fitted=True)
    mean, likeness = _moments(hits[tried], trials[tried])
    strength = float(np.clip(1 / max(likeness, TINY) - 1, LEAST_STRENGTH, MOST_STRENGTH))
    return Prior(mean * strength, strength, fitted=True)


def _moments(hits: Amounts, trials: Amounts) -> tuple[float, float]:
    """The mean rate, and how alike two trials of one location are: 1 / (strength + 1)."""
    rates = hits / trials
    mean, likeness = 0.0, 0.0
    for _ in range(ROUNDS):
        weights = trials / (1 + (trials - 1) * likeness)
        share = weights / weights.sum()
        mean = float(share @ rates)
        by_chance = mean * (1 - mean)
        single = float(((1 - share) * weights / trials).sum())
        beyond = float(weights @ (rates - mean) ** 2) - by_chance * single
        room = by_chance * (float(((1 - share) * weights).sum()) - single)
        # Where each was tried once there is no room to differ beyond chance.
        likeness = float(np.clip(beyond / room, 0.0, 1.0)) if room > 0 else 0.0
    return mean, likeness
