from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.account import Account, Run
from rules.calendar import Blackout
from rules.location_life import State as LocationState
from rules.parameters import Parameters
from rules.schedule import (
    BlackoutNear,
    Confidence,
    Facts,
    FeatureNotReleased,
    RequiredFeature,
    Schedule,
    SeveralWeeks,
    State,
    schedule,
)
from rules.wave_life import State as WaveState

TODAY = date(2022, 1, 15)
MONDAY = date(2022, 1, 17)
GIFT_CARDS = RequiredFeature("gift-cards", "Gift cards", target=date(2022, 3, 1), slips=2)
NOT_RELEASED = FeatureNotReleased("gift-cards", "Gift cards", date(2022, 3, 1), 2)
MIGRATED, FAILED, BACK = (
    Account((Run(date(2022, 1, 10), WaveState.running, state, 2, TODAY),), of=2)
    for state in (LocationState.migrated, LocationState.failed, LocationState.returned)
)
RELEASED = RequiredFeature("tips", "Tips", released=TODAY)


def test_a_week_is_told_as_its_monday() -> None:
    told = schedule(Facts(MONDAY, parts=((3, 5),), csa="Ana"), TODAY)
    assert told == Schedule(State.scheduled, "Ana", (date(2022, 2, 7),), Confidence.likely)


@pytest.mark.parametrize(
    ("week", "confidence"),
    [
        (0, Confidence.firm),
        (1, Confidence.likely),
        (7, Confidence.likely),
        (8, Confidence.tentative),
    ],
)
def test_the_further_away_the_less_sure(week: int, confidence: Confidence) -> None:
    assert schedule(Facts(MONDAY, parts=((week, 1),)), TODAY).confidence is confidence


def test_a_date_becomes_firm_as_it_comes_nearer() -> None:
    facts = Facts(MONDAY, parts=((8, 1),))
    told = [schedule(facts, day).confidence for day in (TODAY, date(2022, 1, 18), date(2022, 3, 9))]
    assert told == [Confidence.tentative, Confidence.likely, Confidence.firm]


def test_a_feature_that_is_not_released_makes_any_date_tentative() -> None:
    told = schedule(Facts(MONDAY, parts=((0, 1),), features=(RELEASED, GIFT_CARDS)), TODAY)
    assert told.confidence is Confidence.tentative
    assert told.risks == (NOT_RELEASED,)


def test_a_release_in_the_future_is_not_a_release() -> None:
    later = RequiredFeature("tips", "Tips", released=date(2022, 1, 16))
    assert schedule(Facts(MONDAY, features=(later,)), TODAY).state is State.waiting


def test_several_waves_are_all_told_and_the_last_decides_how_sure() -> None:
    told = schedule(Facts(MONDAY, parts=((2, 4), (0, 20), (1, 20))), TODAY)
    assert told.dates == (date(2022, 1, 17), date(2022, 1, 24), date(2022, 1, 31))
    assert told.confidence is Confidence.likely
    assert told.risks == (SeveralWeeks(3),)


@pytest.mark.parametrize(
    ("starts", "ends", "is_near"),
    [
        (date(2022, 1, 24), date(2022, 1, 30), False),
        (date(2022, 1, 24), date(2022, 1, 31), True),
        (date(2022, 1, 1), date(2022, 12, 31), True),
        (date(2022, 2, 13), date(2022, 2, 20), True),
        (date(2022, 2, 14), date(2022, 2, 20), False),
    ],
)
def test_a_blackout_that_a_late_wave_could_run_into_is_a_risk(
    starts: date, ends: date, *, is_near: bool
) -> None:
    blackout = Blackout("us", starts, ends, "Stocktaking")
    told = schedule(Facts(MONDAY, parts=((2, 1),), blackouts=(blackout,)), TODAY)
    is_within = starts < date(2022, 2, 7) and ends >= date(2022, 1, 31)
    assert told.risks == ((BlackoutNear(blackout, is_within),) if is_near else ())


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(MONDAY), State.not_scheduled),
        (Facts(MONDAY, is_planned=True), State.no_room),
        (Facts(MONDAY, is_planned=True, features=(GIFT_CARDS,)), State.waiting),
        (Facts(MONDAY, is_offboarded=True, parts=((1, 1),)), State.offboarded),
        (Facts(MONDAY, is_offboarded=True, account=MIGRATED), State.migrated),
        (Facts(MONDAY, is_planned=True, account=FAILED), State.in_wave),
        (Facts(MONDAY, is_planned=True, account=BACK), State.no_room),
        (Facts(MONDAY, parts=((1, 1),), account=BACK), State.scheduled),
    ],
)
def test_there_is_a_state_for_everyone(facts: Facts, state: State) -> None:
    assert schedule(facts, TODAY).state is state


def test_who_waits_is_told_which_feature_for() -> None:
    assert schedule(Facts(MONDAY, features=(GIFT_CARDS,)), TODAY).risks == (NOT_RELEASED,)


def test_who_has_migrated_is_told_the_day_and_no_risk() -> None:
    facts = Facts(MONDAY, csa="Ana", account=MIGRATED, features=(GIFT_CARDS,))
    assert schedule(facts, TODAY) == Schedule(State.migrated, "Ana", (TODAY,), account=MIGRATED)


def test_a_week_that_is_over_and_of_which_nobody_said_anything_is_known_as_such() -> None:
    told = schedule(Facts(MONDAY, parts=((-1, 1),)), TODAY)
    assert [told.is_over(day) for day in (TODAY, MONDAY)] == [False, True]
    assert not schedule(Facts(MONDAY, account=MIGRATED), TODAY).is_over(MONDAY)


@pytest.mark.parametrize(
    ("facts", "is_told"),
    [
        (Facts(MONDAY, account=FAILED, features=(GIFT_CARDS,)), True),
        (Facts(MONDAY, account=BACK, parts=((1, 1),)), True),
        (Facts(MONDAY, account=BACK, features=(GIFT_CARDS,)), False),
        (Facts(MONDAY, parts=((1, 1),)), False),
    ],
)
def test_how_it_went_is_told_first_unless_it_came_back_and_waits_for_something_else(
    facts: Facts, *, is_told: bool
) -> None:
    assert schedule(facts, TODAY).is_told_by_account is is_told


def test_who_left_is_told_no_date() -> None:
    facts = Facts(MONDAY, is_offboarded=True, parts=((1, 1),), features=(GIFT_CARDS,))
    assert schedule(facts, TODAY) == Schedule(State.offboarded, None)


def test_how_sure_is_a_setting() -> None:
    careful = Parameters(frozen_weeks=0, tentative_after_weeks=1)
    facts = Facts(MONDAY, parts=((1, 1),))
    assert schedule(facts, TODAY, careful).confidence is Confidence.tentative


@given(
    parts=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=4),
    is_planned=st.booleans(),
    is_offboarded=st.booleans(),
)
def test_only_a_date_has_a_confidence(
    *, parts: list[tuple[int, int]], is_planned: bool, is_offboarded: bool
) -> None:
    facts = Facts(MONDAY, parts=tuple(parts), is_planned=is_planned, is_offboarded=is_offboarded)
    told = schedule(facts, TODAY)
    assert bool(told.dates) == (told.confidence is not None) == (told.state is State.scheduled)
