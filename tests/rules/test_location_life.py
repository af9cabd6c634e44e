"""The life of a location in its wave: two who mark at once, paused waves, checks and the way back."""

from datetime import UTC, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rules import wave_life
from rules.life import FIRST_VERSION, NotNow, NotTheirs, Outdated, StepRefused, WordsMissing
from rules.location_life import (
    NEED_WORDS,
    NotWhile,
    Standing,
    State,
    Step,
    Taken,
    Who,
    all_back,
    all_moved,
    all_settled,
    possible,
    replay,
    take,
)
from rules.wave_life import State as WaveState

NINE = datetime(2022, 1, 18, 9, tzinfo=UTC)
CSA, LEAD, APPROVER, CLOCK = Who.csa, Who.lead, Who.approver, Who.wavepost
RUNNING, PAUSED, CHECKING = WaveState.running, WaveState.paused, WaveState.checking


def taken(step: Step, who: Who, version: int, words: str = "Because.", by: str = "") -> Taken:
    return Taken(step, by or f"some {who}", who, version, NINE, words)


def life(*steps: tuple[Step, Who, WaveState]) -> list[tuple[Taken, WaveState]]:
    return [
        (taken(step, who, FIRST_VERSION + before), wave)
        for before, (step, who, wave) in enumerate(steps)
    ]


def stands(*steps: tuple[Step, Who, WaveState]) -> Standing:
    return replay(life(*steps))


def test_a_location_is_moved_watched_and_passed() -> None:
    standing = stands(
        (Step.begin, CSA, RUNNING),
        (Step.migrate, CSA, RUNNING),
        (Step.look_again, CLOCK, CHECKING),
        (Step.passes, CLOCK, CHECKING),
    )
    assert (standing.state, standing.version) == (State.passed, FIRST_VERSION + 4)
    assert standing.state.is_settled


def test_a_location_that_failed_twice_goes_back_into_the_plan() -> None:
    standing = stands(
        (Step.fail, CSA, RUNNING),
        (Step.try_again, LEAD, RUNNING),
        (Step.fail, CSA, RUNNING),
        (Step.give_back, LEAD, RUNNING),
    )
    assert standing.state is State.returned


def test_the_last_one_that_failed_can_be_tried_again_while_its_wave_is_checked() -> None:
    standing = stands(
        (Step.fail, CSA, RUNNING),
        (Step.try_again, CSA, CHECKING),
        (Step.migrate, CSA, CHECKING),
    )
    assert standing.state is State.migrated


def test_a_mark_taken_back_while_the_wave_is_checked_can_be_given_again() -> None:
    standing = stands(
        (Step.migrate, CSA, RUNNING), (Step.unmark, CSA, CHECKING), (Step.fail, CSA, CHECKING)
    )
    assert standing.state is State.failed


def test_a_location_is_rolled_back_while_its_wave_is_paused() -> None:
    standing = stands(
        (Step.migrate, CSA, RUNNING),
        (Step.roll_back, APPROVER, PAUSED),
        (Step.end, CLOCK, PAUSED),
        (Step.give_back, CLOCK, RUNNING),
    )
    assert standing.state is State.returned


def test_a_correction_of_history_takes_a_verdict_back_after_the_wave_is_closed() -> None:
    closed = WaveState.closed
    standing = stands(
        (Step.migrate, CSA, RUNNING),
        (Step.passes, CLOCK, CHECKING),
        (Step.misses, CLOCK, closed),
        (Step.roll_back, APPROVER, closed),
        (Step.end, CLOCK, closed),
        (Step.give_back, CLOCK, closed),
    )
    assert standing.state is State.returned


def test_figures_do_not_overrule_a_person() -> None:
    accepted = stands(
        (Step.migrate, CSA, RUNNING),
        (Step.ask, CLOCK, CHECKING),
        (Step.accept, LEAD, CHECKING),
    )
    with pytest.raises(NotNow, match="A person accepted it"):
        take(accepted, taken(Step.misses, CLOCK, accepted.version), CHECKING)
    assert possible(State.accepted, CLOCK, CHECKING) == ()
    by_lead = take(accepted, taken(Step.misses, LEAD, accepted.version), CHECKING)
    assert by_lead.state is State.not_passed


def test_of_two_who_mark_at_once_the_second_is_told_what_the_first_marked() -> None:
    first = taken(Step.migrate, CSA, FIRST_VERSION, by="ana")
    marked = take(Standing(State.planned), first, RUNNING)
    with pytest.raises(Outdated, match=r"It is migrated \(mark migrated by ana\)"):
        take(marked, taken(Step.fail, CSA, FIRST_VERSION, by="ben"), RUNNING)


def test_nothing_begins_in_a_paused_wave_and_what_was_under_way_is_told() -> None:
    planned = Standing(State.planned)
    for step in (Step.begin, Step.migrate, Step.fail):
        with pytest.raises(NotWhile, match=f"The wave is paused: nobody can {step} in it now"):
            take(planned, taken(step, CSA, FIRST_VERSION), PAUSED)
        assert step not in possible(State.planned, CSA, PAUSED)
    under_way = stands((Step.begin, CSA, RUNNING))
    for step, state in ((Step.migrate, State.migrated), (Step.fail, State.failed)):
        told = take(under_way, taken(step, CSA, under_way.version), PAUSED)
        assert told.state is state


def test_a_location_that_was_rolled_back_cannot_be_marked() -> None:
    rolled_back = stands(
        (Step.migrate, CSA, RUNNING),
        (Step.roll_back, APPROVER, RUNNING),
        (Step.end, CLOCK, RUNNING),
    )
    with pytest.raises(NotNow, match="It is rolled back"):
        take(rolled_back, taken(Step.migrate, CSA, rolled_back.version), RUNNING)


def test_a_failure_names_its_cause() -> None:
    with pytest.raises(WordsMissing, match="To mark failed needs a few words"):
        take(Standing(State.planned), taken(Step.fail, CSA, FIRST_VERSION, " "), RUNNING)


def test_only_an_approver_rolls_back_and_only_wavepost_judges() -> None:
    migrated = stands((Step.migrate, CSA, RUNNING))
    for who in (CSA, LEAD, CLOCK):
        with pytest.raises(NotTheirs):
            take(migrated, taken(Step.roll_back, who, migrated.version), RUNNING)
    with pytest.raises(NotTheirs):
        take(migrated, taken(Step.passes, LEAD, migrated.version), RUNNING)


def test_a_wrong_mark_is_taken_back_with_words_until_the_wave_is_closed() -> None:
    failed = stands((Step.fail, CSA, RUNNING))
    back = take(failed, taken(Step.unmark, CSA, failed.version), PAUSED)
    assert back.state is State.planned
    with pytest.raises(NotWhile):
        take(failed, taken(Step.unmark, CSA, failed.version), WaveState.closed)


def test_a_wave_knows_when_it_can_be_checked_closed_and_called_rolled_back() -> None:
    assert not all_moved([State.migrated, State.migrating])
    assert all_moved([State.migrated, State.failed])
    assert not all_settled([State.passed, State.undecided])
    assert all_settled([State.passed, State.accepted, State.returned])
    assert not all_back([State.rolled_back, State.failed])
    assert all_back([State.rolled_back, State.returned])


class Life(RuleBasedStateMachine):
    """People and the clock press what they like, at versions they have seen, in a wave that changes."""

    @initialize()
    def plan(self) -> None:
        self.standing = Standing(State.planned)
        self.went: list[tuple[Taken, WaveState]] = []
        self.wave = wave_life.Standing(RUNNING)
        self.seen = dict.fromkeys(Who, FIRST_VERSION)

    @rule(who=st.sampled_from(Who))
    def look(self, who: Who) -> None:
        self.seen[who] = self.standing.version

    @rule(data=st.data())
    def the_wave_goes_its_way(self, data: st.DataObject) -> None:
        ways = [
            (who, step)
            for who in wave_life.Who
            for step in wave_life.possible(self.wave.state, who)
        ]
        if ways:
            who, step = data.draw(st.sampled_from(ways))
            taken = wave_life.Taken(step, "x", who, self.wave.version, NINE, "Because.")
            self.wave = wave_life.take(self.wave, taken)

    @rule(who=st.sampled_from(Who), step=st.sampled_from(Step))
    def press(self, who: Who, step: Step) -> None:
        pressed = taken(step, who, self.seen[who])
        is_shown = step in possible(self.standing.state, who, self.wave.state)
        is_fresh = self.seen[who] == self.standing.version
        assert self._try(pressed) == (is_shown and is_fresh)

    @rule(who=st.sampled_from(Who), data=st.data())
    def press_what_is_shown(self, who: Who, data: st.DataObject) -> None:
        shown = possible(self.standing.state, who, self.wave.state)
        if shown:
            step = data.draw(st.sampled_from(shown))
            assert self._try(taken(step, who, self.standing.version))

    @precondition(lambda self: bool(self.went))
    @rule()
    def deliver_twice(self) -> None:
        assert not self._try(self.went[-1][0])

    @invariant()
    def the_audit_replays(self) -> None:
        assert replay(self.went) == self.standing
        assert self.standing.version == FIRST_VERSION + len(self.went)

    @invariant()
    def what_moved_was_marked_and_not_only_planned(self) -> None:
        if self.standing.state.is_on_new_system:
            assert any(step.step in {Step.migrate, Step.check_anew} for step, _ in self.went)

    def _try(self, pressed: Taken) -> bool:
        try:
            self.standing = take(self.standing, pressed, self.wave.state)
        except StepRefused as refused:
            assert refused.standing == self.standing  # noqa: PT017 - most of them are refused
            return False
        self.went.append((pressed, self.wave.state))
        return True


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLife = Life.TestCase


def test_only_what_explains_itself_goes_without_words() -> None:
    assert set(Step) - NEED_WORDS == {Step.begin, Step.migrate, Step.end}
