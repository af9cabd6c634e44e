from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import (
    Blackout,
    closed_to_all_of,
    closed_weeks,
    first_week_from,
    monday_of,
    start_of_week,
    week_of,
    week_zero,
)

MLK = date(2022, 1, 17)
REGIONS = ["us", "eu"]


def closed(*blackouts: Blackout, blackout_days: int = 2) -> list[list[bool]]:
    found: list[list[bool]] = closed_weeks(
        blackouts, REGIONS, MLK, weeks=3, blackout_days=blackout_days
    ).tolist()
    return found


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (date(2022, 1, 15), MLK),
        (date(2022, 1, 16), MLK),
        (date(2022, 1, 17), MLK),
        (date(2022, 1, 18), date(2022, 1, 24)),
    ],
)
def test_week_zero_is_the_monday_on_or_after_today(today: date, monday: date) -> None:
    assert week_zero(today) == monday


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_week_starts_on_the_monday_that_no_day_of_it_precedes(day: date) -> None:
    monday = start_of_week(day)
    assert monday.weekday() == 0
    assert monday <= day < monday + timedelta(days=7)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_every_day_of_a_week_belongs_to_its_monday(today: date, week: int) -> None:
    first_monday = week_zero(today)
    monday = monday_of(week, first_monday)
    assert monday.weekday() == 0
    days = {week_of(monday + timedelta(days=day), first_monday) for day in range(7)}
    assert days == {week}


def test_what_is_released_on_a_wednesday_can_be_used_from_the_next_week() -> None:
    assert first_week_from(date(2022, 1, 26), MLK) == 2
    assert first_week_from(date(2022, 1, 24), MLK) == 1
    assert first_week_from(date(2021, 6, 1), MLK) == 0


def test_the_holiday_alone_does_not_close_week_zero() -> None:
    assert closed(Blackout("us", MLK, MLK, "Martin Luther King Jr. Day")) == [[False] * 3] * 2


def test_two_of_the_first_four_days_close_a_week_for_the_region() -> None:
    holiday = Blackout("us", MLK, date(2022, 1, 18))
    assert closed(holiday) == [[True, False, False], [False, False, False]]


def test_blackouts_of_different_days_add_up() -> None:
    holiday, stocktaking = Blackout("us", MLK, MLK), Blackout("*", MLK, date(2022, 1, 18))
    assert closed(holiday, Blackout("us", date(2022, 1, 19), date(2022, 1, 19)))[0][0]
    assert not closed(holiday, Blackout("us", MLK, MLK))[0][0]
    assert closed(holiday, stocktaking)[1][0]


def test_friday_and_the_weekend_do_not_close_a_week() -> None:
    assert closed(Blackout("us", date(2022, 1, 21), date(2022, 1, 24)))[0] == [False] * 3


def test_a_blackout_everywhere_closes_every_region() -> None:
    everywhere = Blackout("*", date(2021, 12, 20), date(2023, 1, 1))
    assert closed(everywhere) == [[True] * 3] * 2


def test_one_day_closes_a_week_when_the_setting_says_so() -> None:
    assert closed(Blackout("us", MLK, MLK), blackout_days=1)[0] == [True, False, False]


def test_a_blackout_that_is_over_or_beyond_the_horizon_closes_nothing() -> None:
    past = Blackout("*", date(2021, 1, 1), date(2022, 1, 16))
    later = Blackout("*", date(2022, 2, 7), date(2022, 3, 1))
    assert closed(past, later) == [[False] * 3] * 2


def test_any_region_of_a_customer_closes_its_weeks() -> None:
    by_region = np.array([[True, False, False], [False, True, False]])
    both, eu = frozenset({0, 1}), frozenset({1})
    row, combined = closed_to_all_of(by_region, [both, eu, both])
    assert combined[row].tolist() == [
        [True, True, False],
        [False, True, False],
        [True, True, False],
    ]
    assert len(combined) == 2


def test_customers_without_a_region_are_never_closed() -> None:
    row, combined = closed_to_all_of(np.ones((1, 2), dtype=np.bool_), [frozenset()])
    assert combined[row].tolist() == [[False, False]]


def test_no_customers_need_no_rows() -> None:
    row, combined = closed_to_all_of(np.ones((2, 5), dtype=np.bool_), [])
    assert (row.shape, combined.shape) == ((0,), (0, 5))
