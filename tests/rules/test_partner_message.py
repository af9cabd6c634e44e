"""What partners are told: one current version, approved by somebody who did not write any of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.life import FIRST_VERSION, NotNow, NotTheirs, Outdated, StepRefused, WordsMissing
from rules.partner_message import (
    NEED_WORDS,
    AlreadyDrafted,
    Copy,
    Message,
    NotToBeWritten,
    State,
    Step,
    Taken,
    Version,
    Who,
    holding_older,
)

NINE = datetime(2022, 1, 18, 9, tzinfo=UTC)
FIRST = "Your stores move on Monday, 24 January."
SECOND = "Your stores move on Thursday, 3 February."


def step(taken: Step, by: str, version: int = FIRST_VERSION, words: str = "") -> Taken:
    return Taken(taken, by, Who.second, version, NINE, words)


def approved(text: str = FIRST, *, by: str = "ben") -> Message:
    return Message().begun(text, "ana").after(1, step(Step.approve, by))


def revised() -> Message:
    return approved().begun(SECOND, "ana").after(2, step(Step.approve, "ben"))


def states(message: Message) -> list[State]:
    return [version.standing.state for version in message.versions]


def test_a_draft_is_current_once_a_second_person_approves_it_and_then_supersedes_the_older() -> (
    None
):
    draft = Message().begun(FIRST, "ana")
    assert (draft.current, draft.draft) == (None, draft.versions[0])

    message = revised()
    assert states(message) == [State.superseded, State.current]
    assert message.current
    assert message.current.text == SECOND
    assert message.draft is None
    assert message.versions[0].standing.came_by == "supersede by clock"
    assert message.versions[0].text == FIRST


def test_who_wrote_it_cannot_approve_it_whatever_part_they_claim() -> None:
    with pytest.raises(NotTheirs, match=r"The writer cannot approve\. It is draft"):
        approved(by="ana")


def test_who_changed_a_word_of_it_cannot_approve_it_and_neither_can_who_wrote_the_rest() -> None:
    draft = Message().begun(FIRST, "ana").after(1, step(Step.rewrite, "ben", words=SECOND))
    for writer in ("ana", "ben"):
        with pytest.raises(NotTheirs):
            draft.after(1, step(Step.approve, writer, version=2))
    current = draft.after(1, step(Step.approve, "cleo", version=2)).current
    assert current
    assert (current.text, current.writers) == (SECOND, frozenset({"ana", "ben"}))


def test_nobody_approves_words_that_were_changed_since_they_looked() -> None:
    draft = Message().begun(FIRST, "ana").after(1, step(Step.rewrite, "ana", words=SECOND))
    with pytest.raises(Outdated, match="rewrite by ana"):
        draft.after(1, step(Step.approve, "ben", version=FIRST_VERSION))


def test_of_two_who_approve_at_once_the_second_is_told_who_did() -> None:
    with pytest.raises(Outdated, match=r"It is current \(approve by ben\)"):
        approved().after(1, step(Step.approve, "cleo"))


def test_a_second_person_declines_with_a_reason_and_the_writer_drops_without() -> None:
    draft = Message().begun(FIRST, "ana")
    with pytest.raises(WordsMissing):
        draft.after(1, step(Step.decline, "ben", words=" "))
    declined = draft.after(1, step(Step.decline, "ben", words="The day is wrong."))
    dropped = draft.after(1, step(Step.drop, "ana"))
    assert states(declined) == states(dropped) == [State.dropped]
    with pytest.raises(NotNow):
        declined.after(1, step(Step.approve, "cleo", version=2))
    assert declined.begun(SECOND, "ana").versions[-1].number == 2


def test_a_draft_that_is_dropped_leaves_the_current_version_current() -> None:
    message = approved().begun(SECOND, "ana").after(2, step(Step.drop, "ana"))
    assert states(message) == [State.current, State.dropped]


def test_there_is_one_draft_at_a_time_and_whoever_wants_another_is_led_to_it() -> None:
    draft = approved().begun(SECOND, "ana")
    with pytest.raises(AlreadyDrafted, match="being written already") as refused:
        draft.begun("Something else.", "ben")
    assert refused.value.draft == draft.draft


@pytest.mark.parametrize("same", [FIRST, f"  {FIRST}\n", FIRST.replace(" ", "  ")])
def test_words_that_are_current_already_are_no_new_version(same: str) -> None:
    with pytest.raises(NotToBeWritten, match="words of version 1"):
        approved().begun(same, "ben")
    draft = approved().begun(SECOND, "ana")
    with pytest.raises(NotToBeWritten, match="words of version 1"):
        draft.after(2, step(Step.rewrite, "ana", words=same))


def test_a_message_without_words_is_refused() -> None:
    with pytest.raises(NotToBeWritten, match="needs words"):
        Message().begun(" \n", "ana")
    with pytest.raises(WordsMissing):
        Message().begun(FIRST, "ana").after(1, step(Step.rewrite, "ana", words=" "))
    with pytest.raises(LookupError, match="no version 3"):
        approved().after(3, step(Step.approve, "ben"))


def test_the_buttons_are_those_of_the_part_somebody_has() -> None:
    (draft,) = Message().begun(FIRST, "ana").versions
    assert draft.possible("ana") == (Step.rewrite, Step.drop)
    assert draft.possible("ben") == (Step.rewrite, Step.approve, Step.decline)
    assert {Step.rewrite, Step.decline} == NEED_WORDS
    current = approved().current
    assert current
    assert current.possible("ana") == current.possible("ben") == ()
    assert [state for state in State if state.is_final] == [State.superseded, State.dropped]


def test_who_copied_an_older_version_hears_what_is_different_from_the_one_they_have() -> None:
    copies = [Copy("cleo", 1), Copy("dan", 1), Copy("dan", 2), Copy("dan", 1), Copy("eve", 2)]
    assert holding_older(revised(), copies) == {"cleo": 1}
    assert holding_older(revised().begun("Third.", "ana"), copies) == {"cleo": 1}
    third = revised().begun("Third.", "ana").after(3, step(Step.approve, "ben"))
    assert holding_older(third, copies) == {"cleo": 1, "dan": 2, "eve": 2}
    assert holding_older(Message().begun(FIRST, "ana"), copies) == {}


people = st.sampled_from(["ana", "ben", "cleo"])
texts = st.sampled_from([FIRST, SECOND, "Third.", " "])
steps = st.tuples(
    st.integers(1, 4), st.builds(step, st.sampled_from(Step), people, st.integers(1, 4), texts)
)
beginnings = st.tuples(texts, people)


@settings(max_examples=150, deadline=None)
@given(st.lists(steps | beginnings, max_size=50))
def test_whatever_is_tried_one_version_is_current_and_nobody_approved_their_own(
    tried: list[tuple[int, Taken] | tuple[str, str]],
) -> None:
    message, approvals = Message(), 0
    for first, second in tried:
        before = message
        try:
            if isinstance(second, str):
                message = message.begun(str(first), second)
            else:
                message = message.after(int(first), second)
        except (StepRefused, NotToBeWritten, AlreadyDrafted, LookupError):
            assert message == before
        else:
            approvals += message.current != before.current
    assert states(message).count(State.current) == min(approvals, 1)
    assert states(message).count(State.superseded) == max(0, approvals - 1)
    assert all(is_approved_by_another(each) for each in message.versions)
    assert [each.number for each in message.versions] == list(range(1, len(message.versions) + 1))


def is_approved_by_another(version: Version) -> bool:
    last = version.standing.last
    return not last or last.step is not Step.approve or last.by not in version.writers
