"""Whether forecasts held: what was sure of each past wave before it began, and what became true."""

from datetime import date, timedelta

import numpy as np
import pytest

from rules.location_life import State
from rules.parameters import Parameters
from rules.progress import Progress, Wave
from rules.track_record import track_record
from rules.went import Went

FIRST = date(2021, 12, 6)
WEEK = timedelta(weeks=1)
TODAY = date(2022, 1, 15)


def past(*waves: tuple[int, int]) -> Progress:
    """Waves a week apart, each with so many that migrated and so many that failed."""
    made = (
        Wave(
            FIRST + WEEK * at,
            migrated,
            "checking",
            Went({State.migrated: migrated, State.failed: failed}, failures=failed),
        )
        for at, (migrated, failed) in enumerate(waves)
    )
    return Progress(1_000, tuple(made), ())


def test_without_a_past_there_is_nothing_to_hold() -> None:
    assert track_record(past(), TODAY, Parameters()).waves == ()


def test_a_wave_that_is_not_over_and_one_that_nobody_told_of_say_nothing() -> None:
    going_on = Wave(date(2022, 1, 10), 5, "running", Went({State.migrated: 5}))
    by_calendar = Wave(FIRST, 5, "closed")
    record = track_record(Progress(10, (by_calendar, going_on), ()), TODAY, Parameters())
    assert record.waves == ()


def test_what_a_wave_told_is_known_before_the_next_and_never_before_itself() -> None:
    first, second = track_record(past((20, 80), (20, 80)), TODAY, Parameters()).waves
    assert (first.has_held, second.has_held) == (False, True)
    assert first.sure > second.sure


@pytest.mark.parametrize("success", [0.0, 1.0])
def test_where_chance_plays_no_part_all_or_none_were_sure(success: float) -> None:
    parameters = Parameters.model_validate({"forecast": {"success": success}})
    (only,) = track_record(past((9, 1)), TODAY, parameters).waves
    assert only.sure == round(10 * success)


def test_in_a_world_that_is_as_assumed_it_holds_in_about_eight_of_ten_waves() -> None:
    parameters = Parameters.model_validate({"forecast": {"success": 0.8, "certainty": 20.0}})
    chance = np.random.default_rng(7)
    waves = 400
    migrated = chance.binomial(100, chance.beta(16, 4, waves))
    held = [
        track_record(past((int(each), 100 - int(each))), TODAY, parameters).held
        for each in migrated
    ]
    assert 0.74 * waves < sum(held) < 0.88 * waves
