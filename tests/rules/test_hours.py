"""When people are told: on their own clock, never in quiet hours, through every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.following import Pace
from rules.hours import USUAL, Habits, at, coming_wave, due, quiet_end

BUDGET = settings(max_examples=150, deadline=None)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
zones = st.sampled_from(
    [
        *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
        *("Pacific/Apia", "Asia/Beirut", "America/St_Johns", "Africa/Casablanca"),
    ]
).map(ZoneInfo)
instants = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(
    lambda instant: instant.replace(microsecond=0)
)
hours = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))
habits = st.builds(Habits, hours, hours, hours)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 1, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        (berlin(17, 12), berlin(17, 12)),
        (berlin(17, 19), berlin(18, 8)),
        (berlin(17, 23, 30), berlin(18, 8)),
        (berlin(18, 7, 59), berlin(18, 8)),
        (berlin(18, 8), berlin(18, 8)),
    ],
)
def test_what_is_followed_at_once_waits_for_the_end_of_quiet_hours(
    happened: datetime, told: datetime
) -> None:
    assert due(happened, Pace.instant, USUAL, BERLIN) == told


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        (berlin(17, 8, 59), berlin(17, 9)),
        (berlin(17, 9), berlin(17, 9)),
        (berlin(17, 9, 1), berlin(18, 9)),
        (berlin(17, 23), berlin(18, 9)),
    ],
)
def test_a_digest_comes_at_nine_where_its_reader_lives(happened: datetime, told: datetime) -> None:
    assert due(happened, Pace.daily, USUAL, BERLIN) == told


def test_a_digest_in_quiet_hours_waits_for_their_end() -> None:
    early = Habits(digest_at=time(6))
    assert early.digest_is_quiet
    assert due(berlin(17, 5), Pace.daily, early, BERLIN) == berlin(17, 8)


def test_a_time_that_the_clock_skips_is_the_first_after_it() -> None:
    skipped = at(date(2022, 3, 13), time(2, 30), NEW_YORK)
    assert skipped.astimezone(NEW_YORK).time() == time(3)
    assert skipped == datetime(2022, 3, 13, 7, tzinfo=UTC)


def test_a_day_that_was_skipped_whole_begins_with_the_next() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert at(date(2011, 12, 30), time(9), apia).astimezone(apia).date() == date(2011, 12, 31)


def test_a_time_that_comes_twice_counts_once() -> None:
    twice = Habits(time(1, 30), time(0), time(0))
    first = datetime(2022, 11, 6, 5, 30, tzinfo=UTC)
    assert due(first - timedelta(minutes=1), Pace.daily, twice, NEW_YORK) == first
    after = due(first + timedelta(minutes=1), Pace.daily, twice, NEW_YORK)
    assert after == datetime(2022, 11, 7, 6, 30, tzinfo=UTC)


@BUDGET
@given(instants, st.sampled_from([Pace.instant, Pace.daily]), habits, zones)
def test_nothing_is_told_before_it_happened_or_in_quiet_hours(
    happened: datetime, pace: Pace, habits: Habits, zone: ZoneInfo
) -> None:
    told = due(happened, pace, habits, zone)

    assert happened <= told <= happened + timedelta(days=4)
    assert quiet_end(told, habits, zone) is None


@BUDGET
@given(instants, habits, zones)
def test_a_digest_that_is_not_quiet_comes_at_its_hour_or_just_after_a_gap(
    happened: datetime, habits: Habits, zone: ZoneInfo
) -> None:
    told = due(happened, Pace.daily, Habits(habits.digest_at, time(0), time(0)), zone)

    here = told.astimezone(zone)
    assert told == at(here.date(), here.time().replace(tzinfo=None), zone) or here.fold
    just_before = (told - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    skipped = here.replace(tzinfo=None) - just_before > timedelta(seconds=1)
    assert here.time() == habits.digest_at or skipped


@BUDGET
@given(instants, st.timedeltas(timedelta(0), timedelta(hours=30)), habits, zones)
def test_what_happens_later_is_not_told_earlier(
    happened: datetime, later: timedelta, habits: Habits, zone: ZoneInfo
) -> None:
    first = due(happened, Pace.daily, habits, zone)
    assert first <= due(happened + later, Pace.daily, habits, zone)


@BUDGET
@given(st.dates(date(2011, 1, 1), date(2030, 1, 1)), hours, zones)
def test_a_time_of_day_is_never_before_what_the_wall_shows(
    day: date, hour: time, zone: ZoneInfo
) -> None:
    instant = at(day, hour, zone)
    wall = datetime.combine(day, hour)
    assert instant.astimezone(zone).replace(tzinfo=None) >= wall
    before = (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    assert before < wall


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2022, 1, 16, 19, 59, tzinfo=UTC), None),
        (datetime(2022, 1, 16, 20, tzinfo=UTC), date(2022, 1, 24)),
        (datetime(2022, 1, 21, 19, 59, tzinfo=UTC), date(2022, 1, 24)),
        (datetime(2022, 1, 21, 20, tzinfo=UTC), None),
        (datetime(2022, 1, 23, 20, tzinfo=UTC), date(2022, 1, 31)),
    ],
)
def test_a_wave_is_news_in_the_working_week_before_it(now: datetime, monday: date | None) -> None:
    coming = coming_wave(now)
    assert (coming[0] if coming else None) == monday
