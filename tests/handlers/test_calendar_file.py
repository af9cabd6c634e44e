"""Dates as a calendar reads them: parsed again by the library that calendars are like."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from handlers.calendar_file import calendar_file
from store.calendar_feeds import FeedDate

MONDAY = date(2022, 1, 17)
CHANGED = datetime(2022, 1, 15, 9, 30, tzinfo=UTC)

visible = st.characters(exclude_categories=["Cs", "Cc"])
names = st.text(visible, min_size=1, max_size=200).filter(str.strip) | st.sampled_from(
    ["Joe's; Pizza, & Co \\ Sons", "BEGIN:VEVENT", "a\nb", "É" * 120, "🍕" * 60, "\u202eabc"]
)


def dated(
    name: str = "Joe's Pizza", *weeks: date, customer: str = "C-1", changes: int = 1
) -> list[FeedDate]:
    found = sorted(weeks or (MONDAY,))
    return [
        FeedDate(customer, name, part, len(found), week, 3, changes, CHANGED)
        for part, week in enumerate(found, 1)
    ]


def events(dates: list[FeedDate]) -> list[Any]:
    """The entries; the library types each value of them as a union of all there are."""
    return list(Calendar.from_ical(calendar_file(tuple(dates))).walk("VEVENT"))


@pytest.mark.parametrize(
    ("migrated", "stuck", "summary"),
    [
        (0, 0, "Joe's Pizza moves this week"),
        (2, 0, "Joe's Pizza moves this week"),
        (3, 0, "Joe's Pizza migrated this week"),
        (2, 1, "Joe's Pizza: 1 location did not migrate"),
    ],
)
def test_an_entry_says_how_its_wave_went(migrated: int, stuck: int, summary: str) -> None:
    (event,) = events([replace(each, migrated=migrated, stuck=stuck) for each in dated()])

    assert str(event["summary"]) == summary


def test_a_date_is_the_monday_of_its_week_all_day_and_keeps_nobody_busy() -> None:
    (event,) = events(dated())

    assert event.decoded("dtstart") == MONDAY
    assert event.decoded("dtend") == MONDAY + timedelta(days=1)
    assert event["summary"] == "Joe's Pizza moves this week"
    assert "3 locations in the week of Mon 17 Jan 2022" in event["description"]
    assert event["transp"] == "TRANSPARENT"


def test_a_customer_in_several_waves_has_an_event_for_each_and_each_tells_its_part() -> None:
    first, second = events(dated("Joe's Pizza", MONDAY, MONDAY + timedelta(weeks=2)))

    assert first["summary"] == "Joe's Pizza moves this week (part 1 of 2)"
    assert second["summary"] == "Joe's Pizza moves this week (part 2 of 2)"
    assert first["uid"] != second["uid"]


def test_a_date_that_moves_takes_its_event_along_and_counts_it_up() -> None:
    (before,) = events(dated("Joe's Pizza", MONDAY))
    (after,) = events(dated("Joe's Pizza", MONDAY + timedelta(weeks=3), changes=2))

    assert after["uid"] == before["uid"]
    assert after.decoded("dtstart") == MONDAY + timedelta(weeks=3)
    assert after["sequence"] > before["sequence"]


def test_a_calendar_is_told_how_often_to_look_and_what_to_call_it() -> None:
    calendar = Calendar.from_ical(calendar_file(()))

    assert calendar.decoded("refresh-interval") == timedelta(hours=4)
    assert calendar["x-wr-calname"] == calendar["name"] == "Migration dates"
    assert calendar["version"] == "2.0"
    assert not calendar.walk("VEVENT")


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text(visible, min_size=1, max_size=20),
        st.tuples(names, st.sets(st.integers(0, 300), min_size=1, max_size=4)),
        max_size=6,
    ),
    st.integers(1, 20),
)
def test_whatever_the_names_and_weeks_each_part_keeps_the_name_of_its_event(
    customers: dict[str, tuple[str, set[int]]], later: int
) -> None:
    def at(shift: int) -> list[FeedDate]:
        return [
            each
            for id_, (name, weeks) in customers.items()
            for each in dated(
                name, *(MONDAY + timedelta(weeks=w + shift) for w in weeks), customer=id_
            )
        ]

    before, after = events(at(0)), events(at(later))

    assert len(before) == sum(len(weeks) for _, weeks in customers.values())
    assert [event["uid"] for event in before] == [event["uid"] for event in after]
    assert len({event["uid"] for event in before}) == len(before)
    for event, each in zip(before, at(0), strict=True):
        assert event["summary"].startswith(f"{' '.join(each.name.split())} moves this week")
