"""How triage is set up: hours with holidays, the rota's week, the summary's Monday, and what cannot be."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.public_holidays import UnknownPlace, days_off, place, places_like
from rules.rota import ImpossibleRota
from rules.triage import Triage
from rules.working_time import clock
from rules.zones import zones_like

NEW_YORK = ZoneInfo("America/New_York")
BUDGET = settings(max_examples=50, deadline=None)
instants = st.datetimes(datetime(2021, 1, 1), datetime(2024, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(["UTC", "America/New_York", "Asia/Beirut", "Pacific/Apia"])


def new_york(day: int, hour: int) -> datetime:
    return datetime(2022, 1, day, hour, tzinfo=NEW_YORK)


def test_a_holiday_tomorrow_does_not_count() -> None:
    """Friday 14 January 2022, 15:00; Monday is a holiday in the United States."""
    triage = Triage(zone="America/New_York", holidays_of="US")
    sent = new_york(14, 15)
    with_it = clock(sent, triage.hours(sent.date()), is_urgent=False)
    assert with_it.half == new_york(18, 15)
    assert with_it.end == new_york(19, 15)
    without = clock(sent, Triage(zone="America/New_York").hours(sent.date()), is_urgent=False)
    assert without.end == new_york(18, 15)
    assert triage.next_day_off(sent.date()) == (date(2022, 1, 17), "Martin Luther King Jr. Day")


def test_a_clock_over_the_turn_of_the_year_knows_the_holidays_of_both() -> None:
    triage = Triage(holidays_of="DE-BY")
    sent = datetime(2021, 12, 30, 9, tzinfo=UTC)
    # Friday, then Monday to Wednesday; Thursday 6 January is Epiphany in Bavaria.
    ends = clock(sent, triage.hours(sent.date()), is_urgent=False, clocks=None).end
    assert ends == datetime(2021, 12, 31, 17, tzinfo=UTC)
    assert date(2022, 1, 6) in triage.hours(sent.date()).holidays
    assert date(2022, 1, 6) not in Triage(holidays_of="DE").hours(sent.date()).holidays


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"zone": "Mars/Base"}, "no time zone 'Mars/Base'"),
        ({"zone": "America"}, "no time zone 'America'"),
        ({"holidays_of": "XX"}, "Nobody knows the public holidays of 'XX'"),
        ({"opens": time(17), "closes": time(9)}, "cannot end at 09:00"),
        ({"weekdays": ()}, "at least one day"),
        ({"weekdays": (7,)}, "less than or equal to 6"),
        ({"turns": ("lea", "lea")}, "named twice"),
        ({"clocks": {"urgent_hours": 0}}, "greater than 0"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_wrong(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Triage.model_validate(wrong)


def test_places_are_found_by_name_and_code() -> None:
    assert place("us").label == "United States (US)"
    assert [each.code for each in places_like("germ", most=1)] == ["DE"]
    assert "DE-BY" in [each.code for each in places_like("de-b", most=9)]
    assert "KR" in [each.code for each in places_like("korea", most=9)]
    assert days_off("", 2022) == {}
    with pytest.raises(UnknownPlace, match="Name a country by its two letters"):
        place("Atlantis")


def test_zones_are_found_by_city() -> None:
    assert zones_like("new york", most=3) == ["America/New_York"]
    assert zones_like("berl", most=3) == ["Europe/Berlin"]
    assert zones_like("utc", most=3) == ["UTC"]


def test_who_stands_in_has_whole_days_of_the_team() -> None:
    triage = Triage(zone="America/New_York")
    override = triage.whole_days("ada", date(2022, 1, 19), date(2022, 1, 20))
    assert (override.begins, override.ends) == (new_york(19, 0), new_york(21, 0))
    with pytest.raises(ImpossibleRota):
        triage.whole_days("ada", date(2022, 1, 20), date(2022, 1, 19))


@BUDGET
@given(instants, zones)
def test_the_first_of_a_new_rota_is_on_duty_at_once(now: datetime, zone: str) -> None:
    before = Triage(zone=zone)
    triage = Triage(zone=zone, turns=("lea", "ada"), turns_from=before.turn_begins(now))
    assert triage.turns_from.weekday() == 0
    assert triage.rota().on_duty(now) == "lea"
    assert triage.rota().on_duty(now + timedelta(days=7)) == "ada"


@BUDGET
@given(instants, zones)
def test_the_summary_that_is_due_is_of_the_week_before_the_last_monday_at_nine(
    now: datetime, zone: str
) -> None:
    week, due = Triage(zone=zone).summary_due(now)
    here = due.astimezone(ZoneInfo(zone))
    assert (week.weekday(), here.weekday(), here.time()) == (0, 0, time(9))
    assert here.date() - week == timedelta(days=7)
    assert due <= now < due + timedelta(days=7, hours=2)  # a clock may be set back meanwhile
