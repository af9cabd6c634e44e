"""Forecasts against what is known exactly. Draws are seeded; tolerances are five standard errors."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.forecast import BANDS, HORIZON, ImpossibleForecast, forecast
from rules.parameters import Parameters

RUNS = 10_000
SURE_TO = 5
"""Standard errors that an estimate may be off; beyond it is wrong and not unlucky."""
WITHOUT_DELAY = Parameters.model_validate({"forecast": {"back_after_weeks": 1}})
FEW_RUNS = Parameters.model_validate({"forecast": {"runs": 200}})

few = settings(max_examples=40, deadline=None)


def quantiles(
    locations: int, per_week: int, success: float, *, is_sure: bool = False
) -> list[int | None]:
    made = forecast(locations, per_week, success, is_sure=is_sure)
    return [made.finish_by(share) for share in (0.5, 0.8, 0.95)]


def test_the_uncertainty_of_the_rate_shows() -> None:
    assert quantiles(10_000, 400, 0.8) == pytest.approx([38, 44, 51], abs=1)
    assert quantiles(10_000, 400, 0.8, is_sure=True) == pytest.approx([38, 40, 41], abs=1)


def test_attempts_at_a_known_rate_have_the_mean_and_the_variance_of_their_distribution() -> None:
    attempts = forecast(10_000, 400, 0.8, is_sure=True).attempts
    variance = 10_000 * 0.2 / 0.8**2
    assert variance == pytest.approx(3125)
    assert attempts.mean() == pytest.approx(12_500, abs=SURE_TO * (variance / RUNS) ** 0.5)
    assert attempts.var() == pytest.approx(variance, rel=SURE_TO * (2 / RUNS) ** 0.5)


def test_attempts_at_an_uncertain_rate_have_the_mean_of_theirs() -> None:
    attempts = forecast(10_000, 400, 0.8).attempts
    expected = 10_000 * 19 / 15
    assert expected == pytest.approx(12_666.7, abs=0.05)
    assert attempts.mean() == pytest.approx(expected, abs=SURE_TO * attempts.std() / RUNS**0.5)


def test_what_goes_on_for_years_is_tried_less_often_and_comes_to_the_same() -> None:
    made = forecast(100_000, 800, 0.4, is_sure=True)
    runs, variance = made.attempts.size, 100_000 * 0.6 / 0.4**2
    assert 1_000 < runs < RUNS
    assert made.attempts.mean() == pytest.approx(250_000, abs=SURE_TO * (variance / runs) ** 0.5)


@pytest.mark.parametrize(("locations", "success"), [(1, 0.5), (20, 0.8), (300, 0.9)])
def test_with_room_for_all_the_chance_is_that_of_the_last_of_them(
    locations: int, success: float
) -> None:
    made = forecast(locations, locations, success, is_sure=True, parameters=WITHOUT_DELAY)
    for week in range(1, 9):
        exact = (1 - (1 - success) ** week) ** locations
        error = (exact * (1 - exact) / RUNS) ** 0.5
        assert made.chance_by(week) == pytest.approx(exact, abs=SURE_TO * error + 1 / RUNS)


def test_who_failed_comes_back_after_two_weeks() -> None:
    finish = forecast(50, 50, 0.5, is_sure=True).finish
    assert set(finish % 2) == {1}


@pytest.mark.parametrize(
    ("locations", "per_week", "weeks"),
    [(10_000, 400, 25), (10_001, 400, 26), (1, 400, 1), (0, 400, 0), (7, [0, 3, 3, 3], 4)],
)
def test_when_all_succeed_nothing_is_drawn(
    locations: int, per_week: int | list[int], weeks: int
) -> None:
    made = forecast(locations, per_week, 1.0)
    assert not made.is_drawn
    assert made.finish_by(0.5) == made.finish_by(1.0) == weeks
    assert made.weeks()[-1].moved == (locations,) * len(BANDS)
    assert made.attempts.tolist() == [locations]
    assert (made.chance_by(weeks - 1), made.chance_by(weeks)) == (0.0, 1.0)


@pytest.mark.parametrize(("per_week", "success"), [(400, 0.0), (0, 1.0), (0, 0.5), ([0, 0], 0.9)])
def test_when_none_succeed_or_none_are_tried_it_is_never_done(
    per_week: int | list[int], success: float
) -> None:
    made = forecast(10, per_week, success)
    assert not made.is_drawn
    assert made.finish_by(0.01) is None
    assert made.chance_by(10**9) == 0
    assert made.fan.max() == 0


def test_a_plan_gives_each_week_its_room_and_goes_on_with_its_largest() -> None:
    made = forecast(100, [0, 0, 10, 50, 5], 1.0)
    moved = [week.moved[0] for week in made.weeks()]
    assert moved == [0, 0, 0, 10, 60, 65, 100]


def test_hardly_any_success_is_not_in_sight_and_says_so() -> None:
    made = forecast(10_000, 400, 0.01, parameters=FEW_RUNS)
    assert made.finish_by(0.5) is None
    assert made.chance_by(HORIZON) < 0.5
    assert len(made.weeks()) == HORIZON + 1


@pytest.mark.parametrize("success", [1e-300, 1e-9, 1 - 1e-16])
def test_rates_next_to_none_or_all_are_fine(success: float) -> None:
    forecast(100, 10, success, parameters=FEW_RUNS)
    forecast(100, 10, success, is_sure=True, parameters=FEW_RUNS)


@pytest.mark.parametrize(
    ("locations", "per_week", "success", "complaint"),
    [
        (10, 5, 1.01, "from 0 to 1 .0 % to 100 %., not 1.01"),
        (10, 5, -0.1, "from 0 to 1"),
        (10, 5, float("nan"), "from 0 to 1"),
        (-1, 5, 0.5, "The locations left must be from 0"),
        (10, -5, 0.5, "week 1 has -5"),
        (10, [5, float("nan")], 0.5, "week 2 has nan"),
        (10, [5, 5, float("inf")], 0.5, "week 3 has inf"),
        (10, [5, 2.5], 0.5, "whole numbers .* week 2 has 2.5"),
        (10, [], 0.5, "a number for each week"),
        (10, "most", 0.5, "must be a number"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    locations: int, per_week: npt.ArrayLike, success: float, complaint: str
) -> None:
    with pytest.raises(ImpossibleForecast, match=complaint):
        forecast(locations, per_week, success)


@pytest.mark.parametrize("share", [0.0, 1.1, float("nan")])
def test_a_share_of_runs_that_cannot_be_is_refused(share: float) -> None:
    with pytest.raises(ImpossibleForecast, match="above 0 and at most 1"):
        forecast(10, 5, 1.0).finish_by(share)


def test_the_same_seed_gives_the_same_forecast_and_another_one_another() -> None:
    one, same, other = (forecast(500, 40, 0.7, seed=seed) for seed in (1, 1, 2))
    assert (one.finish == same.finish).all()
    assert (one.fan == same.fan).all()
    assert (one.attempts == same.attempts).all()
    assert (one.attempts != other.attempts).any()


@pytest.mark.parametrize("success", [0.3, 0.8, 1.0])
def test_more_room_is_never_later(success: float) -> None:
    finishes = [quantiles(5_000, room, success) for room in (50, 100, 200, 400, 800, 5_000)]
    for each in zip(*finishes, strict=True):
        weeks = [week or HORIZON + 1 for week in each]
        assert weeks == sorted(weeks, reverse=True)


@pytest.mark.parametrize("room", [50, 400])
def test_more_success_is_never_later(room: int) -> None:
    finishes = [quantiles(5_000, room, success) for success in (0.3, 0.5, 0.7, 0.9, 1.0)]
    for each in zip(*finishes, strict=True):
        weeks = [week or HORIZON + 1 for week in each]
        assert weeks == sorted(weeks, reverse=True)


@few
@given(st.integers(0, 3000), st.integers(0, 400), st.floats(0, 1), st.integers(0, 2**32))
def test_quantiles_are_in_order_and_nothing_unmoves(
    locations: int, per_week: int, success: float, seed: int
) -> None:
    made = forecast(locations, per_week, success, seed=seed, parameters=FEW_RUNS)
    weeks = [made.finish_by(share) or HORIZON + 1 for share in (0.05, 0.5, 0.8, 0.95, 1)]
    if locations:
        assert weeks == sorted(weeks)
    assert (np.diff(made.fan, axis=0) >= 0).all()
    assert (np.diff(made.fan, axis=1) >= 0).all()
    assert (made.fan <= locations).all()
    chances = [made.chance_by(week) for week in range(0, HORIZON + 2, 10)]
    assert chances == sorted(chances)
    assert 0 <= chances[0] <= chances[-1] <= 1


@few
@given(st.integers(1, 3000), st.integers(1, 400), st.floats(0.2, 0.99), st.integers(0, 2**32))
def test_nobody_is_done_before_the_room_for_all(
    locations: int, per_week: int, success: float, seed: int
) -> None:
    made = forecast(locations, per_week, success, seed=seed, parameters=FEW_RUNS)
    assert made.finish[0] >= min(-(-locations // per_week), HORIZON + 1)
    assert (made.attempts[made.finish <= HORIZON] >= locations).all()
    soonest = made.finish_by(1 / made.finish.size)
    assert soonest is None or made.chance_by(soonest) > 0
