"""Occurrences of a weekly schedule: each week once, at the wall's own time, in every zone there is."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.occurrences import DAY, WEEK, ImpossibleSchedule, Schedule, Version, Weekly

BUDGET = settings(max_examples=75, deadline=None)
QUARTER, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
EVERYWHERE = [ZoneInfo(name) for name in sorted(available_timezones())]
MONDAY_AT_NINE = Weekly(0, time(9), BERLIN)
SUNDAY = 6

zones = st.sampled_from(EVERYWHERE)
years = st.integers(1990, 2040)
quarters = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
weeklies = st.builds(Weekly, st.integers(0, 6), quarters, zones)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def mondays(year: int) -> list[date]:
    """The Mondays of the weeks that an ISO year has: 52 or 53."""
    first = date.fromisocalendar(year, 1, 1)
    return [
        first + WEEK * week for week in range(53) if (first + WEEK * week + 3 * DAY).year == year
    ]


def wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def looked_up(weekly: Weekly, monday: date) -> datetime:
    """When that clock first shows the time or a later one, found by looking at it again and again.

    Only from UTC to the wall, where nothing is skipped and nothing comes twice.
    """
    shows = datetime.combine(monday + weekly.weekday * DAY, weekly.hour)
    look = shows.replace(tzinfo=UTC) - timedelta(hours=15)
    while wall(look, weekly.zone) < shows:
        look += QUARTER
    while wall(look - MINUTE, weekly.zone) >= shows:  # some clocks change at a minute past midnight
        look -= MINUTE
    return look


def schedule(*versions: tuple[datetime, Weekly | None]) -> Schedule:
    return Schedule(tuple(Version(since, weekly) for since, weekly in versions))


def test_monday_at_nine_is_at_nine_there_in_summer_and_in_winter() -> None:
    said = schedule((utc(2022, 3, 14), MONDAY_AT_NINE))
    assert said.between(utc(2022, 3, 14), utc(2022, 4, 1)) == [
        (date(2022, 3, 14), utc(2022, 3, 14, 8)),
        (date(2022, 3, 21), utc(2022, 3, 21, 8)),
        (date(2022, 3, 28), utc(2022, 3, 28, 7)),
    ]


@pytest.mark.parametrize(
    ("weekly", "monday", "due"),
    [
        (Weekly(SUNDAY, time(2, 30), NEW_YORK), date(2022, 3, 7), utc(2022, 3, 13, 7)),
        (Weekly(SUNDAY, time(1, 30), NEW_YORK), date(2022, 10, 31), utc(2022, 11, 6, 5, 30)),
        (
            Weekly(SUNDAY, time(0, 15), ZoneInfo("Asia/Beirut")),
            date(2022, 3, 21),
            utc(2022, 3, 26, 22),
        ),
        (
            Weekly(SUNDAY, time(1, 45), ZoneInfo("Australia/Lord_Howe")),
            date(2022, 3, 28),
            utc(2022, 4, 2, 14, 45),
        ),
    ],
)
def test_a_time_that_is_skipped_is_the_first_after_it_and_one_that_comes_twice_the_first(
    weekly: Weekly, monday: date, due: datetime
) -> None:
    assert weekly.of_week(monday) == (monday, due)


def test_a_day_that_a_zone_skipped_is_announced_when_the_next_begins_and_belongs_to_its_week() -> (
    None
):
    friday = Weekly(4, time(9), ZoneInfo("Pacific/Apia"))  # there was no 30 December 2011
    assert friday.of_week(date(2011, 12, 26)).due_at == utc(2011, 12, 30, 10)

    saturday = Weekly(5, time(9), ZoneInfo("Pacific/Kwajalein"))  # nor a 21 August 1993 there
    said = schedule((utc(1993, 8, 1), saturday)).between(utc(1993, 8, 20), utc(1993, 9, 1))
    assert [each.week for each in said] == [date(1993, 8, 16), date(1993, 8, 23)]
    assert said[0].due_at.astimezone(saturday.zone).weekday() == SUNDAY


def test_what_was_meant_for_a_sunday_and_is_due_on_monday_is_not_lost_between_two_looks() -> None:
    late = Weekly(SUNDAY, time(23, 30), ZoneInfo("Africa/Algiers"))  # 23:00 became 00:00 that day
    due = (date(1971, 4, 19), utc(1971, 4, 25, 23))
    said = schedule((utc(1971, 4, 1), late))
    assert said.between(due[1] - MINUTE, due[1] + MINUTE) == [due]
    assert said.between(due[1], due[1] + DAY) == []


def test_leap_days_and_long_years_are_days_and_weeks_like_others() -> None:
    thursday = Weekly(3, time(9), BERLIN)
    assert thursday.of_week(date(2024, 2, 26)).due_at == utc(2024, 2, 29, 8)

    said = schedule((utc(2020, 12, 1), Weekly(4, time(9), BERLIN)))
    weeks = [each.iso_week for each in said.between(utc(2020, 12, 20), utc(2021, 1, 10))]
    assert weeks == ["2020-W52", "2020-W53", "2021-W01"]
    assert said.between(utc(2020, 12, 28), utc(2021, 1, 2))[0].due_at == utc(2021, 1, 1, 8)


def test_what_is_due_just_then_is_due_and_is_not_due_again_after_it() -> None:
    said, nine = schedule((utc(2022, 1, 1), MONDAY_AT_NINE)), utc(2022, 1, 17, 8)
    assert [each.due_at for each in said.between(nine - WEEK, nine)] == [nine]
    assert said.between(nine, nine + WEEK - MINUTE) == []
    assert said.between(nine, nine - DAY) == []


@pytest.mark.parametrize("year", [2011, 2026])
def test_it_is_due_when_the_clock_of_any_zone_shows_it_all_year(year: int) -> None:
    for zone in EVERYWHERE:
        weekly = Weekly(SUNDAY, time(2, 30), zone)
        for monday in mondays(year):
            shows = datetime.combine(monday + 6 * DAY, weekly.hour, UTC)
            before, after = ((shows + away).astimezone(zone).utcoffset() for away in (-DAY, DAY))
            if before and before == after:  # nothing changes on that day
                assert weekly.of_week(monday).due_at == shows - before
            else:
                assert weekly.of_week(monday).due_at == looked_up(weekly, monday), zone


@BUDGET
@given(weeklies, years)
def test_it_is_due_when_that_clock_first_shows_the_time_or_a_later_one(
    weekly: Weekly, year: int
) -> None:
    weeks = mondays(year)
    said = schedule((utc(year - 1, 12, 1), weekly))
    due = [(week, looked_up(weekly, week)) for week in weeks]
    assert said.between(due[0][1] - MINUTE, due[-1][1]) == due


@BUDGET
@given(weeklies, years)
def test_in_weeks_in_which_no_clock_changes_it_is_what_cron_says(weekly: Weekly, year: int) -> None:
    """Cron is no oracle for the others.

    It says a time that comes twice twice, is late for one that is skipped, and where midnight is
    skipped, or a whole day, it may lose the week.
    """
    cron = CronTrigger(
        day_of_week=weekly.weekday,
        hour=weekly.hour.hour,
        minute=weekly.hour.minute,
        second=0,
        timezone=weekly.zone,
    )
    compared = 0
    for monday in mondays(year):
        begins = datetime.combine(monday, time(), weekly.zone)
        days = (begins + timedelta(hours=12 * half) for half in range(-4, 19))
        if len({day.utcoffset() for day in days}) == 1:
            assert weekly.of_week(monday).due_at == cron.get_next_fire_time(None, begins)
            compared += 1
    assert compared > 26


@BUDGET
@given(weeklies, st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_however_time_is_cut_into_looks_each_week_is_due_in_one_of_them(
    weekly: Weekly, begins: datetime
) -> None:
    said = schedule((begins, weekly))
    ends = begins + 60 * DAY
    looks = [begins + timedelta(hours=31) * look for look in range(46)] + [ends]
    in_one = said.between(begins, ends)
    assert [each for look in pairwise(looks) for each in said.between(*look)] == in_one
    assert all(later.week - week.week == WEEK for week, later in pairwise(in_one))
    assert len(in_one) in {8, 9}


class TestAnEdit:
    edited_on = utc(2022, 1, 18, 12)  # a Tuesday

    def edited(self, weekly: Weekly | None) -> list[datetime]:
        said = schedule((utc(2022, 1, 1), MONDAY_AT_NINE)).edited(self.edited_on, weekly)
        return [each.due_at for each in said.between(utc(2022, 1, 9), utc(2022, 2, 1))]

    def test_to_a_later_day_counts_from_the_next_week_because_this_one_was_announced(self) -> None:
        friday = Weekly(4, time(9), BERLIN)
        said = [(10, 8), (17, 8), (28, 8)]
        assert self.edited(friday) == [utc(2022, 1, *when) for when in said]

    def test_to_an_earlier_hour_of_a_day_that_has_passed_counts_from_the_next(self) -> None:
        eight = Weekly(0, time(8), BERLIN)
        said = [(10, 8), (17, 8), (24, 7), (31, 7)]
        assert self.edited(eight) == [utc(2022, 1, *when) for when in said]

    def test_leaves_what_was_due_before_it_and_is_not_announced_yet_as_it_was(self) -> None:
        said = schedule((utc(2022, 1, 1), MONDAY_AT_NINE)).edited(
            self.edited_on, Weekly(0, time(11), BERLIN)
        )
        assert [each.due_at for each in said.between(utc(2022, 1, 17), utc(2022, 1, 19))] == [
            utc(2022, 1, 17, 8)
        ]

    def test_before_the_day_counts_in_the_same_week(self) -> None:
        said = schedule((utc(2022, 1, 1), Weekly(4, time(9), BERLIN)))
        sooner = said.edited(self.edited_on, Weekly(2, time(9), BERLIN))
        assert [each.due_at for each in sooner.coming(self.edited_on, 2)] == [
            utc(2022, 1, 19, 8),
            utc(2022, 1, 26, 8),
        ]

    def test_to_a_day_that_has_passed_leaves_the_rest_of_the_week_without_one(self) -> None:
        said = schedule((utc(2022, 1, 1), Weekly(4, time(9), BERLIN)))
        monday = said.edited(self.edited_on, MONDAY_AT_NINE)
        assert [each.due_at for each in monday.between(utc(2022, 1, 8), utc(2022, 1, 25))] == [
            utc(2022, 1, 14, 8),
            utc(2022, 1, 24, 8),
        ]

    def test_just_when_it_is_due_comes_too_late_for_it(self) -> None:
        nine = utc(2022, 1, 17, 8)
        said = schedule((utc(2022, 1, 1), MONDAY_AT_NINE)).edited(nine, None)
        assert [each.due_at for each in said.between(nine - DAY, nine + 5 * WEEK)] == [nine]

    def test_that_pauses_ends_it_and_what_was_due_meanwhile_is_not_missed(self) -> None:
        paused = schedule((utc(2022, 1, 1), MONDAY_AT_NINE)).edited(self.edited_on, None)
        assert paused.coming(self.edited_on, 3) == []

        goes_on = paused.edited(utc(2022, 2, 8), MONDAY_AT_NINE)
        due = [each.due_at.day for each in goes_on.between(utc(2022, 1, 9), utc(2022, 2, 15))]
        assert due == [10, 17, 14]

    def test_to_another_zone_says_no_week_after_a_later_one(self) -> None:
        first_of_all = Weekly(0, time(0, 30), ZoneInfo("Pacific/Kiritimati"))
        last_of_all = Weekly(SUNDAY, time(23, 30), ZoneInfo("Pacific/Pago_Pago"))
        said = schedule((utc(2022, 1, 1), first_of_all)).edited(utc(2022, 1, 17), last_of_all)
        weeks = [each.week.day for each in said.between(utc(2022, 1, 9), utc(2022, 1, 25))]
        assert weeks == [10, 17]

    def test_after_the_clock_was_set_back_forgets_what_was_said_in_a_time_to_come(self) -> None:
        said = schedule((utc(2022, 1, 1), MONDAY_AT_NINE), (utc(2022, 6, 1), None))
        noon = Weekly(0, time(12), BERLIN)
        assert said.edited(self.edited_on, noon) == schedule(
            (utc(2022, 1, 1), MONDAY_AT_NINE), (self.edited_on, noon)
        )
        assert said.edited(utc(2021, 5, 1), noon) == schedule((utc(2021, 5, 1), noon))

    def test_just_after_another_at_the_same_time_takes_its_place(self) -> None:
        begins = schedule((utc(2022, 1, 1), MONDAY_AT_NINE))
        edited = begins.edited(self.edited_on, None).edited(self.edited_on, MONDAY_AT_NINE)
        assert edited == begins.edited(self.edited_on, MONDAY_AT_NINE)


@BUDGET
@given(st.data())
def test_whatever_is_edited_each_week_is_due_at_most_once_and_in_order(data: st.DataObject) -> None:
    said = schedule((utc(2022, 2, 1), data.draw(weeklies)))
    for _ in range(data.draw(st.integers(1, 6))):
        hours = data.draw(st.integers(0, 24 * 20))
        edited_at = said.versions[-1].since + timedelta(hours=hours)
        said = said.edited(edited_at, data.draw(st.none() | weeklies))
    ends = said.versions[-1].since + 10 * WEEK
    due = said.between(said.begins, ends)

    assert all(week.week < later.week for week, later in pairwise(due))
    assert all(week.due_at < later.due_at for week, later in pairwise(due))
    cut = said.begins + data.draw(st.integers(0, 100)) / 100 * (ends - said.begins)
    assert [*said.between(said.begins, cut), *said.between(cut, ends)] == due


@BUDGET
@given(weeklies, weeklies, st.integers(1, 24 * 40))
def test_an_edit_changes_nothing_that_was_due_before_it(
    first: Weekly, second: Weekly, hours: int
) -> None:
    said = schedule((utc(2022, 2, 1), first))
    edited_at = said.begins + timedelta(hours=hours)
    edited = said.edited(edited_at, second)

    assert edited.between(said.begins, edited_at) == said.between(said.begins, edited_at)
    weeks = {each.week for each in said.between(said.begins, edited_at)}
    due = edited.between(edited_at, edited_at + 4 * WEEK)
    assert all(each == second.of_week(each.week) and each.week not in weeks for each in due)
    assert len(due) >= 2


def test_a_schedule_that_cannot_be_is_refused() -> None:
    with pytest.raises(ImpossibleSchedule, match="from Monday"):
        Weekly(7, time(9), BERLIN)
    with pytest.raises(ImpossibleSchedule, match="begins with"):
        Schedule(())
    with pytest.raises(ImpossibleSchedule, match="from the oldest"):
        schedule((utc(2022, 1, 2), None), (utc(2022, 1, 1), None))
