"""The life of a wave: only the ways that are drawn, one winner, and an audit that replays."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.life import FIRST_VERSION, NotNow, NotTheirs, Outdated, StepRefused, WordsMissing
from rules.wave_life import (
    NEED_WORDS,
    Standing,
    State,
    Step,
    Taken,
    Who,
    possible,
    replay,
    take,
)

NINE = datetime(2022, 1, 18, 9, tzinfo=UTC)
LEAD, APPROVER, CLOCK = Who.lead, Who.approver, Who.wavepost

# Drawn by hand from the design, apart from the table in the rules.
DRAWN = {
    (State.planned, LEAD, Step.announce): State.announced,
    (State.planned, CLOCK, Step.announce): State.announced,
    (State.announced, LEAD, Step.start): State.running,
    (State.announced, CLOCK, Step.start): State.running,
    (State.running, CLOCK, Step.check): State.checking,
    (State.checking, CLOCK, Step.close): State.closed,
    (State.running, LEAD, Step.pause): State.paused,
    (State.running, CLOCK, Step.pause): State.paused,
    (State.checking, LEAD, Step.pause): State.paused,
    (State.checking, CLOCK, Step.pause): State.paused,
    (State.paused, APPROVER, Step.go_on): State.running,
    (State.paused, APPROVER, Step.roll_back): State.rolling_back,
    (State.rolling_back, CLOCK, Step.end): State.rolled_back,
}


def taken(step: Step, who: Who, version: int, words: str = "Because.") -> Taken:
    return Taken(step, f"some {who}", who, version, NINE, words)


def life(*steps: tuple[Step, Who]) -> list[Taken]:
    return [taken(step, who, FIRST_VERSION + before) for before, (step, who) in enumerate(steps)]


def running() -> Standing:
    return replay(life((Step.announce, CLOCK), (Step.start, LEAD)))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", Who)
def test_a_step_leads_where_the_drawing_says_and_nowhere_else(state: State, who: Who) -> None:
    standing = Standing(state)
    for step in Step:
        leads = DRAWN.get((state, who, step))
        assert (step in possible(state, who)) == (leads is not None)
        if leads is None:
            with pytest.raises((NotNow, NotTheirs)):
                take(standing, taken(step, who, standing.version))
        else:
            assert take(standing, taken(step, who, standing.version)).state is leads


def test_a_wave_is_paused_by_the_brake_goes_on_and_is_closed() -> None:
    steps = life(
        (Step.announce, CLOCK),
        (Step.start, CLOCK),
        (Step.check, CLOCK),
        (Step.pause, CLOCK),
        (Step.go_on, APPROVER),
        (Step.check, CLOCK),
        (Step.close, CLOCK),
    )
    standing = replay(steps)
    assert (standing.state, standing.version) == (State.closed, FIRST_VERSION + len(steps))
    assert standing.last == steps[-1]
    assert standing.state.is_final


def test_going_on_or_back_takes_an_approver_and_a_reason() -> None:
    paused = take(running(), taken(Step.pause, CLOCK, 3, "4 of 40 failed."))
    for step in (Step.go_on, Step.roll_back):
        for who in (LEAD, CLOCK):
            with pytest.raises(NotTheirs, match=rf"It is paused \(pause by some {CLOCK}\)"):
                take(paused, taken(step, who, paused.version))
        with pytest.raises(WordsMissing, match=f"To {step} needs a few words"):
            take(paused, taken(step, APPROVER, paused.version, " "))


def test_what_others_ask_about_needs_words() -> None:
    assert {Step.pause, Step.go_on, Step.roll_back} == NEED_WORDS


def test_of_a_lead_and_the_brake_that_pause_at_once_the_second_is_told_who_was_first() -> None:
    paused = take(running(), taken(Step.pause, CLOCK, 3, "4 of 40 failed."))
    with pytest.raises(Outdated, match=r"It is paused \(pause by some clock\)") as refused:
        take(paused, taken(Step.pause, LEAD, 3, "I do not like this."))
    assert refused.value.standing == paused


def test_a_step_out_of_place_is_told_where_the_wave_stands() -> None:
    with pytest.raises(NotNow, match=r"no way to start from here. It is planned\.$"):
        take(Standing(State.planned), taken(Step.start, LEAD, FIRST_VERSION))


any_step = st.builds(
    taken,
    st.sampled_from(Step),
    st.sampled_from(Who),
    st.integers(FIRST_VERSION, FIRST_VERSION + 6),
    st.sampled_from(["", "Because."]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(any_step, max_size=60))
def test_whatever_is_tried_the_steps_that_were_taken_replay_to_where_it_stands(
    tried: list[Taken],
) -> None:
    standing, went = Standing(State.planned), []
    for step in tried:
        try:
            standing = take(standing, step)
        except StepRefused as refused:
            assert refused.standing == standing  # noqa: PT017 - most of them are refused
        else:
            went.append(step)
    assert replay(went) == standing
    assert standing.version == FIRST_VERSION + len(went)


def test_a_final_wave_has_no_buttons() -> None:
    for state in State:
        assert state.is_final != any(possible(state, who) for who in Who)
