"""Differences of shrunk rates: published examples, symmetries, and how often the limits hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.difference import Difference, Seen, difference
from rules.figures import Amounts
from rules.shrinkage import Prior

BUDGET = settings(max_examples=100, deadline=None)
NOTHING = Prior(0.0, 0.0)


def seen(missed: float, orders: float) -> Seen:
    return Seen(np.array([missed]), np.array([orders]))


# Newcombe 1998, table II, method 10, 95 %: the two samples and the limits of their difference.
@pytest.mark.parametrize(
    ("second", "first", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_the_limits_are_those_that_newcombe_published(
    second: tuple[int, int], first: tuple[int, int], low: float, high: float
) -> None:
    made = difference(seen(*first), seen(*second), certainty=0.975)
    assert (float(made.low[0]), float(made.high[0])) == pytest.approx((low, high), abs=0.0001)


def test_less_of_a_difference_without_doubt_shifts_the_limits() -> None:
    own = difference(seen(8, 200), seen(16, 200))
    sure = Difference(*(np.array([0.01]) for _ in range(3)))
    made = own.less(sure)
    assert made.low[0] == pytest.approx(own.low[0] - 0.01)
    assert made.high[0] == pytest.approx(own.high[0] - 0.01)


def test_controls_that_are_not_known_are_left_out_and_without_any_nothing_is_told() -> None:
    usual = Prior(2, 50)
    orders = np.array([[100.0, np.nan], [np.nan, np.nan]])
    together = Seen.of(np.array([[4.0, 9.0], [1.0, 1.0]]), orders, usual, np.ones((2, 2))).together
    assert together.rate[0] == pytest.approx(6 / 150)
    assert np.isnan(together.rate[1])


counts = st.integers(1, 400).flatmap(
    lambda orders: st.tuples(st.integers(0, orders), st.just(orders))
)


@BUDGET
@given(counts, counts, st.floats(0.6, 0.99))
def test_the_limits_hold_the_change_and_turn_round_with_it(
    first: tuple[int, int], second: tuple[int, int], certainty: float
) -> None:
    made = difference(seen(*first), seen(*second), certainty)
    turned = difference(seen(*second), seen(*first), certainty)
    assert made.low <= made.change <= made.high
    assert made.low[0] >= -1 - 1e-9
    assert made.high[0] <= 1 + 1e-9
    assert (-turned.high[0], -turned.low[0]) == pytest.approx((made.low[0], made.high[0]))


@BUDGET
@given(counts, counts, counts, counts)
def test_what_others_changed_by_makes_it_less_sure_and_never_surer(
    first: tuple[int, int],
    second: tuple[int, int],
    third: tuple[int, int],
    fourth: tuple[int, int],
) -> None:
    own, other = difference(seen(*first), seen(*second)), difference(seen(*third), seen(*fourth))
    made = own.less(other)
    assert made.change[0] == pytest.approx(own.change[0] - other.change[0])
    for one in (own, other):
        assert made.high[0] - made.low[0] >= one.high[0] - one.low[0] - 1e-12


def often(
    rates: tuple[float, float, float, float], orders: int, controls: int
) -> tuple[float, float]:
    """How often each limit holds in 4,000 draws of a location and its controls."""
    draws, rng = 4000, np.random.default_rng(0)
    before, after, then, since = rates
    usual = Prior(2, 50)

    def drawn(rate: float, weeks: int, shape: tuple[int, ...]) -> Seen:
        trials = np.full(shape, float(weeks * orders))
        missed: Amounts = rng.binomial(weeks * orders, rate, shape).astype(np.float64)
        return Seen.of(missed, trials, usual, np.ones(shape))

    own = difference(drawn(before, 4, (draws,)), drawn(after, 1, (draws,)))
    others = difference(
        drawn(then, 4, (draws, controls)).together, drawn(since, 1, (draws, controls)).together
    )
    made, true = own.less(others), (after - before) - (since - then)
    return float((made.low <= true).mean()), float((true <= made.high).mean())


@pytest.mark.parametrize("orders", [50, 200, 800])
@pytest.mark.parametrize("controls", [1, 5])
@pytest.mark.parametrize("rise", [0.0, 0.01, 0.02])
def test_each_limit_holds_in_nine_of_ten_where_rates_are_usual(
    orders: int, controls: int, rise: float
) -> None:
    low, high = often((0.04, 0.045 + rise, 0.04, 0.045), orders, controls)
    assert low > 0.88
    assert high > 0.86
