"""The days of a file: reminders that never flood, and bytes that stay as long as they must."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.file_days import (
    KEPT_AFTER,
    LONGEST,
    Days,
    Unfit,
    day_of,
    end_of,
    is_reminded,
    moved_to,
    reminder_due,
    reminders,
    removed_at,
    unfit_day,
    unfit_end,
    unfit_retention,
)
from rules.receipts import Grade, Receipt
from rules.zones import zones

NOON = datetime(2022, 1, 18, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MONTH = Days(NOON, NOON + 30 * DAY)


def test_reminders_come_a_week_and_a_day_before_the_end() -> None:
    assert reminders(MONTH) == (NOON + 23 * DAY, NOON + 29 * DAY)
    assert reminders(replace(MONTH, expires_at=NOON + DAY)) == ()


def test_after_an_outage_only_the_newest_is_given_and_none_after_the_end() -> None:
    week, day = reminders(MONTH)
    assert reminder_due(MONTH, [], week - DAY) is None
    assert reminder_due(MONTH, [], week) == week
    assert reminder_due(MONTH, [week], week + DAY) is None
    assert reminder_due(MONTH, [], day + DAY / 2) == day
    assert reminder_due(MONTH, [day], day + DAY / 2) is None
    assert reminder_due(MONTH, [], MONTH.expires_at) is None


def test_who_opened_it_is_not_reminded_and_who_let_a_machine_fetch_it_is() -> None:
    assert is_reminded(Receipt(Grade.fetched))
    assert not is_reminded(Receipt(Grade.opened))


def test_bytes_go_after_a_while_unless_they_must_stay() -> None:
    assert removed_at(MONTH, NOON) == NOON + KEPT_AFTER
    retained = replace(MONTH, retained_until=date(2023, 1, 31))
    assert removed_at(retained, NOON) == datetime(2023, 2, 1, tzinfo=UTC)
    assert removed_at(replace(retained, is_held=True), NOON) is None


@given(st.lists(st.integers(0, 40 * 24), max_size=60))
def test_each_reminder_is_given_at_most_once_however_the_clock_knocks(hours: list[int]) -> None:
    given_at: list[datetime] = []
    for hour in sorted(hours):
        if due := reminder_due(MONTH, given_at, NOON + timedelta(hours=hour)):
            given_at.append(due)
    assert len(given_at) == len(set(given_at)) <= len(reminders(MONTH))
    assert given_at == sorted(given_at)


DAYS = st.dates(date(2022, 1, 1), date(2032, 12, 31))


@given(DAYS, st.sampled_from(zones()))
def test_the_end_of_a_day_is_on_that_day_whatever_the_clocks_do(day: date, zone: str) -> None:
    until = end_of(day, zone)
    assert day_of(until, zone) == day
    assert moved_to(until.astimezone(UTC), day, zone) == until
    assert until < end_of(day + DAY, zone)


@given(DAYS, st.sampled_from(zones()), st.sampled_from(zones()))
def test_a_day_that_is_sent_as_it_was_shown_moves_nothing_wherever_it_is_sent_from(
    day: date, here: str, there: str
) -> None:
    until = end_of(day, here)
    assert moved_to(until, day_of(until, there), there) == until


@given(
    st.dates(), st.sampled_from(zones()), st.datetimes(datetime(2022, 1, 1), datetime(2032, 1, 1))
)
def test_whichever_day_is_chosen_it_is_one_of_the_next_five_years_or_said_not_to_be(
    day: date, zone: str, clock: datetime
) -> None:
    now = clock.replace(tzinfo=UTC)
    off = day - day_of(now, zone)
    match unfit_day(day, zone, now):
        case None:
            assert timedelta(0) <= off <= LONGEST
            assert unfit_end(end_of(day, zone), now) is None
        case Unfit.over:
            assert off <= timedelta(0)
        case Unfit.too_far:
            assert off > LONGEST


@given(st.dates())
def test_bytes_are_kept_to_a_day_that_can_be_reckoned_with(day: date) -> None:
    if unfit_retention(day, NOON) is None:
        assert removed_at(replace(MONTH, retained_until=day), NOON)
