"""Rows of a list of escalated stores: what becomes of each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.escalation import State
from rules.requests import Hindrance, Verdict
from rules.wished_stores import Fate, Open, Row, Trouble, fate

MONDAY = date(2022, 3, 7)
EARLIER, LATER = date(2022, 2, 28), date(2022, 3, 21)
ROW = Row("L-1", ("U-ana",), names_somebody=True, reason="Lease ends", wished_on=MONDAY)
FINE = Verdict(None, EARLIER, MONDAY)
OPEN = Open(7, State.in_triage, frozenset({"U-ana"}))


def hindered(why: Hindrance, later: date | None = LATER) -> Verdict:
    return Verdict(why, EARLIER, later)


def test_a_row_with_a_possible_wish_is_sent() -> None:
    assert fate(ROW, None, None, FINE, None) == Fate(wished_on=MONDAY)


def test_who_imports_a_row_that_names_nobody_asks_for_it() -> None:
    unnamed = replace(ROW, people=(), names_somebody=False)
    assert fate(unnamed, "U-lea", None, FINE, None) == Fate(wished_on=MONDAY)
    assert fate(unnamed, None, None, FINE, None).trouble is Trouble.nobody


@pytest.mark.parametrize(
    ("people", "trouble"), [((), Trouble.stranger), (("U-1", "U-2"), Trouble.ambiguous)]
)
def test_a_name_must_be_that_of_one_person_even_where_somebody_imports(
    people: tuple[str, ...], trouble: Trouble
) -> None:
    found = fate(replace(ROW, people=people), "U-lea", None, FINE, None)
    assert (found.trouble, found.column) == (trouble, "requested_by")


def test_a_row_without_a_reason_cannot_be_weighed() -> None:
    found = fate(replace(ROW, reason=" "), None, None, FINE, None)
    assert (found.trouble, found.column) == (Trouble.no_reason, "reason")


def test_somebody_else_joins_what_is_open() -> None:
    assert fate(replace(ROW, people=("U-ben",)), None, OPEN, FINE, None) == Fate(joins=7)


def test_a_row_that_was_changed_while_it_is_open_does_not_ask_again() -> None:
    assert fate(ROW, None, OPEN, FINE, None).trouble is Trouble.changed


def test_joining_needs_no_possible_day() -> None:
    other = replace(ROW, people=("U-ben",))
    assert fate(other, None, OPEN, hindered(Hindrance.past), None) == Fate(joins=7)


@pytest.mark.parametrize("why", list(Hindrance))
def test_a_wish_that_cannot_be_granted_names_the_cell_to_change(why: Hindrance) -> None:
    found = fate(ROW, None, None, hindered(why), None)
    about_location = ("unknown", "begun", "churned", "feature without a date")
    assert found.trouble is Trouble.wish
    assert found.column == ("location_id" if why in about_location else "wished_on")


def test_an_open_wish_takes_the_first_week_that_is_possible() -> None:
    soon = replace(ROW, wished_on=None)
    assert fate(soon, None, None, FINE, None) == Fate(wished_on=MONDAY)
    assert fate(soon, None, None, hindered(Hindrance.pilot), None) == Fate(wished_on=LATER)


@pytest.mark.parametrize(
    "verdict", [hindered(Hindrance.churned), hindered(Hindrance.before_release, later=None)]
)
def test_an_open_wish_is_refused_where_no_week_is_possible(verdict: Verdict) -> None:
    found = fate(replace(ROW, wished_on=None), None, None, verdict, None)
    assert (found.trouble, found.column) == (Trouble.wish, "location_id")


@pytest.mark.parametrize("days", range(7))
def test_who_moves_in_the_wished_week_or_before_has_nothing_to_ask_for(days: int) -> None:
    row = replace(ROW, wished_on=MONDAY + timedelta(days=days))
    assert fate(row, None, None, FINE, MONDAY).trouble is Trouble.in_time
    assert fate(row, None, None, FINE, EARLIER).trouble is Trouble.in_time
    assert fate(row, None, None, FINE, LATER).trouble is None
