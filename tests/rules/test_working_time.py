"""Clocks of escalations: working days of a team, an hour on the wall, and stops that add exactly."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.working_time import (
    Clock,
    Clocks,
    Counting,
    ImpossibleHours,
    Span,
    WallTime,
    WorkingHours,
    clock,
)

BUDGET = settings(max_examples=75, deadline=None)
HOUR, NOTHING = timedelta(hours=1), timedelta()
BERLIN = ZoneInfo("Europe/Berlin")
TEAM = WorkingHours(BERLIN)
zones = st.sampled_from(
    [
        *("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"),
        *("Asia/Beirut", "America/St_Johns", "America/Havana"),
    ]
).map(ZoneInfo)
instants = st.datetimes(datetime(2011, 11, 1), datetime(2023, 1, 1), timezones=st.just(UTC)).map(
    lambda instant: instant.replace(microsecond=0)
)
lengths = st.integers(0, 30 * 60).map(lambda minutes: timedelta(minutes=minutes))
quarters = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


@st.composite
def teams(draw: st.DrawFn) -> WorkingHours:
    """Any team: by day, by night until midnight, a day a week, with holidays."""
    opens, closes = draw(quarters), draw(st.sampled_from([time(0), time(17), time(23, 30)]))
    assume(closes == time(0) or opens < closes)
    weekdays = draw(st.frozensets(st.integers(0, 6), min_size=1))
    first = date(2011, 11, 1)
    days = st.integers(0, 4100).map(lambda ahead: first + timedelta(days=ahead))
    return WorkingHours(draw(zones), opens, closes, weekdays, draw(st.frozensets(days, max_size=9)))


countings = st.one_of(st.just(WallTime()), teams())


@st.composite
def stops(draw: st.DrawFn, *, after: datetime) -> tuple[Span, ...]:
    """Closed stops, apart from each other, none before an instant."""
    spans = []
    at = after
    for _ in range(draw(st.integers(0, 3))):
        begins = at + draw(lengths)
        at = begins + draw(lengths)
        spans.append(Span(begins, at))
    return tuple(spans)


def berlin(day: int, hour: int, minute: int = 0, *, month: int = 1) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("sent", "half", "end"),
    [
        (berlin(17, 9), berlin(17, 17), berlin(18, 17)),
        (berlin(17, 14), berlin(18, 14), berlin(19, 14)),
        (berlin(15, 12), berlin(17, 17), berlin(18, 17)),  # on a Saturday
        (berlin(17, 20), berlin(18, 17), berlin(19, 17)),
        (berlin(20, 16), berlin(21, 16), berlin(24, 16)),  # over a weekend
    ],
)
def test_two_working_days_are_those_of_the_triage_team(
    sent: datetime, half: datetime, end: datetime
) -> None:
    normal = clock(sent, TEAM, is_urgent=False)
    assert (normal.half, normal.end) == (half, end)


def test_a_holiday_is_no_working_day() -> None:
    team = replace(TEAM, holidays=frozenset({date(2022, 1, 18)}))
    assert clock(berlin(17, 14), team, is_urgent=False).end == berlin(20, 14)


def test_an_urgent_hour_is_an_hour_at_any_time() -> None:
    sent = datetime(2022, 3, 27, 1, 30, tzinfo=BERLIN)  # half an hour before summer time
    urgent = clock(sent, TEAM, is_urgent=True)
    assert urgent.half == sent.astimezone(UTC) + HOUR / 2
    assert urgent.end == datetime(2022, 3, 27, 3, 30, tzinfo=BERLIN)


def test_a_team_may_choose_how_long_it_takes() -> None:
    chosen = Clocks(urgent_hours=4, normal_days=0.5)
    assert clock(berlin(17, 9), TEAM, is_urgent=False, clocks=chosen).end == berlin(17, 13)
    assert clock(berlin(17, 9), TEAM, is_urgent=True, clocks=chosen).end == berlin(17, 13)


def test_a_clock_stands_still_while_it_waits_for_the_requester() -> None:
    asked, answered = berlin(17, 11), berlin(18, 15)
    waits = clock(berlin(17, 9), TEAM, is_urgent=False, stops=[Span(asked, None)])
    assert (waits.half, waits.end) == (None, None)
    assert waits.left(berlin(17, 10)) == waits.left(asked) + HOUR
    assert waits.left(answered) == waits.left(asked) == 14 * HOUR
    assert waits.is_stopped(asked)
    assert not waits.is_stopped(berlin(17, 10))

    goes_on = replace(waits, stops=(Span(asked, answered),))
    assert goes_on.half == berlin(19, 13)
    assert goes_on.end == berlin(20, 13)
    assert not goes_on.is_stopped(answered)


def test_half_the_time_stays_over_when_a_question_is_asked_afterwards() -> None:
    late = clock(berlin(17, 9), TEAM, is_urgent=False, stops=[Span(berlin(18, 10), None)])
    assert (late.half, late.end) == (berlin(17, 17), None)


def test_a_night_without_an_hour_is_no_longer_by_the_clock_on_the_wall() -> None:
    night = WorkingHours(BERLIN, time(0), time(6), frozenset(range(7)))
    saturday, sunday = berlin(26, 0, month=3), berlin(27, 0, month=3)
    assert night.between(saturday, sunday) == 6 * HOUR
    assert night.between(sunday, berlin(28, 0, month=3)) == 5 * HOUR
    assert night.after(sunday, 6 * HOUR) == berlin(28, 1, month=3)


def test_a_day_that_a_country_skipped_is_not_worked() -> None:
    apia = ZoneInfo("Pacific/Apia")
    team = WorkingHours(apia, time(9), time(17))
    thursday = datetime(2011, 12, 29, 9, tzinfo=apia)
    assert team.after(thursday, 9 * HOUR) == datetime(2012, 1, 2, 10, tzinfo=apia)


def test_a_day_may_end_at_midnight() -> None:
    late = WorkingHours(BERLIN, time(16), time(0))
    assert late.day_length == 8 * HOUR
    assert late.after(berlin(17, 23), 2 * HOUR) == berlin(18, 17)
    assert late.after(berlin(17, 23), HOUR) == berlin(18, 0)


@pytest.mark.parametrize(
    ("opens", "closes", "weekdays", "why"),
    [
        (time(9), time(9), {0}, "begins at 09:00 cannot end at 09:00"),
        (time(18), time(17), {0}, "begins at 18:00 cannot end at 17:00"),
        (time(9), time(17), set[int](), "at least one day"),
        (time(9), time(17), {0, 7}, "from Monday"),
    ],
)
def test_hours_that_nobody_could_work_are_refused(
    opens: time, closes: time, weekdays: set[int], why: str
) -> None:
    with pytest.raises(ImpossibleHours, match=why):
        WorkingHours(BERLIN, opens, closes, frozenset(weekdays))


@BUDGET
@given(countings, instants, lengths)
def test_so_much_time_has_passed_when_it_is_over(
    counting: Counting, begins: datetime, length: timedelta
) -> None:
    ends = counting.after(begins, length)
    assert ends >= begins
    assert counting.between(begins, ends) == length
    assert counting.between(ends, begins) == NOTHING
    if length:
        assert counting.between(begins, ends - timedelta(seconds=1)) < length


@BUDGET
@given(countings, instants, instants, instants)
def test_time_adds_up(counting: Counting, one: datetime, two: datetime, three: datetime) -> None:
    one, two, three = sorted([one, min(two, one + 99 * HOUR), min(three, one + 200 * HOUR)])
    parts = counting.between(one, two) + counting.between(two, three)
    assert counting.between(one, three) == parts
    assert NOTHING <= parts <= three - one


@BUDGET
@given(countings, instants, lengths, lengths, lengths)
def test_what_begins_later_or_lasts_longer_is_not_over_earlier(
    counting: Counting, begins: datetime, later: timedelta, length: timedelta, longer: timedelta
) -> None:
    over = counting.after(begins, length)
    assert over <= counting.after(begins + later, length)
    assert over <= counting.after(begins, length + longer)


@BUDGET
@given(teams(), instants, lengths, st.integers(-2, 40))
def test_another_holiday_never_makes_it_earlier(
    team: WorkingHours, begins: datetime, length: timedelta, ahead: int
) -> None:
    holiday = begins.astimezone(team.zone).date() + timedelta(days=ahead)
    fewer = replace(team, holidays=team.holidays | {holiday})
    assert team.after(begins, length) <= fewer.after(begins, length)
    assert fewer.between(begins, begins + length) <= team.between(begins, begins + length)


@BUDGET
@given(teams(), instants, lengths)
def test_a_working_clock_ends_while_the_team_works(
    team: WorkingHours, begins: datetime, length: timedelta
) -> None:
    assume(length)
    here = (team.after(begins, length) - timedelta(seconds=1)).astimezone(team.zone)
    assume(not here.fold)  # an hour that comes twice may be before the opening again
    assert here.weekday() in team.weekdays
    assert here.date() not in team.holidays
    assert here.time() >= team.opens
    assert team.closes == time(0) or here.time() < team.closes


@BUDGET
@given(countings, instants, lengths, st.data())
def test_stops_add_exactly_what_they_took(
    counting: Counting, begins: datetime, length: timedelta, data: st.DataObject
) -> None:
    stopped = Clock(begins, length, counting, data.draw(stops(after=begins)))
    end = stopped.end
    assert end is not None
    took = sum(
        (counting.between(stop.begins, min(ends(stop), end)) for stop in stopped.stops),
        NOTHING,
    )
    assert counting.between(begins, end) == length + took
    assert stopped.left(end) == NOTHING
    assert Clock(begins, length, counting).end == counting.after(begins, length) <= end


@BUDGET
@given(countings, instants, lengths, st.data())
def test_half_of_the_time_is_over_before_all_of_it(
    counting: Counting, begins: datetime, length: timedelta, data: st.DataObject
) -> None:
    stopped = Clock(begins, length, counting, data.draw(stops(after=begins)))
    half, end = stopped.half, stopped.end
    assert half is not None
    assert end is not None
    assert begins <= half <= end
    assert stopped.left(half) == length - length / 2


@BUDGET
@given(countings, instants, lengths, st.data(), lengths)
def test_an_open_stop_ends_nothing_that_was_not_over(
    counting: Counting, begins: datetime, length: timedelta, data: st.DataObject, until: timedelta
) -> None:
    assume(length)
    before = Clock(begins, length, counting, data.draw(stops(after=begins)))
    since = ends(before.stops[-1]) if before.stops else begins
    waiting = replace(before, stops=(*before.stops, Span(since + until, None)))
    was_over = before.end is not None and before.end <= since + until
    assert waiting.end == (before.end if was_over else None)
    assert waiting.left(since + 999 * HOUR) == before.left(since + until)


@BUDGET
@given(countings, instants, lengths, st.data(), lengths)
def test_a_stop_said_twice_or_within_another_counts_once(
    counting: Counting, begins: datetime, length: timedelta, data: st.DataObject, early: timedelta
) -> None:
    once = Clock(begins, length, counting, data.draw(stops(after=begins)))
    inner = [Span(stop.begins, min(stop.begins + early, ends(stop))) for stop in once.stops]
    twice = replace(once, stops=(*inner, *reversed(once.stops), *once.stops))
    backwards = Span(begins + early, begins - HOUR)
    assert (twice.half, twice.end) == (once.half, once.end)
    assert replace(once, stops=(*once.stops, backwards)).end == once.end


def ends(span: Span) -> datetime:
    assert span.ends is not None
    return span.ends
