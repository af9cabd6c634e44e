"""What is announced as it happens: when a wave is near, and which schedule speaks in a channel."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.happenings import Near, near, one_for_each
from rules.hours import at
from tests.world import FIRST_MONDAY

BUDGET = settings(max_examples=60, deadline=None)
NINE = time(9)
AUCKLAND = ZoneInfo("Pacific/Auckland")
zones = st.sampled_from(["UTC", "Pacific/Auckland", "America/New_York", "Asia/Kolkata"])
schedules = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=8)


@pytest.mark.parametrize(
    ("there", "how"),
    [
        ("2022-01-16T08:59", None),
        ("2022-01-16T09:00", Near.eve),
        ("2022-01-16T23:59", Near.eve),
        ("2022-01-17T00:00", Near.due),
        ("2022-01-23T23:59", Near.due),
        ("2022-01-24T00:00", None),
    ],
)
def test_a_wave_is_near_on_its_eve_and_due_in_its_week(there: str, how: Near | None) -> None:
    now = datetime.fromisoformat(there).replace(tzinfo=AUCKLAND)
    assert near(FIRST_MONDAY, NINE, AUCKLAND, now) is how


@BUDGET
@given(zones, st.times(), st.integers(-10 * 24 * 4, 10 * 24 * 4))
def test_a_wave_is_never_due_before_its_eve(name: str, hour: time, quarters: int) -> None:
    zone = ZoneInfo(name)
    now = datetime(2022, 1, 17, tzinfo=UTC) + timedelta(minutes=15 * quarters)
    how, monday = near(FIRST_MONDAY, hour, zone, now), at(FIRST_MONDAY, time(), zone)
    assert how is not Near.eve or now < monday
    assert how is not Near.due or now >= monday


@BUDGET
@given(schedules)
def test_one_schedule_speaks_in_each_channel_and_none_that_reaches_more_is_passed_over(
    given_ones: list[tuple[str, int]],
) -> None:
    found = one_for_each(given_ones, lambda each: each[0], lambda each: each[1])
    assert set(found) == {channel for channel, reach in given_ones if reach}
    for channel, chosen in found.items():
        assert chosen[1] == max(reach for name, reach in given_ones if name == channel)
