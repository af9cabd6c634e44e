"""How alike the locations of a customer are, told from what was tried."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.likeness import likeness
from rules.parameters import Parameters
from rules.problem import Counts

ASSUMED = Parameters().brake.likeness


def drawn(value: float, customers: int, seed: int = 0) -> tuple[Counts, Counts]:
    """Failures and tries of customers of 1 to 12 locations that are so alike."""
    rng = np.random.default_rng(seed)
    tried = rng.integers(1, 13, customers)
    size = 1 / value - 1
    return rng.binomial(tried, rng.beta(0.04 * size, 0.96 * size, customers)), tried


@pytest.mark.parametrize("value", [0.02, 0.1, 0.3])
def test_much_that_was_tried_tells_the_likeness(value: float) -> None:
    told = likeness(*drawn(value, 20_000))
    assert told.value == pytest.approx(value, rel=0.2)
    assert told.tries > 100_000


@pytest.mark.parametrize(
    ("failed", "tried"), [([], []), ([0, 0], [9, 5]), ([5, 9], [5, 9]), ([1, 0, 0], [1, 1, 1])]
)
def test_what_tells_nothing_leaves_what_is_assumed(failed: list[int], tried: list[int]) -> None:
    told = likeness(np.array(failed, dtype=np.int64), np.array(tried, dtype=np.int64))
    assert (told.value, told.tries) == (ASSUMED, 0)


def test_a_chain_that_fails_as_one_makes_locations_more_alike() -> None:
    together = likeness(np.array([8, 0, 0, 0, 0]), np.array([8, 8, 8, 8, 8]))
    scattered = likeness(np.array([2, 1, 2, 1, 2]), np.array([8, 8, 8, 8, 8]))
    assert together.value > ASSUMED > scattered.value


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=20))
def test_it_is_between_none_and_all_and_the_order_of_customers_does_not_matter(
    pairs: list[tuple[int, int]],
) -> None:
    counts = np.array([(min(pair), max(pair)) for pair in pairs], dtype=np.int64).reshape(-1, 2)
    told = likeness(counts[:, 0], counts[:, 1])
    assert 0 < told.value < 1
    other = likeness(counts[::-1, 0], counts[::-1, 1])
    assert other.value == pytest.approx(told.value)
