"""Rollbacks: every task confirmed in its order by its owner, progress, and rehearsals."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rules.rollback import (
    TASKS,
    ConfirmedBefore,
    NotListed,
    NotTheirs,
    NotYet,
    Part,
    Place,
    Rollback,
    RollbackRefused,
    TooLate,
    begin,
    confirm,
    confirm_each,
    hand_all_over,
    hand_over,
    last_day,
    replay,
)

MOVED = date(2022, 1, 18)
TODAY = date(2022, 1, 26)
NINE = datetime(2022, 1, 26, 9, tzinfo=UTC)
OWNERS = {Part.csa: "ana", Part.lead: "lea"}
KEYS = [task.key for task in TASKS]


def place(location: str, moved: date = MOVED) -> Place:
    return Place(location, moved, OWNERS)


def all_confirmed(rollback: Rollback, *locations: str) -> Rollback:
    for location in locations:
        for task in TASKS:
            rollback = confirm(rollback, location, task.key, OWNERS[task.part], NINE)
    return rollback


def test_each_location_is_done_step_by_step_by_those_who_own_the_steps() -> None:
    rollback = begin([place("L1"), place("L2")], TODAY)
    assert [item.task.key for item in rollback.next] == ["tell", "tell"]
    assert len(rollback.waiting_for("ana")) == 2

    rollback = all_confirmed(rollback, "L1")
    progress = rollback.progress
    assert (progress.tasks, progress.of_tasks) == (4, 8)
    assert (progress.locations, progress.of_locations, progress.is_done) == (1, 2, False)
    assert rollback.back == ("L1",)

    rollback = all_confirmed(rollback, "L2")
    assert rollback.progress.is_done
    assert rollback.back == ("L1", "L2")
    assert rollback.next == ()


def test_no_task_is_confirmed_before_the_one_that_comes_first() -> None:
    rollback = begin([place("L1")], TODAY)
    with pytest.raises(NotYet, match=r"Tell the customer .* at L1 comes first: ana has it"):
        confirm(rollback, "L1", "old on", "lea", NINE)


def test_of_two_who_confirm_the_same_the_second_is_told_who_was_first() -> None:
    rollback = confirm(begin([place("L1")], TODAY), "L1", "tell", "ana", NINE)
    with pytest.raises(ConfirmedBefore, match=r"ana confirmed .* at L1 before") as refused:
        confirm(rollback, "L1", "tell", "ana", NINE)
    assert refused.value.item.at == NINE


def test_what_cannot_be_confirmed_of_several_at_once_is_said_of_each_and_the_rest_is_done() -> None:
    rollback = confirm(begin([place("L1"), place("L2")], TODAY), "L1", "tell", "ana", NINE)
    after, refused = confirm_each(rollback, ["L1", "L2", "L3"], "tell", "ana", NINE)
    assert [type(why) for why in refused] == [ConfirmedBefore, type(None), NotListed]
    assert [item.task.key for item in after.next] == ["old on", "old on"]


def test_a_large_rollback_is_confirmed_task_by_task() -> None:
    names = [f"L{number}" for number in range(5_000)]
    rollback = begin([place(name) for name in names], TODAY)
    for task in TASKS:
        rollback, refused = confirm_each(rollback, names, task.key, OWNERS[task.part], NINE)
        assert not any(refused)
    assert rollback.progress.is_done


def test_all_that_somebody_leaves_is_handed_over_and_what_they_did_stays_theirs() -> None:
    rollback = confirm(begin([place("L1")], TODAY), "L1", "tell", "ana", NINE)
    after = hand_all_over(rollback, "ana", "eve")
    assert {item.owner for item in after.items if item.by} == {"ana"}
    assert {item.owner for item in after.items if not item.by} == {"eve", "lea"}


def test_a_task_is_confirmed_by_its_owner_or_a_lead() -> None:
    rollback = begin([place("L1")], TODAY)
    with pytest.raises(NotTheirs, match="ana or a lead confirms"):
        confirm(rollback, "L1", "tell", "ben", NINE)
    by_lead = confirm(rollback, "L1", "tell", "max", NINE, is_lead=True)
    assert by_lead.items[0].by == "max"


def test_a_task_of_somebody_who_left_is_handed_over() -> None:
    rollback = hand_over(begin([place("L1")], TODAY), "L1", "tell", "ben")
    assert [item.owner for item in rollback.next] == ["ben"]
    confirmed = confirm(rollback, "L1", "tell", "ben", NINE)
    with pytest.raises(ConfirmedBefore):
        hand_over(confirmed, "L1", "tell", "ana")


@pytest.mark.parametrize(("location", "task"), [("L9", "tell"), ("L1", "dance")])
def test_what_is_not_listed_cannot_be_confirmed(location: str, task: str) -> None:
    with pytest.raises(NotListed, match=f"no task “{task}” at {location}"):
        confirm(begin([place("L1")], TODAY), location, task, "ana", NINE)


def test_the_old_system_is_kept_for_fourteen_days() -> None:
    assert last_day(MOVED) == MOVED + timedelta(days=14)
    begin([place("L1")], last_day(MOVED))
    with pytest.raises(TooLate, match=r"gone: L1 \(until 2022-02-01\)\. Mend these"):
        begin([place("L1"), place("L2", MOVED + timedelta(days=1))], date(2022, 2, 2))


def test_a_rehearsal_goes_the_same_way_and_brings_nobody_back() -> None:
    rehearsal = begin([place("L1")], date(2023, 1, 1), is_rehearsal=True)
    done = all_confirmed(rehearsal, "L1")
    assert done.progress.is_done
    assert done.back == ()


def test_a_rollback_of_nobody_of_one_twice_or_without_an_owner_is_refused() -> None:
    with pytest.raises(RollbackRefused, match="at least one location"):
        begin([], TODAY)
    with pytest.raises(RollbackRefused, match="each location once: L1"):
        begin([place("L1"), place("L1")], TODAY)
    with pytest.raises(RollbackRefused, match="L1 has no CSA to “Tell the customer"):
        begin([Place("L1", MOVED, {Part.lead: "lea"})], TODAY)


class Confirming(RuleBasedStateMachine):
    """People press buttons of old and new messages, some of them twice."""

    @initialize(count=st.integers(1, 3))
    def start(self, count: int) -> None:
        self.places = [place(f"L{number}") for number in range(count)]
        self.rollback = begin(self.places, TODAY)
        self.went: list[tuple[str, str, str, datetime]] = []

    @rule(
        location=st.integers(0, 3),
        task=st.sampled_from(KEYS),
        by=st.sampled_from(["ana", "lea", "ben"]),
        is_lead=st.booleans(),
    )
    def press(self, location: int, task: str, by: str, *, is_lead: bool) -> None:
        pressed = (f"L{location}", task, by, NINE)
        can = [
            (item.location, item.task.key)
            for item in self.rollback.next
            if is_lead or item.owner == by
        ]
        before = self.rollback
        try:
            self.rollback = confirm(self.rollback, *pressed, is_lead=is_lead)
        except RollbackRefused:
            assert pressed[:2] not in can
            assert self.rollback is before
        else:
            assert pressed[:2] in can
            self.went.append(pressed)

    @invariant()
    def the_audit_replays(self) -> None:
        assert replay(begin(self.places, TODAY), self.went) == self.rollback

    @invariant()
    def progress_counts_what_was_confirmed(self) -> None:
        progress = self.rollback.progress
        assert progress.tasks == len(self.went)
        assert progress.locations == len(self.rollback.back)
        assert progress.is_done == (not self.rollback.next)


Confirming.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestConfirming = Confirming.TestCase
