from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.location_life import State, Step
from rules.marking import COLUMN, KNOWN, Fate, Mark, Outcome, Stands, Trouble, fate

MONDAY, TUESDAY = date(2022, 1, 17), date(2022, 1, 18)
MOVED = Mark("L-1", Outcome.migrated)
FAILED = Mark("L-1", Outcome.failed, cause="No menu sync")


def stands(state: State, **facts: Any) -> Stands:
    known: dict[str, Any] = {"migrated_on": MONDAY, "failed_on": MONDAY, "cause": "No menu sync"}
    return Stands(state, **(known | facts))


@pytest.mark.parametrize("state", [State.planned, State.migrating])
def test_a_location_that_is_to_move_takes_its_mark(state: State) -> None:
    never = Stands(state)

    assert fate(MOVED, never) == Fate((Step.migrate,))
    assert fate(FAILED, never) == Fate((Step.fail,))


@pytest.mark.parametrize("cause", ["  ", "\u200b\u0301", "...!!!"])
def test_a_failure_without_a_cause_that_one_can_read_is_not_taken(cause: str) -> None:
    assert fate(Mark("L-1", Outcome.failed, cause=cause), None).trouble is Trouble.no_cause


def test_orders_are_lost_by_failures_alone() -> None:
    lost = Mark("L-1", Outcome.migrated, lost_orders=True)

    assert fate(lost, None).trouble is Trouble.lost_without_failure


@pytest.mark.parametrize(
    "state", [State.migrated, State.passed, State.not_passed, State.undecided, State.accepted]
)
def test_what_is_marked_migrated_is_known_whatever_was_judged_since(state: State) -> None:
    assert fate(MOVED, stands(state)) == KNOWN
    assert fate(Mark("L-1", Outcome.migrated, on=MONDAY), stands(state)).is_known
    other = fate(Mark("L-1", Outcome.migrated, on=TUESDAY), stands(state))
    assert other.trouble is Trouble.other_day


def test_the_same_failure_is_known_by_its_cause_however_it_is_spelt() -> None:
    spelt = Mark("L-1", Outcome.failed, cause="no  MENU sync")

    assert fate(spelt, stands(State.failed)).is_known
    other = Mark("L-1", Outcome.failed, cause="No power")
    assert fate(other, stands(State.failed)).trouble is Trouble.other_cause


def test_what_failed_is_tried_again_by_saying_what_was_done() -> None:
    mended = Mark("L-1", Outcome.migrated, remedy="Restarted the sync")

    assert fate(mended, stands(State.failed)) == Fate((Step.try_again, Step.migrate))
    assert fate(MOVED, stands(State.failed)).trouble is Trouble.no_remedy


def test_a_remedy_may_come_after_its_failure() -> None:
    mended = Mark("L-1", Outcome.failed, cause="No menu sync", remedy="Restarted the sync")

    assert fate(mended, stands(State.failed)).is_remedy
    assert fate(mended, stands(State.failed, remedy="restarted the sync")).is_known


def test_a_row_that_told_of_the_failure_before_is_no_second_failure() -> None:
    again = stands(State.migrating)

    assert fate(FAILED, again).is_known
    assert fate(Mark("L-1", Outcome.failed, cause="No menu sync", on=MONDAY), again).is_known
    later = Mark("L-1", Outcome.failed, cause="No menu sync", on=TUESDAY)
    assert fate(later, again) == Fate((Step.fail,))
    other = Mark("L-1", Outcome.failed, cause="No power")
    assert fate(other, again) == Fate((Step.fail,))


def test_a_mended_row_keeps_what_it_said_of_the_failure() -> None:
    mended = Mark(
        "L-1", Outcome.migrated, cause="No menu sync", remedy="Restarted it", lost_orders=True
    )

    assert fate(mended, stands(State.failed)) == Fate((Step.try_again, Step.migrate))


MARKS = st.builds(
    Mark,
    st.just("L-1"),
    st.sampled_from(Outcome),
    cause=st.sampled_from(["", "No menu sync", "No power"]),
    remedy=st.sampled_from(["", "Restarted it"]),
    lost_orders=st.booleans(),
    on=st.sampled_from([None, MONDAY, TUESDAY]),
)


@given(
    mark=MARKS,
    state=st.sampled_from([State.planned, State.migrating, State.failed]),
    failed_before=st.booleans(),
)
def test_a_mark_that_was_taken_is_known_when_it_comes_again(
    mark: Mark, state: State, *, failed_before: bool
) -> None:
    before = stands(state) if failed_before or state is State.failed else Stands(state)
    found = fate(mark, before)
    if found.trouble:
        assert COLUMN[found.trouble]
        return

    assert fate(mark, after(mark, before, found)).is_known


def after(mark: Mark, before: Stands, found: Fate) -> Stands:
    """Where the location stands when the fate of a mark is fulfilled."""
    if found.is_known:
        return before
    if found.is_remedy:
        return stands(before.state, failed_on=before.failed_on, remedy=mark.remedy)
    if mark.outcome is Outcome.migrated:
        return stands(State.migrated, migrated_on=mark.on or TUESDAY)
    return stands(State.failed, failed_on=mark.on or TUESDAY, cause=mark.cause, remedy=mark.remedy)
