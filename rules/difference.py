"""A difference of differences of shrunk rates, and the limits of what it may be."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from rules.figures import Amounts
from rules.shrinkage import Prior


@dataclass(frozen=True, eq=False)
class Seen:
    """What orders tell of a missed rate, what is usual with them: f64 of one shape each.

    Orders that fail together were divided by their design effect, so neither is a whole number.
    """

    missed: Amounts
    orders: Amounts

    @classmethod
    def of(cls, missed: Amounts, orders: Amounts, usual: Prior, alike: Amounts) -> "Seen":
        """From counts; `alike`, at least 1, is so many orders that tell as much as one would alone."""
        return cls(missed / alike + usual.hits, orders / alike + usual.trials)

    @property
    def together(self) -> "Seen":
        """All of a row as one, [m, k] to [m]; those that are not known (NaN) are left out."""
        known = ~np.isnan(self.missed) & ~np.isnan(self.orders)
        missed = np.where(known, self.missed, 0.0).sum(axis=1)
        orders = np.where(known, self.orders, 0.0).sum(axis=1)
        return Seen(missed, np.where(known.any(axis=1), orders, np.nan))

    @property
    def rate(self) -> Amounts:
        """The shrunk rate."""
        return self.missed / self.orders

    def limits(self, certainty: float) -> tuple[Amounts, Amounts]:
        """The one-sided score limits of the rate (Wilson 1927), lower and upper."""
        z = NormalDist().inv_cdf(certainty)
        rate, more = self.rate, z**2 / self.orders
        middle = (rate + more / 2) / (1 + more)
        reach = np.sqrt(rate * (1 - rate) * more + (more / 2) ** 2) / (1 + more)
        return middle - reach, middle + reach


@dataclass(frozen=True, eq=False)
class Difference:
    """How much a rate rose from before to after, or by how much more than another: f64[m] each.

    `low` and `high` are one-sided limits, each as certain as was asked for; NaN where not known.
    """

    change: Amounts
    low: Amounts
    high: Amounts

    def less(self, other: "Difference") -> "Difference":
        """What changed here beyond what changed there.

        The limits by MOVER (Zou and Donner 2008), which is Newcombe's way for any two estimates
        with limits of their own: as far from the estimate as the root of the two squares of how far
        the limits of each are from it, on the side that counts.
        """
        change = self.change - other.change
        down = np.hypot(self.change - self.low, other.high - other.change)
        up = np.hypot(self.high - self.change, other.change - other.low)
        return Difference(change, change - down, change + up)


def difference(before: Seen, after: Seen, certainty: float = 0.9) -> Difference:
    """How much a rate rose, with the limits of Newcombe's hybrid score method (1998, method 10).

    >>> raw = Seen(np.array([48.0]), np.array([80.0])), Seen(np.array([56.0]), np.array([70.0]))
    >>> made = difference(*raw, certainty=0.975)
    >>> made.change.round(4).tolist(), made.low.round(4).tolist(), made.high.round(4).tolist()
    ([0.2], [0.0524], [0.3339])
    """
    below, above = before.limits(certainty)
    low, high = after.limits(certainty)
    change = after.rate - before.rate
    return Difference(
        change=change,
        low=change - np.hypot(after.rate - low, above - before.rate),
        high=change + np.hypot(high - after.rate, before.rate - below),
    )
