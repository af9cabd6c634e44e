"""A wave on its day: its groups, and what each person can do in it."""

from datetime import date

import pytest

from rules.location_life import State, Step
from rules.roles import Kind, Role, effective
from rules.wave_day import ORDER, Counts, Group, first_looked_for, marks, turns
from rules.wave_life import State as WaveState
from rules.wave_life import Step as WaveStep

MONDAYS = [date(2022, 1, 3), date(2022, 1, 10), date(2022, 1, 17)]


def roles(*given: Role) -> frozenset[Role]:
    return effective(frozenset(given), Kind.member, active=True)


def test_lists_have_a_place_for_every_state() -> None:
    assert set(ORDER) == set(State)
    assert len(ORDER) == len(State)


def test_every_state_is_in_a_group_that_people_can_look_at() -> None:
    named = {state for group in Group for state in group.states or ()}
    assert named == set(State)


def test_counts_add_up_by_group() -> None:
    counts = Counts({State.planned: 3, State.failed: 2, State.passed: 1})
    assert (counts.total, counts.of(Group.left), counts.of(Group.failed)) == (6, 3, 2)
    assert (counts.of(Group.moved), counts.of(Group.everything)) == (1, 6)
    assert [state for state, _ in counts.in_order] == [State.failed, State.planned, State.passed]


@pytest.mark.parametrize("role", [Role.csa, Role.lead])
def test_a_csa_or_lead_marks_who_is_left_while_the_wave_runs(role: Role) -> None:
    assert marks(State.planned, WaveState.running, roles(role))[:2] == (Step.migrate, Step.fail)


def test_a_lead_gives_back_who_does_not_go_in_this_wave_even_when_it_is_only_checked() -> None:
    assert marks(State.failed, WaveState.checking, roles(Role.lead))[-1] is Step.give_back
    assert Step.give_back not in marks(State.failed, WaveState.checking, roles(Role.csa))


@pytest.mark.parametrize("role", [Role.viewer, Role.sender, Role.approver])
def test_who_looks_on_marks_nothing(role: Role) -> None:
    for state in State:
        assert marks(state, WaveState.running, roles(role)) == ()


def test_who_was_moving_when_the_wave_was_paused_can_still_be_marked() -> None:
    csa = roles(Role.csa)
    assert marks(State.migrating, WaveState.paused, csa) == (Step.migrate, Step.fail)
    assert marks(State.planned, WaveState.paused, csa) == ()


def test_a_failed_one_is_tried_again_or_its_mark_taken_back() -> None:
    assert marks(State.failed, WaveState.running, roles(Role.csa)) == (Step.try_again, Step.unmark)
    assert marks(State.failed, WaveState.closed, roles(Role.csa)) == ()


def test_leads_start_and_pause_waves_and_nobody_else_does() -> None:
    lead, csa = roles(Role.lead), roles(Role.csa)
    assert turns(WaveState.planned, lead) == (WaveStep.start,)
    assert turns(WaveState.announced, lead) == (WaveStep.start,)
    assert turns(WaveState.running, lead) == (WaveStep.pause,)
    assert turns(WaveState.checking, lead) == (WaveStep.pause,)
    assert turns(WaveState.paused, lead) == ()
    assert all(turns(state, csa) == () for state in WaveState)


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (date(2022, 1, 1), date(2022, 1, 3)),
        (date(2022, 1, 10), date(2022, 1, 10)),
        (date(2022, 1, 16), date(2022, 1, 10)),
        (date(2022, 3, 1), date(2022, 1, 17)),
    ],
)
def test_the_wave_that_is_meant_is_this_week_s_or_the_next_one(today: date, monday: date) -> None:
    assert first_looked_for(MONDAYS, None, today) == monday


def test_this_week_s_wave_comes_before_an_older_one_that_goes_on() -> None:
    older, _, this_week = MONDAYS

    assert first_looked_for(MONDAYS, older, date(2022, 1, 18)) == this_week
    assert first_looked_for(MONDAYS, older, date(2022, 1, 25)) == older
