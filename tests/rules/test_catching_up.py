"""Catching up: everything that was due is decided once, whatever the clock and the replicas do."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.catching_up import CATCH_UP, Due, Kept, Why, outstanding
from rules.occurrences import WEEK, Schedule, Version, Weekly

BUDGET = settings(max_examples=75, deadline=None)
BEGINS = datetime(2022, 1, 1, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
MONDAYS = Schedule((Version(BEGINS, Weekly(0, time(9), NEW_YORK)),))
NINE = datetime(2022, 1, 17, 14, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Diary:
    """What replicas keep of a schedule, by the key of each occurrence, as a table with that key would."""

    def __init__(self, schedule: Schedule = MONDAYS) -> None:
        self.schedule = schedule
        self.kept: dict[date, Kept] = {}
        self.announced: list[date] = []

    def look(self, now: datetime, seen: Iterable[Kept] | None = None) -> list[Due]:
        """A look at an instant; `seen` is what that replica had read, if others wrote since."""
        found = outstanding(self.schedule, [*(seen or self.kept.values())], now)
        return [each for each in found if self._keep(each, now)]

    def _keep(self, due: Due, now: datetime) -> bool:
        week, due_at = due.occurrence
        if week in self.kept and self.kept[week].holds(now):
            return False
        self.kept[week] = Kept(week, due_at, now, is_skipped=due.why is not None)
        if not due.why:
            self.announced.append(week)
        return True


def weeks_of(due: Iterable[Due]) -> list[tuple[int, Why | None]]:
    return [(each.occurrence.week.day, each.why) for each in due]


def test_what_is_due_is_announced_at_the_first_look_after_it_and_not_again() -> None:
    diary = Diary()
    assert weeks_of(diary.look(NINE - 1.5 * WEEK)) == [(3, Why.too_late)]
    assert weeks_of(diary.look(NINE - WEEK)) == [(10, None)]
    assert diary.look(NINE - timedelta(seconds=1)) == []
    assert weeks_of(diary.look(NINE + timedelta(seconds=14))) == [(17, None)]
    assert diary.look(NINE + timedelta(seconds=29)) == []


@pytest.mark.parametrize(
    ("late", "why"),
    [
        (CATCH_UP, None),
        (CATCH_UP + timedelta(seconds=1), Why.too_late),
        (6 * WEEK / 7, Why.too_late),
    ],
)
def test_after_an_outage_it_is_announced_within_the_window_and_skipped_beyond_it(
    late: timedelta, why: Why | None
) -> None:
    diary = Diary()
    diary.look(NINE - WEEK)
    assert weeks_of(diary.look(NINE + late)) == [(17, why)]


def test_of_several_that_were_missed_only_the_newest_is_announced() -> None:
    missed = outstanding(MONDAYS, [], NINE + HOUR, catch_up=3 * WEEK)
    assert weeks_of(missed) == [(3, Why.overtaken), (10, Why.overtaken), (17, None)]
    later = outstanding(MONDAYS, [], NINE + HOUR, catch_up=WEEK)
    assert weeks_of(later) == [(3, Why.too_late), (10, Why.too_late), (17, None)]


def test_what_was_due_during_an_outage_is_announced_though_it_was_edited_before_it_ended() -> None:
    edited = MONDAYS.edited(NINE + HOUR, Weekly(1, time(9), NEW_YORK))
    kept = [Kept(date(2022, 1, 10), NINE - WEEK, NINE - WEEK)]
    assert weeks_of(outstanding(edited, kept, NINE + 2 * HOUR)) == [(17, None)]


def test_a_clock_that_was_ahead_for_an_hour_announces_early_and_not_again() -> None:
    diary = Diary()
    diary.look(NINE - WEEK)
    assert weeks_of(diary.look(NINE)) == [(17, None)]
    set_back = NINE - HOUR
    assert diary.look(set_back) == diary.look(NINE) == diary.look(NINE + HOUR) == []
    assert weeks_of(diary.look(NINE + WEEK)) == [(24, None)]


def test_a_clock_that_was_ahead_for_a_month_takes_no_week_away() -> None:
    diary = Diary()
    diary.look(NINE - WEEK)
    ahead = weeks_of(diary.look(NINE + 4 * WEEK))
    assert ahead == [
        (17, Why.too_late),
        (24, Why.too_late),
        (31, Why.too_late),
        (7, Why.too_late),
        (14, None),
    ]

    looks = [diary.look(NINE + week * WEEK) for week in range(6)]
    assert [weeks_of(look) for look in looks] == [
        [(17, None)],
        [(24, None)],
        [(31, None)],
        [(7, None)],
        [],  # the week of the 14th was announced, though too early
        [(21, None)],
    ]


def test_a_week_that_was_announced_ahead_of_time_is_over_though_its_day_is_moved_since() -> None:
    announced = Kept(date(2022, 1, 17), NINE, NINE)
    set_back = NINE - HOUR
    edited = MONDAYS.edited(set_back, Weekly(2, time(9), NEW_YORK))
    assert outstanding(edited, [announced], NINE + 3 * DAY) == []
    assert weeks_of(outstanding(edited, [announced], NINE + WEEK + 2 * DAY)) == [(24, None)]


def test_nothing_is_due_before_a_schedule_begins_though_the_clock_is_set_back_to_then() -> None:
    assert outstanding(MONDAYS, [], BEGINS - 10 * WEEK) == []


def test_three_replicas_that_look_at_once_announce_once() -> None:
    diary = Diary()
    diary.look(NINE - WEEK)
    seen = tuple(diary.kept.values())
    said = [diary.look(NINE + timedelta(seconds=second), seen) for second in (3, 1, 2)]
    assert [len(look) for look in said] == [1, 0, 0]


weeklies = st.builds(
    Weekly,
    st.integers(0, 6),
    st.integers(0, 23).map(time),
    st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut"]).map(
        ZoneInfo
    ),
)


@BUDGET
@given(weeklies, st.lists(st.integers(1, 24 * 16), max_size=40))
def test_whatever_the_gaps_between_looks_each_week_is_decided_once_and_in_order(
    weekly: Weekly, gaps: list[int]
) -> None:
    diary, now = Diary(Schedule((Version(BEGINS, weekly),))), BEGINS
    for gap in gaps:
        now += gap * HOUR
        diary.look(now)

    due = diary.schedule.between(BEGINS, now)
    assert list(diary.kept) == [each.week for each in due]
    for each in due:
        kept = diary.kept[each.week]
        is_late = kept.decided_at - each.due_at > CATCH_UP
        assert kept.is_skipped == is_late
        assert kept.decided_at >= each.due_at


@BUDGET
@given(weeklies, st.lists(st.integers(-24 * 30, 24 * 30), max_size=40))
def test_however_the_clock_jumps_no_week_is_announced_twice_and_none_is_lost(
    weekly: Weekly, jumps: list[int]
) -> None:
    diary, now = Diary(Schedule((Version(BEGINS, weekly),))), BEGINS
    for jump in jumps:
        now += jump * HOUR
        diary.look(now)
    assert len(set(diary.announced)) == len(diary.announced)

    # From then on the clock runs as it should: whatever was not announced while it jumped is, on time.
    begun = now
    for day in range(60 * 24 // 6):
        diary.look(begun + day * 6 * HOUR)
    for each in diary.schedule.between(begun, begun + 59 * 24 * HOUR):
        assert not diary.kept[each.week].is_skipped
    assert len(set(diary.announced)) == len(diary.announced)
    last = begun + 59 * 24 * HOUR
    decided = [week for week in sorted(diary.kept) if diary.kept[week].due_at <= last]
    assert all(later - week == WEEK for week, later in pairwise(decided))
