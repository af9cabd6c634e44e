"""The life of an escalation: only the ways that are drawn, one winner, and an audit that replays."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rules.escalation import (
    FIRST_VERSION,
    NEED_WORDS,
    NobodyNamed,
    NotNow,
    NotTheirs,
    Outdated,
    Standing,
    State,
    Step,
    StepRefused,
    Taken,
    Who,
    WordsMissing,
    caught_up,
    leading_to,
    possible,
    replay,
    take,
    waits,
)
from rules.working_time import Span

NINE = datetime(2022, 1, 17, 9, tzinfo=UTC)
PEOPLE = {Who.requester: "ana", Who.triage: "lea", Who.planner: "wavepost"}

# Drawn by hand from the issue, apart from the table in the rules: state, who, step -> state.
TRIAGE, PLANNER, REQUESTER = Who.triage, Who.planner, Who.requester
DRAWN = {
    (State.new, TRIAGE, Step.triage): State.in_triage,
    (State.new, PLANNER, Step.triage): State.in_triage,
    (State.new, TRIAGE, Step.hand_over): State.new,
    (State.new, PLANNER, Step.hand_over): State.new,
    (State.new, REQUESTER, Step.withdraw): State.withdrawn,
    (State.in_triage, TRIAGE, Step.ask): State.waiting,
    (State.in_triage, TRIAGE, Step.approve): State.approved,
    (State.in_triage, TRIAGE, Step.approve_partly): State.approved,
    (State.in_triage, TRIAGE, Step.decline): State.declined,
    (State.in_triage, TRIAGE, Step.hand_over): State.in_triage,
    (State.in_triage, PLANNER, Step.hand_over): State.in_triage,
    (State.in_triage, REQUESTER, Step.withdraw): State.withdrawn,
    (State.waiting, REQUESTER, Step.answer): State.in_triage,
    (State.waiting, TRIAGE, Step.approve): State.approved,
    (State.waiting, TRIAGE, Step.approve_partly): State.approved,
    (State.waiting, TRIAGE, Step.decline): State.declined,
    (State.waiting, TRIAGE, Step.hand_over): State.waiting,
    (State.waiting, PLANNER, Step.hand_over): State.waiting,
    (State.waiting, REQUESTER, Step.withdraw): State.withdrawn,
    (State.approved, PLANNER, Step.schedule): State.scheduled,
    (State.approved, PLANNER, Step.keep): State.done,
    (State.approved, PLANNER, Step.expire): State.missed,
    (State.approved, REQUESTER, Step.withdraw): State.withdrawn,
    (State.scheduled, PLANNER, Step.schedule): State.scheduled,
    (State.scheduled, PLANNER, Step.unschedule): State.approved,
    (State.scheduled, PLANNER, Step.keep): State.done,
    (State.scheduled, PLANNER, Step.miss): State.missed,
    (State.scheduled, PLANNER, Step.expire): State.missed,
    (State.scheduled, REQUESTER, Step.withdraw): State.withdrawn,
}


def taken(step: Step, who: Who, version: int, *, hour: int = 0, words: str = "Because.") -> Taken:
    at = NINE + timedelta(hours=hour)
    to = "max" if step is Step.hand_over else None
    return Taken(step, PEOPLE[who], who, version, at, words, to)


def life(*steps: tuple[Step, Who]) -> list[Taken]:
    """These steps, one an hour, each at the version that the one before it left."""
    return [
        taken(step, who, FIRST_VERSION + before, hour=before)
        for before, (step, who) in enumerate(steps)
    ]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", Who)
def test_a_step_leads_where_the_drawing_says_and_nowhere_else(state: State, who: Who) -> None:
    standing = Standing("ana", state)
    for step in Step:
        leads = DRAWN.get((state, who, step))
        assert (step in possible(state, who)) == (leads is not None)
        if leads is None:
            with pytest.raises((NotNow, NotTheirs)):
                take(standing, taken(step, who, standing.version))
        else:
            assert take(standing, taken(step, who, standing.version)).state is leads


def test_an_escalation_goes_from_a_wish_through_a_question_to_a_kept_date() -> None:
    steps = life(
        (Step.triage, PLANNER),
        (Step.ask, TRIAGE),
        (Step.answer, REQUESTER),
        (Step.approve, TRIAGE),
        (Step.schedule, PLANNER),
        (Step.unschedule, PLANNER),
        (Step.schedule, PLANNER),
        (Step.keep, PLANNER),
    )
    standing = replay("ana", steps)

    assert standing.state is State.done
    assert standing.version == FIRST_VERSION + len(steps)
    assert standing.last == steps[-1]


def test_of_two_who_decide_at_once_the_second_is_told_who_was_first_and_what_they_did() -> None:
    weighed = replay("ana", life((Step.triage, PLANNER)))
    approves = Taken(Step.approve, "lea", TRIAGE, weighed.version, NINE, "Partner launch.")
    declines = Taken(Step.decline, "max", TRIAGE, weighed.version, NINE, "No room.")

    decided = take(weighed, approves)
    with pytest.raises(Outdated, match=r"It is approved \(approve by lea\)") as refused:
        take(decided, declines)

    assert refused.value.standing == decided
    assert refused.value.standing.last == approves
    assert refused.value.taken == declines


def test_a_step_out_of_place_is_told_where_the_escalation_stands() -> None:
    with pytest.raises(NotNow, match=r"no way to approve from here. It is new \(sent by ana\)"):
        take(Standing("ana"), taken(Step.approve, TRIAGE, FIRST_VERSION))


def test_nobody_takes_the_step_of_another() -> None:
    weighed = replay("ana", life((Step.triage, PLANNER)))
    with pytest.raises(NotTheirs, match="The requester cannot approve"):
        take(weighed, taken(Step.approve, REQUESTER, weighed.version))


@pytest.mark.parametrize("words", ["", "  \n"])
def test_a_decision_needs_words(words: str) -> None:
    weighed = replay("ana", life((Step.triage, PLANNER)))
    with pytest.raises(WordsMissing, match="To decline needs a few words"):
        take(weighed, taken(Step.decline, TRIAGE, weighed.version, words=words))


def test_what_others_read_needs_words_and_nothing_else() -> None:
    decisions = {Step.approve, Step.approve_partly, Step.decline}
    assert {*decisions, Step.ask, Step.answer, Step.unschedule} == NEED_WORDS


def test_handing_over_names_somebody_who_then_has_it_in_hand() -> None:
    new = Standing("ana")
    handed = take(new, Taken(Step.hand_over, "lea", TRIAGE, new.version, NINE, to="max"))
    assert handed.in_hand_of == "max"
    assert take(handed, taken(Step.triage, TRIAGE, handed.version)).in_hand_of == "max"
    with pytest.raises(NobodyNamed, match="To hand over needs a name"):
        take(new, Taken(Step.hand_over, "lea", TRIAGE, new.version, NINE))


def test_the_clock_stands_still_from_a_question_to_its_answer() -> None:
    steps = life(
        (Step.triage, PLANNER),
        (Step.ask, TRIAGE),
        (Step.hand_over, TRIAGE),
        (Step.answer, REQUESTER),
        (Step.ask, TRIAGE),
    )
    at = [step.at for step in steps]
    assert waits("ana", steps) == (Span(at[1], at[3]), Span(at[4], None))
    assert waits("ana", steps[:4]) == (Span(at[1], at[3]),)
    assert waits("ana", steps[:1]) == ()


def test_an_audit_that_cannot_have_happened_is_refused() -> None:
    with pytest.raises(Outdated):
        replay("ana", [taken(Step.triage, PLANNER, FIRST_VERSION)] * 2)
    with pytest.raises(NotNow):
        waits("ana", [taken(Step.answer, REQUESTER, FIRST_VERSION)])


any_step = st.builds(
    lambda step, who, version, words, to: Taken(step, PEOPLE[who], who, version, NINE, words, to),
    st.sampled_from(Step),
    st.sampled_from(Who),
    st.integers(FIRST_VERSION - 1, FIRST_VERSION + 6),
    st.sampled_from(["", " ", "Because."]),
    st.sampled_from([None, "max"]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(any_step, max_size=40))
def test_whatever_is_tried_the_steps_that_were_taken_replay_to_where_it_stands(
    tried: list[Taken],
) -> None:
    standing, went = Standing("ana"), []
    for step in tried:
        try:
            standing = take(standing, step)
        except StepRefused as refused:
            assert refused.standing == standing  # noqa: PT017 - most of them are refused
        else:
            went.append(step)

    assert replay("ana", went) == standing
    assert standing.version == FIRST_VERSION + len(went)


class Life(RuleBasedStateMachine):
    """Several people with views of different ages press whatever they like."""

    @initialize()
    def send(self) -> None:
        self.standing = Standing("ana")
        self.went: list[Taken] = []
        self.seen = dict.fromkeys(Who, self.standing.version)

    @rule(who=st.sampled_from(Who))
    def look(self, who: Who) -> None:
        self.seen[who] = self.standing.version

    @rule(who=st.sampled_from(Who), step=st.sampled_from(Step))
    def press(self, who: Who, step: Step) -> None:
        self._try(taken(step, who, self.seen[who], hour=len(self.went)))

    @precondition(lambda self: not self.standing.state.is_final)
    @rule(who=st.sampled_from(Who), data=st.data())
    def press_what_is_shown(self, who: Who, data: st.DataObject) -> None:
        """Who has just looked gets only buttons that work."""
        shown = possible(self.standing.state, who)
        if shown:
            step = data.draw(st.sampled_from(shown))
            pressed = taken(step, who, self.standing.version, hour=len(self.went))
            assert self._try(pressed)

    @precondition(lambda self: bool(self.went))
    @rule()
    def deliver_twice(self) -> None:
        assert not self._try(self.went[-1])

    @invariant()
    def the_audit_replays(self) -> None:
        assert replay("ana", self.went) == self.standing
        spans = waits("ana", self.went)
        is_waiting = bool(spans) and spans[-1].ends is None
        assert is_waiting == (self.standing.state is State.waiting)

    @invariant()
    def what_is_final_has_no_buttons(self) -> None:
        shown = any(possible(self.standing.state, who) for who in Who)
        assert shown != self.standing.state.is_final

    def _try(self, pressed: Taken) -> bool:
        """Take a step; says whether it went, and checks it against the drawing either way."""
        before = self.standing
        drawn = DRAWN.get((before.state, pressed.who, pressed.step))
        allowed = drawn is not None and pressed.version == before.version
        if not allowed:
            with pytest.raises((Outdated, NotNow, NotTheirs)):
                take(before, pressed)
            return False
        self.standing = take(before, pressed)
        assert self.standing.state is drawn
        assert self.standing.version == before.version + 1
        assert not before.state.is_final
        self.went.append(pressed)
        return True


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLife = Life.TestCase


def test_who_of_triage_decides_a_new_one_has_begun_to_weigh_it() -> None:
    new = Standing("ana")
    decided = Taken(Step.decline, "lea", Who.triage, 1, NINE, "No room")
    begun, then = leading_to(new, decided)
    assert (begun.step, begun.by, begun.words) == (Step.triage, "lea", "")
    assert take(take(new, begun), then).state is State.declined


def test_other_steps_lead_there_alone() -> None:
    new, weighed = Standing("ana"), Standing("ana", state=State.in_triage)
    for standing, who, step in (
        (new, Who.requester, Step.withdraw),
        (new, Who.planner, Step.schedule),
        (new, Who.triage, Step.hand_over),
        (new, Who.requester, Step.decline),
        (weighed, Who.triage, Step.decline),
    ):
        taken = Taken(step, "lea", who, 1, NINE, "No room")
        assert leading_to(standing, taken) == (taken,)


def test_a_clock_that_hands_over_takes_nobody_s_decision_away() -> None:
    def step(what: Step, who: Who, version: int) -> Taken:
        return Taken(what, PEOPLE[who], who, version, NINE, "Words", "omar")

    asked_of = step(Step.hand_over, PLANNER, 1)
    begun, by_clock = step(Step.triage, TRIAGE, 2), step(Step.hand_over, PLANNER, 3)
    approval = step(Step.approve, TRIAGE, 3)
    assert caught_up(approval, [asked_of, begun, by_clock]).version == 4
    assert caught_up(approval, [asked_of, begun]) == approval
    # What a person did meanwhile may have changed what would be decided.
    for meanwhile in (step(Step.hand_over, TRIAGE, 3), step(Step.ask, TRIAGE, 3)):
        assert caught_up(approval, [asked_of, begun, meanwhile]) == approval


def test_who_asked_can_answer_and_withdraw_whoever_has_it_in_hand_by_then() -> None:
    def step(what: Step, version: int, who: Who = TRIAGE) -> Taken:
        return Taken(what, PEOPLE[who], who, version, NINE, "Words", "omar")

    sent = [step(Step.triage, 1), step(Step.hand_over, 2)]
    withdrawal = caught_up(step(Step.withdraw, 1, REQUESTER), sent)
    assert take(replay("ana", sent), withdrawal).state is State.withdrawn

    asked = [step(Step.triage, 1), step(Step.ask, 2), step(Step.hand_over, 3)]
    answer = caught_up(step(Step.answer, 3, REQUESTER), asked)
    assert take(replay("ana", asked), answer).in_hand_of == "omar"
    # What triage asked since then was not answered by it.
    stale = step(Step.answer, 3, REQUESTER)
    again = [*asked, step(Step.answer, 4, REQUESTER), step(Step.ask, 5)]
    assert caught_up(stale, again) == stale
