"""Which weeks a look compares, and what is known of them."""

from datetime import date, timedelta

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from rules.looks import Period, Weeks, compared, look_day

MONDAY, WEDNESDAY = date(2022, 1, 17), date(2022, 1, 19)


def test_there_is_a_look_every_seven_days() -> None:
    days = [look_day(WEDNESDAY, look) - WEDNESDAY for look in (1, 2, 3, 4)]
    assert [each.days for each in days] == [7, 14, 21, 28]


def test_who_moved_on_a_monday_is_looked_at_after_a_whole_week() -> None:
    weeks = compared(MONDAY, look=1)
    assert weeks.before == Weeks(date(2021, 12, 20), MONDAY)
    assert weeks.after == Weeks(MONDAY, date(2022, 1, 24))
    assert (weeks.before.count, weeks.after.count) == (4, 1)


def test_a_week_of_both_systems_counts_for_neither() -> None:
    assert compared(WEDNESDAY, look=1).after.count == 0
    second = compared(WEDNESDAY, look=2)
    assert second.before.until == MONDAY
    assert second.after == Weeks(date(2022, 1, 24), date(2022, 1, 31))


def test_what_was_mended_is_compared_with_the_weeks_before_its_move() -> None:
    mended = compared(WEDNESDAY, look=1, mended_on=date(2022, 2, 2))
    assert mended.before == compared(WEDNESDAY, look=1).before
    assert mended.after == Weeks(date(2022, 2, 7), date(2022, 2, 7))
    on_monday = compared(WEDNESDAY, look=2, mended_on=date(2022, 2, 7))
    assert on_monday.after == Weeks(date(2022, 2, 7), date(2022, 2, 21))


@given(st.dates(date(2021, 1, 1), date(2023, 1, 1)), st.integers(1, 4))
def test_looks_take_whole_weeks_that_are_over_and_the_later_the_more(
    migrated_on: date, look: int
) -> None:
    now, then = compared(migrated_on, look), compared(migrated_on, look + 1)
    assert now.before == then.before
    assert then.after.count == now.after.count + 1
    assert now.before.until <= migrated_on <= now.after.first
    assert now.after.until <= max(migrated_on + timedelta(days=7 * look), now.after.first)
    for day in (now.before.first, now.before.until, now.after.first, now.after.until):
        assert day.weekday() == 0


def test_what_is_not_known_of_a_period_is_not_0() -> None:
    sums = pl.DataFrame(
        {
            "after_orders": [9, 30, None],
            "after_missed": [0, 3, None],
            "after_weeks": [1, 2, None],
        }
    )
    told = Period.of(sums, "after")
    np.testing.assert_array_equal(told.orders, [9, 30, np.nan])
    np.testing.assert_array_equal(told.missed, [0, 3, np.nan])
    np.testing.assert_array_equal(told.weeks, [1, 2, 0])
    np.testing.assert_array_equal(told.weekly, [9, 15, np.nan])
