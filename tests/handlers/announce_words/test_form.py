"""The form of an announcement: what it reads, says and warns of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.limits.views import check_view
from handlers.announce_form import coming_words, form
from handlers.announce_typed import Typed, scope_of, scope_value
from handlers.announce_words import place_of, scope_said, weekly_said, zone_label
from handlers.announcement_schedules import Terms
from handlers.errors import FormErrors
from rules.announced import Breadth, Scope
from rules.announcement import Topic
from rules.roles import Kind
from tests.handlers.announce_words.said import SATURDAY, filled, names, option, plain, read, zones


def test_a_filled_form_is_read_as_what_it_says() -> None:
    typed = Typed.of(
        filled(
            channel=option("C1", "#migration"),
            topic=option("waves"),
            scope=option("csa|ana@northwind.example", "Customers of Ana Reyes"),
            weekday=option("4"),
            at={"selected_time": "16:45"},
            zone=option("Europe/Berlin"),
            language=option("de-DE"),
        )
    )

    assert typed.terms() == Terms(
        "C1",
        Topic.waves,
        Scope(Breadth.csa, "ana@northwind.example"),
        4,
        time(16, 45),
        "Europe/Berlin",
        "de-DE",
    )
    shown = Typed.showing(typed.terms(), channel="#migration", scope="Customers of Ana Reyes")
    assert shown == typed


def test_what_is_missing_or_no_place_is_said_under_its_field() -> None:
    with pytest.raises(FormErrors) as refused:
        Typed.of(filled(zone=option("Europe/Nowhere"), language=option("tlh"))).terms()

    assert set(refused.value.by_block) == {"channel", "scope", "at", "zone"}


@given(st.sampled_from(Breadth), names)
def test_a_scope_survives_being_an_option(breadth: Breadth, of: str) -> None:
    scope = Scope(breadth, of)
    assert scope_of(scope_value(scope)) == scope


def test_people_read_scopes_times_and_places_in_plain_words() -> None:
    assert scope_said(Scope()) == "All customers"
    assert scope_said(Scope(Breadth.csa, "ana@x"), "Ana Reyes") == "Customers of Ana Reyes"
    assert weekly_said(0, time(9), "America/New_York") == "Mondays at 09:00, New York"
    assert place_of("America/Indiana/Knox") == "Knox"
    assert (zone_label("UTC"), zone_label("Asia/Kolkata")) == ("UTC", "Kolkata (Asia/Kolkata)")


def test_the_form_says_when_it_would_come_there_and_here() -> None:
    typed = Typed(weekday=0, at=time(9), zone="America/New_York")

    there = plain(coming_words(typed, SATURDAY, "America/New_York"))
    assert there == (
        "It comes on Mon 17 Jan 2022 at 09:00, Mon 24 Jan 2022 at 09:00, "
        "Mon 31 Jan 2022 at 09:00, and so on."
    )
    assert "at 14:00 UTC> on your own clock" in plain(coming_words(typed, SATURDAY, "UTC"))
    assert "you see here when" in coming_words(replace(typed, at=None), SATURDAY, "UTC")


def test_the_form_says_what_a_clock_shows_that_skips_the_hour() -> None:
    night = Typed(weekday=6, at=time(2, 30), zone="America/New_York")
    before = datetime(2022, 3, 12, tzinfo=UTC)

    assert "Sun 13 Mar 2022 at 03:00" in plain(coming_words(night, before, night.zone))


@pytest.mark.parametrize(
    ("readers", "said", "saves"),
    [
        ([], "", "Save"),
        ([Kind.guest], "Guests read", "Save anyway"),
        ([Kind.stranger, Kind.guest], "Another company reads", "Save anyway"),
    ],
)
def test_the_form_warns_of_who_reads_along(readers: Sequence[Kind], said: str, saves: str) -> None:
    typed = Typed(channel=("C1", "#migration"), zone="UTC")
    shown: dict[str, Any] = form(typed, now=SATURDAY, own_zone="UTC", readers=readers)

    assert said in read(shown)
    assert shown["submit"]["text"] == saves


@settings(max_examples=30, deadline=None)
@given(
    names, names, zones, st.sampled_from(Topic), st.integers(0, 6), st.sets(st.sampled_from(Kind))
)
def test_slack_takes_the_form_whatever_is_chosen(
    channel: str, scope: str, zone: str, topic: Topic, weekday: int, readers: set[Kind]
) -> None:
    typed = Typed(("C1", channel), topic, ("csa|a", scope), weekday, time(9), zone)
    check_view(form(typed, now=SATURDAY, own_zone="UTC", readers=readers, kept="1|1"), kind="modal")
