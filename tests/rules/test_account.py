"""What people are told first of what became of a customer's locations."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.account import Account, Became, Run, account
from rules.location_life import State
from rules.wave_life import State as WaveState

WEEK, LATER, AHEAD = date(2022, 1, 10), date(2022, 1, 17), date(2022, 1, 24)
TODAY = date(2022, 1, 15)


def run(
    state: State, locations: int = 1, *, wave: WaveState = WaveState.running, week: date = WEEK
) -> Run:
    return Run(week, wave, state, locations)


def told(*runs: Run, of: int = 10, ahead: tuple[date, ...] = (), today: date = TODAY) -> Account:
    found = account(runs, of, ahead, today)
    assert found is not None
    return found


def test_of_whom_no_wave_took_in_there_is_nothing_to_tell() -> None:
    assert account([], 3, [AHEAD], TODAY) is None


@pytest.mark.parametrize(
    ("runs", "became"),
    [
        ((run(State.passed, 8), run(State.failed)), Became.failed),
        ((run(State.failed), run(State.rolled_back, 5)), Became.failed),
        ((run(State.migrated, 8), run(State.not_passed)), Became.not_passed),
        ((run(State.migrated, 8), run(State.planned)), Became.moving),
        ((run(State.planned, wave=WaveState.paused),), Became.held),
        ((run(State.migrating, wave=WaveState.rolling_back),), Became.held),
        ((run(State.passed), run(State.migrated)), Became.migrated),
        ((run(State.passed), run(State.accepted)), Became.passed),
        ((run(State.returned), run(State.passed)), Became.passed),
        ((run(State.returned),), Became.returned),
    ],
)
def test_the_worst_is_told_first_and_what_is_past_only_where_nothing_else_is(
    runs: tuple[Run, ...], became: Became
) -> None:
    assert told(*runs).told is became


def test_whose_week_is_over_without_a_mark_is_told_before_those_that_have_to_be_judged() -> None:
    left, unsure = run(State.planned), run(State.undecided, 8)

    assert told(left, unsure).told is Became.undecided
    assert told(left, unsure, today=LATER).told is Became.overdue
    assert told(left, run(State.not_passed), today=LATER).told is Became.overdue


def test_of_what_is_alike_most_of_them_come_first_then_the_newest() -> None:
    small, large = run(State.failed, 1), run(State.failed, 3, week=LATER)
    assert told(small, large).first == large
    assert told(run(State.failed, 3), large).first == large


def test_all_have_migrated_only_when_none_is_left_in_any_wave_or_without_one() -> None:
    some = run(State.passed, 4)
    assert told(some, of=4).has_migrated
    assert not told(some, of=5).has_migrated
    assert not told(some, run(State.failed), of=5).has_migrated


runs = st.lists(
    st.builds(
        Run,
        st.sampled_from([WEEK, LATER]),
        st.sampled_from(WaveState),
        st.sampled_from(State),
        st.integers(1, 50),
    ),
    min_size=1,
    max_size=8,
)


@given(runs)
def test_the_order_in_which_runs_are_known_changes_nothing(found: list[Run]) -> None:
    forth, back = told(*found, of=400), told(*reversed(found), of=400)
    assert (forth.told, forth.locations, forth.migrated) == (
        back.told,
        back.locations,
        back.migrated,
    )
    assert forth.migrated + sum(r.locations for r in found if not r.state.is_on_new_system) == sum(
        r.locations for r in found
    )
