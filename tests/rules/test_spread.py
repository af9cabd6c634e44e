"""How much weeks differ beyond chance: orders that are missed one by one, or an evening at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.figures import Amounts
from rules.problem import Counts
from rules.spread import design_effects

LOCATIONS = 4000


def portfolio(
    burst: int, seed: int = 0
) -> tuple[Counts, tuple[Amounts, Amounts], tuple[Amounts, Amounts]]:
    """Locations of two regions whose orders are missed `burst` at a time; one region has a bad week."""
    rng = np.random.default_rng(seed)
    region = np.arange(LOCATIONS) % 2
    orders = np.where(np.arange(LOCATIONS) < LOCATIONS // 2, 60.0, 2000.0)
    rate = rng.beta(2, 48, LOCATIONS)

    def missed(weeks: int, more: Amounts) -> Amounts:
        chance = np.clip(rate + more, 0, 1)
        evenings = (weeks * orders / burst).astype(np.int64)
        return np.asarray(rng.binomial(evenings, chance) * float(burst))

    nothing = np.zeros(LOCATIONS)
    before = (4 * orders, missed(4, nothing))
    return region, before, (orders, missed(1, np.where(region == 1, 0.02, 0.0)))


@pytest.mark.parametrize("burst", [1, 4])
def test_what_is_missed_together_is_found_whatever_the_size_and_the_region(burst: int) -> None:
    effects = design_effects(*portfolio(burst), np.ones(LOCATIONS, np.bool_))
    for some in (slice(0, LOCATIONS // 2), slice(LOCATIONS // 2, None)):
        assert effects[some] == pytest.approx(burst, rel=0.1)


def test_those_that_moved_tell_nothing_of_it() -> None:
    region, before, (orders, missed) = portfolio(1)
    moved = np.arange(LOCATIONS) % 10 == 0
    wild = np.where(moved, orders / 2, missed)
    effects = design_effects(region, before, (orders, wild), ~moved)
    assert effects == pytest.approx(1, abs=0.15)


def test_too_few_locations_tell_nothing() -> None:
    few = np.arange(LOCATIONS) < 29
    assert design_effects(*portfolio(4), few).tolist() == [1.0] * LOCATIONS


def test_a_size_with_too_few_locations_is_taken_like_the_next() -> None:
    region, before, after = portfolio(4)
    some = np.arange(LOCATIONS) < LOCATIONS // 2 + 10
    effects = design_effects(region, before, after, some)
    assert effects[-1] == pytest.approx(4, rel=0.15)


numbers = st.one_of(st.just(np.nan), st.integers(0, 50).map(float))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 1), numbers, numbers, numbers, numbers), min_size=1, max_size=80
    )
)
def test_it_is_a_number_of_at_least_one_whatever_is_known(
    rows: list[tuple[int, float, float, float, float]],
) -> None:
    columns = np.array([row[1:] for row in rows]).T
    orders, missed = columns[:2], np.minimum(columns[2:], columns[:2])
    region = np.array([row[0] for row in rows])
    effects = design_effects(
        region, (orders[0], missed[0]), (orders[1], missed[1]), np.ones(len(rows), np.bool_)
    )
    assert np.isfinite(effects).all()
    assert (effects >= 1).all()
