import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.shrinkage import MOST_STRENGTH, Prior, prior

ASSUMED = Prior(2, 50)


def portfolio(a: float, b: float, locations: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Missed orders and orders of locations whose true rates are Beta(a, b)."""
    rng = np.random.default_rng(7)
    orders = np.clip(rng.lognormal(4, 1.5, locations), 1, 20_000).astype(np.int64)
    missed = rng.binomial(orders, rng.beta(a, b, locations))
    return missed.astype(np.float64), orders.astype(np.float64)


def test_one_missed_of_four_does_not_outrank_sixty_of_a_thousand() -> None:
    rates = ASSUMED.rate(np.array([1.0, 60.0]), np.array([4.0, 1000.0]))
    assert rates == pytest.approx([0.0556, 0.0590], abs=5e-5)


def test_without_figures_the_usual_rate_is_assumed() -> None:
    assert ASSUMED.rate(np.array([np.nan, 3]), np.array([50, np.nan])).tolist() == [0.04, 0.04]


@pytest.mark.parametrize(("a", "b"), [(2, 48), (1, 9), (30, 270)])
def test_a_large_portfolio_tells_what_is_usual_by_itself(a: float, b: float) -> None:
    fitted = prior(*portfolio(a, b))
    assert fitted.fitted
    assert fitted.hits / fitted.trials == pytest.approx(a / (a + b), rel=0.03)
    assert fitted.trials == pytest.approx(a + b, rel=0.1)


def test_a_small_portfolio_is_told_what_is_usual() -> None:
    missed, orders = portfolio(1, 9)
    assert prior(missed[:199], orders[:199]) == ASSUMED
    assert prior(missed[:200], orders[:200]).fitted
    assert prior(missed[:200], np.where(np.arange(200) > 0, orders[:200], 0)) == ASSUMED


def test_locations_that_differ_by_chance_alone_are_all_taken_for_the_same() -> None:
    orders = np.full(500, 40.0)
    missed = np.where(np.arange(500) % 2, 1.0, 2.0)
    assert prior(missed, orders).trials == MOST_STRENGTH


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_where_all_or_none_are_missed_the_assumed_strength_stays(rate: float) -> None:
    orders = np.full(300, 20.0)
    assert prior(orders * rate, orders) == Prior(50 * rate, 50, fitted=True)


def test_one_order_each_proves_no_difference() -> None:
    orders = np.ones(400)
    missed = (np.arange(400) < 40).astype(np.float64)
    assert prior(missed, orders) == Prior(0.1 * MOST_STRENGTH, MOST_STRENGTH, fitted=True)


@given(st.integers(0, 2**32))
def test_the_order_of_locations_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    orders = rng.integers(0, 50, 300).astype(np.float64)
    missed = rng.binomial(orders.astype(np.int64), 0.1).astype(np.float64)
    shuffled = rng.permutation(300)
    one, other = prior(missed, orders), prior(missed[shuffled], orders[shuffled])
    assert (one.hits, one.trials) == pytest.approx((other.hits, other.trials))


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_more_missed_never_lowers_a_rate_and_rates_stay_between(
    one: int, other: int, spare: int
) -> None:
    orders = np.full(2, float(max(one, other) + spare))
    rates = ASSUMED.rate(np.array(sorted([one, other]), dtype=np.float64), orders)
    assert 0 < rates[0] <= rates[1] < 1
