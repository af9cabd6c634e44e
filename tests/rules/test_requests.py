"""Wishes: what hinders them, whoever makes room, and which weeks are possible instead."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import Blackout, closed_weeks, first_week_from, monday_of, week_of, week_zero
from rules.openings import is_open
from rules.parameters import Parameters
from rules.releases import Features, Release, release_of
from rules.requests import Hindrance, Verdict, Wanted, is_in_time, verdicts
from tests.rules.problems import problem

BUDGET = settings(max_examples=100, deadline=None)
TODAY = date(2022, 1, 15)
WEEK = timedelta(weeks=1)
READY = Release("", None, ())
FEATURES: Features = {"loyalty": (date(2022, 3, 3), None), "kiosk": (None, None)}
LOYALTY, KIOSK = (release_of(key, FEATURES, TODAY) for key in FEATURES)
NO_PILOTS = Parameters(pilot_weeks=0)
FEBRUARY = Blackout("north", date(2022, 2, 7), date(2022, 2, 18), "Fair")


def said(
    wanted: Wanted | None,
    wished_on: date,
    *blackouts: Blackout,
    parameters: Parameters = NO_PILOTS,
    waves_run: int = 0,
) -> Verdict:
    [found] = verdicts(
        {"L-1": wanted},
        wished_on,
        today=TODAY,
        blackouts=blackouts,
        waves_run=waves_run,
        parameters=parameters,
    )
    return found


def test_a_wish_that_nothing_hinders_is_possible_in_its_own_week() -> None:
    found = said(Wanted(READY), date(2022, 2, 9))
    assert found.is_possible
    assert (found.earlier, found.later) == (date(2022, 1, 31), date(2022, 2, 7))


@pytest.mark.parametrize(
    ("wanted", "hindrance"),
    [
        (None, Hindrance.unknown),
        (Wanted(READY, begun_on=date(2022, 1, 3)), Hindrance.begun),
        (Wanted(READY, is_churned=True), Hindrance.churned),
        (Wanted(KIOSK), Hindrance.feature_without_date),
    ],
)
def test_who_cannot_move_at_all_has_no_possible_week(
    wanted: Wanted | None, hindrance: Hindrance
) -> None:
    found = said(wanted, date(2022, 2, 9))
    assert found.hindrance is hindrance
    assert (found.earlier, found.later) == (None, None)


def test_what_it_waits_for_and_when_it_moved_are_told() -> None:
    assert said(Wanted(KIOSK), TODAY).features == ("kiosk",)
    assert said(Wanted(LOYALTY), date(2022, 2, 9)).features == ("loyalty",)
    moved = Wanted(READY, begun_on=date(2022, 1, 3))
    assert said(moved, TODAY).begun_on == date(2022, 1, 3)


@pytest.mark.parametrize(
    ("wished_on", "hindrance"),
    [(date(2022, 1, 14), Hindrance.past), (date(2022, 1, 16), Hindrance.too_soon)],
)
def test_a_day_before_the_next_wave_gets_the_next_wave(
    wished_on: date, hindrance: Hindrance
) -> None:
    found = said(Wanted(READY), wished_on)
    assert found.hindrance is hindrance
    assert (found.earlier, found.later) == (None, date(2022, 1, 17))


def test_a_day_before_the_release_gets_the_first_week_after_it() -> None:
    found = said(Wanted(LOYALTY), date(2022, 2, 9))
    assert found.hindrance is Hindrance.before_release
    assert (found.earlier, found.later) == (None, date(2022, 3, 7))


def test_a_day_in_a_blackout_gets_the_weeks_around_it() -> None:
    northern = Wanted(READY, regions=frozenset({"north"}))
    found = said(northern, date(2022, 2, 9), FEBRUARY)
    assert found.hindrance is Hindrance.blackout
    assert found.blackouts == (FEBRUARY,)
    assert (found.earlier, found.later) == (date(2022, 1, 31), date(2022, 2, 21))
    assert said(Wanted(READY), date(2022, 2, 9), FEBRUARY).is_possible


def test_a_blackout_in_any_region_of_those_that_go_together_closes_a_week() -> None:
    both = Wanted(READY, regions=frozenset({"north", "south"}))
    assert said(both, date(2022, 2, 9), FEBRUARY).hindrance is Hindrance.blackout


def test_the_first_week_after_a_release_may_be_closed_too() -> None:
    closed = Blackout("*", date(2022, 3, 7), date(2022, 3, 11))
    assert said(Wanted(LOYALTY), date(2022, 2, 9), closed).later == date(2022, 3, 14)


def test_the_first_weeks_are_for_pilots_until_so_many_waves_have_run() -> None:
    usual = Parameters()
    monday = date(2022, 1, 17)
    found = said(Wanted(READY), monday, parameters=usual)
    assert (found.hindrance, found.later) == (Hindrance.pilot, monday + 3 * WEEK)
    assert said(Wanted(READY, may_pilot=True), monday, parameters=usual).is_possible
    assert said(Wanted(READY), monday, parameters=usual, waves_run=2).later == monday + WEEK
    assert said(Wanted(READY), monday, parameters=usual, waves_run=9).is_possible


def test_no_plan_looks_further_than_its_horizon() -> None:
    short = Parameters(weeks=2, pilot_weeks=0)
    found = said(Wanted(READY), date(2022, 1, 31), parameters=short)
    assert found.hindrance is Hindrance.too_far
    assert (found.earlier, found.later) == (date(2022, 1, 24), None)
    assert said(Wanted(LOYALTY), date(2022, 1, 24), parameters=short).later is None


def test_many_locations_are_told_in_as_few_words_as_there_are_answers() -> None:
    wanted: dict[str, Wanted | None] = {f"L-{at}": Wanted(READY) for at in range(200)}
    wanted |= {"L-7": Wanted(LOYALTY), "L-8": Wanted(LOYALTY), "nobody's": None}
    found = verdicts(wanted, date(2022, 2, 9), today=TODAY, parameters=NO_PILOTS)
    assert [(each.hindrance, len(ids)) for each, ids in found.items()] == [
        (None, 198),
        (Hindrance.before_release, 2),
        (Hindrance.unknown, 1),
    ]
    assert found[Verdict(Hindrance.unknown)] == ["nobody's"]


days = st.integers(-30, 120).map(lambda ahead: TODAY + timedelta(days=ahead))
any_blackout = st.builds(
    lambda region, starts, lasts: Blackout(region, starts, starts + timedelta(days=lasts)),
    st.sampled_from(["*", "north", "south"]),
    days,
    st.integers(0, 20),
)
releases = st.one_of(st.just(READY), days.map(lambda day: Release("f", day, ("f",))))
any_wanted = st.builds(
    Wanted,
    releases,
    st.frozensets(st.sampled_from(["", "north", "south"]), min_size=1),
    may_pilot=st.booleans(),
)


@BUDGET
@given(
    any_wanted,
    days,
    days,
    st.lists(any_blackout, max_size=5),
    st.integers(0, 4),
    st.integers(1, 12),
)
def test_the_planner_finds_the_same_weeks_open(
    wanted: Wanted,
    wished_on: date,
    today: date,
    blackouts: list[Blackout],
    waves_run: int,
    weeks: int,
) -> None:
    parameters = Parameters(weeks=weeks)
    [found] = verdicts(
        {"L-1": wanted},
        wished_on,
        today=today,
        blackouts=blackouts,
        waves_run=waves_run,
        parameters=parameters,
    )

    monday = week_zero(today)
    closed = closed_weeks(blackouts, sorted(wanted.regions), monday, weeks)
    asked = replace(
        problem([1], weeks=weeks, pilot_weeks=max(0, 3 - waves_run)),
        release=np.array([first_week_from(wanted.release.from_day or today, monday)]),
        pilot=np.array([wanted.may_pilot]),
        blackout=np.array([closed.any(axis=0)]),
    )
    open_weeks = np.flatnonzero(is_open(asked, np.array([0]))[0]).tolist()
    mondays = [monday_of(week, monday) for week in open_weeks]
    wished = monday_of(week_of(wished_on, monday), monday)
    assert found.later == min((each for each in mondays if each >= wished), default=None)
    assert found.earlier == max((each for each in mondays if each < wished), default=None)
    assert found.is_possible == (wished in mondays and wished_on >= today)
    assert bool(found.blackouts) == (found.hindrance is Hindrance.blackout)


@pytest.mark.parametrize(
    ("last_week", "day", "expected"),
    [
        (date(2022, 3, 28), date(2022, 4, 25), True),
        (date(2022, 3, 28), date(2022, 3, 28), True),
        (date(2022, 3, 28), date(2022, 3, 27), False),
        (None, date(2022, 4, 25), False),
    ],
)
def test_who_goes_by_a_day_anyway_is_in_time_and_who_has_no_week_never_is(
    last_week: date | None, day: date, *, expected: bool
) -> None:
    assert is_in_time(last_week, day) == expected
