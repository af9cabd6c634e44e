"""When an approved escalation ends: kept, missed, or without ever a week."""

from datetime import date

import pytest

from rules import escalation_end
from rules.escalation import Step
from rules.escalation_end import late
from rules.migrated import has_migrated

DUE = date(2022, 2, 9)
BEFORE, WEEK, AFTER = date(2022, 1, 31), date(2022, 2, 7), date(2022, 2, 14)
SUNDAY = date(2022, 2, 13)


def ending(
    weeks: list[date | None], due_on: date, today: date, *, is_scheduled: bool
) -> Step | None:
    """Of locations whose waves were never started, so that the calendar tells."""
    migrated = [has_migrated(week, None, today) for week in weeks]
    return escalation_end.ending(weeks, due_on, today, is_scheduled=is_scheduled, migrated=migrated)


@pytest.mark.parametrize(
    ("weeks", "today", "step"),
    [
        ([WEEK, WEEK], SUNDAY, None),
        ([WEEK, WEEK], AFTER, Step.keep),
        ([BEFORE], WEEK, Step.keep),
        ([BEFORE, WEEK], WEEK, None),
        ([WEEK, AFTER], AFTER, Step.miss),
        ([AFTER], date(2022, 2, 21), Step.miss),
        ([WEEK, None], AFTER, Step.miss),
    ],
)
def test_it_is_kept_when_all_moved_by_the_due_week_and_missed_when_not(
    weeks: list[date | None], today: date, step: Step | None
) -> None:
    assert ending(weeks, DUE, today, is_scheduled=True) == step


def test_what_never_got_a_week_expires_with_its_due_week() -> None:
    assert ending([None], DUE, SUNDAY, is_scheduled=False) is None
    assert ending([None], DUE, AFTER, is_scheduled=False) is Step.expire


@pytest.mark.parametrize("is_scheduled", [True, False])
def test_what_has_no_location_left_expires_at_once(*, is_scheduled: bool) -> None:
    assert ending([], DUE, BEFORE, is_scheduled=is_scheduled) is Step.expire


@pytest.mark.parametrize(
    ("migrated", "today", "step"),
    [
        ([True, True], WEEK, Step.keep),
        ([True, False], SUNDAY, None),
        ([True, False], AFTER, Step.miss),
    ],
)
def test_what_a_wave_says_of_its_locations_counts_and_not_the_calendar(
    migrated: list[bool], today: date, step: Step | None
) -> None:
    weeks = [WEEK, WEEK]
    told = escalation_end.ending(weeks, DUE, today, is_scheduled=True, migrated=migrated)
    assert told is step


def test_who_goes_after_the_due_week_or_not_at_all_or_fails_is_late() -> None:
    assert late([WEEK, AFTER, None, WEEK], DUE, [True, True, False, False]) == 3
