"""Chance that is the same every time."""

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Claim = NDArray[np.bool_]


def stream(seed: int, about: str) -> np.random.Generator:
    """Random numbers for one subject, so that a change to one part of the world leaves the rest."""
    return np.random.Generator(np.random.PCG64([seed, *about.encode()]))


def shared_out(total: int, weights: Real) -> Whole:
    """Whole numbers in proportion to the weights that add up to the total (largest remainder)."""
    exact = total * weights / weights.sum()
    parts: Whole = np.floor(exact).astype(np.int64)
    most_missing = np.argsort(parts - exact, kind="stable")[: total - int(parts.sum())]
    parts[most_missing] += 1
    return parts
