import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.benefit import benefit, missed_orders_avoided, percentile_rank
from rules.parameters import Parameters

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


def test_a_small_location_does_not_shout() -> None:
    per_order = missed_orders_avoided([4, 1000], [1, 60]) / (np.array([4, 1000]) / 4 * 0.6)
    assert per_order == pytest.approx([3 / 54, 62 / 1050])


def test_missed_orders_avoided_are_weekly_orders_times_the_shrunk_rate_times_the_reduction() -> (
    None
):
    assert missed_orders_avoided([800], [8]) == pytest.approx([200 * 10 / 850 * 0.6])


def test_the_assumptions_are_settings() -> None:
    bold = Parameters(prior_missed=0, prior_orders=100, missed_reduction=1)
    assert missed_orders_avoided([100], [50], bold) == pytest.approx([25 * 50 / 200])


def test_a_rank_is_the_average_rank_less_a_half_over_n() -> None:
    assert percentile_rank([30, 10, 20]).tolist() == pytest.approx([2.5 / 3, 0.5 / 3, 1.5 / 3])


def test_ties_share_their_average_rank() -> None:
    assert percentile_rank([5, 1, 5, 9]).tolist() == [0.5, 0.125, 0.5, 0.875]


def test_one_location_is_in_the_middle_and_none_is_fine() -> None:
    assert percentile_rank([7]).tolist() == [0.5]
    assert benefit([], []).tolist() == []


@given(numbers)
def test_ranks_are_inside_nought_and_one_and_average_a_half(values: list[float]) -> None:
    ranks = percentile_rank(values)
    assert ((ranks > 0) & (ranks < 1)).all()
    assert ranks.mean() == pytest.approx(0.5)


@given(numbers)
def test_ranks_keep_the_order(values: list[float]) -> None:
    ranks = percentile_rank(values)
    for one, other in zip(range(len(values)), range(1, len(values)), strict=False):
        assert (values[one] < values[other]) == (ranks[one] < ranks[other])


def test_the_location_that_gains_most_ranks_highest() -> None:
    assert np.argsort(benefit([1000, 10, 1000], [300, 9, 5])).tolist() == [1, 2, 0]


@pytest.mark.parametrize(
    ("orders", "missed", "complaint"),
    [
        ([1, 2], [0, 3], "more orders were missed than placed: 1 rows, the first are 1"),
        ([-1], [0], "orders must be a number, 0 or more"),
        ([1], [-1], "missed orders must be a number"),
        ([np.nan], [0], "orders must be a number"),
        ([1, 2], [0], "2 locations have orders, 1 have missed orders"),
    ],
)
def test_impossible_counts_are_refused_with_their_rows(
    orders: list[float], missed: list[float], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        benefit(orders, missed)


def test_a_missing_value_has_no_rank() -> None:
    with pytest.raises(ValueError, match="no number: 1 rows, the first are 1"):
        percentile_rank([1.0, np.nan])
