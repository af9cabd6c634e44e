"""Whether a location has migrated: its wave tells, and the calendar only where there was none."""

from datetime import date, timedelta

import pytest

from rules.location_life import State
from rules.migrated import BACK, has_migrated

WEEK = date(2022, 1, 10)
SUNDAY, MONDAY = WEEK + timedelta(days=6), WEEK + timedelta(weeks=1)


@pytest.mark.parametrize("state", [each for each in State if each is not BACK])
@pytest.mark.parametrize("today", [WEEK, SUNDAY, MONDAY])
def test_in_a_wave_its_state_tells_whatever_the_calendar_says(state: State, today: date) -> None:
    assert has_migrated(WEEK, state, today, was_started=True) is state.is_on_new_system


@pytest.mark.parametrize(
    ("week", "today", "has"),
    [(WEEK, SUNDAY, False), (WEEK, MONDAY, True), (None, MONDAY, False)],
)
def test_of_a_wave_that_was_never_started_the_calendar_tells(
    week: date | None, today: date, *, has: bool
) -> None:
    assert has_migrated(week, None, today) is has


def test_whom_a_wave_went_without_has_not_migrated() -> None:
    assert not has_migrated(WEEK, None, MONDAY, was_started=True)


def test_who_came_back_into_the_plan_goes_by_the_new_week() -> None:
    new_week = MONDAY
    assert not has_migrated(new_week, BACK, MONDAY)
    assert has_migrated(new_week, BACK, MONDAY + timedelta(weeks=1))
