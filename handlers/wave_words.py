"""A wave and its locations in words, for Slack and for pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from handlers.blocks import Mrkdwn, Words, mention, moment
from handlers.brake_words import brake_words, from_json, worked_out
from handlers.dates import short
from rules.location_life import State, Step
from rules.parameters import Parameters
from rules.slack_ids import is_person
from rules.wave_day import Counts, Group
from rules.wave_life import State as WaveState
from rules.wave_life import Who
from store.wave_day import Line
from store.wave_rows import WaveRow, WaveStepRow

MOST_IN_NAME = 60

LABELS: Mapping[State, str] = {
    State.planned: "to migrate",
    State.migrating: "migrating",
    State.migrated: "migrated, not judged yet",
    State.failed: "failed",
    State.passed: "passed",
    State.not_passed: "not passed",
    State.undecided: "for a person to decide",
    State.accepted: "accepted",
    State.rolling_back: "going back",
    State.rolled_back: "rolled back",
    State.returned: "back in the plan",
}
"""What stands behind a number of locations."""

GROUPS: Mapping[Group, str] = {
    Group.everything: "All",
    Group.left: "Left to migrate",
    Group.failed: "Failed",
    Group.moved: "Migrated",
    Group.deciding: "To be decided",
    Group.back: "Gone back",
}

BUTTONS: Mapping[Step, str] = {
    Step.migrate: "Mark migrated",
    Step.fail: "Mark failed",
    Step.try_again: "Try again",
    Step.unmark: "Take the mark back",
    Step.give_back: "Give back to the plan",
}

DONE: Mapping[Step, str] = {
    Step.begin: "begun",
    Step.migrate: "marked migrated",
    Step.fail: "marked failed",
    Step.try_again: "tried again",
    Step.unmark: "took the mark back",
    Step.passes: "check passed",
    Step.misses: "check not passed",
    Step.look_again: "looked at again",
    Step.ask: "handed to a person to decide",
    Step.accept: "accepted",
    Step.check_anew: "checked anew",
    Step.roll_back: "rolled back",
    Step.end: "back on the old system",
    Step.give_back: "given back to the plan",
}

AS_WHAT: Mapping[Step, str] = {
    Step.migrate: "marked migrated",
    Step.fail: "marked failed",
    Step.try_again: "to be tried again",
    Step.unmark: "to migrate, as before the mark",
    Step.give_back: "back in the plan",
}


@dataclass(frozen=True)
class Standing:
    """A wave as people are told it: where it stands, how many are where, and the last turn it took."""

    row: WaveRow
    counts: Counts
    mine: Counts
    turn: WaveStepRow | None = None
    is_lead: bool = False
    parameters: Parameters = field(default_factory=Parameters)

    @property
    def week(self) -> date:
        """The Monday of the wave."""
        return self.row.week

    @property
    def is_started(self) -> bool:
        """Whether its locations are fixed."""
        return self.row.started_at is not None

    @property
    def brake(self) -> Words | None:
        """What the brake says, where it has said something and can still stop the wave."""
        if not self.row.brake or self.row.state.is_final:
            return None
        is_told = self.turn is not None and self.turn.who == Who.wavepost
        return brake_words(from_json(self.row.brake), self.parameters, is_pause_told=is_told)

    @property
    def worked_out(self) -> Mrkdwn | None:
        """The numbers of the test that paused the wave, while it is paused."""
        if self.row.state != WaveState.paused:
            return None
        return worked_out(self.row, self.parameters)

    def words(self, *, by: str = "", at: str = "") -> Words:
        """All that is said of the wave; `by` and `at` tell of its last turn where Slack is not read."""
        return Words(
            "wave",
            week=self.week,
            state=str(self.row.state),
            counts=self.counts,
            mine=self.mine,
            moved=self.counts.of(Group.moved),
            failed=self.counts.of(Group.failed),
            left=self.mine.of(Group.left),
            back=self.counts.of(Group.back),
            passed=self.counts.by_state.get(State.passed, 0)
            + self.counts.by_state.get(State.accepted, 0),
            labels=LABELS,
            is_lead=self.is_lead,
            turn=self.turn,
            by=by or (who_did(self.turn.by) if self.turn else ""),
            at=at or (moment(self.turn.at) if self.turn else ""),
        )


def stands(line: Line) -> Words:
    """Where a location stands: the block `stands`, with or without markup."""
    return Words("wave", line=line)


def row(line: Line, *, owner: bool) -> Mrkdwn:
    """A location in a list."""
    return Words(
        "wave",
        name=short(line.name, MOST_IN_NAME),
        customer=short(line.customer_name, MOST_IN_NAME),
        is_named_apart=line.is_named_apart,
        stands=stands(line)["stands"],
        owner=line.csa_name if owner else "",
    )["row"]


def card(line: Line) -> Mrkdwn:
    """The first line about one location."""
    return Words(
        "wave",
        line=line,
        name=line.name,
        customer=line.customer_name,
        is_named_apart=line.is_named_apart,
        stands=stands(line)["stands"],
    )["card"]


def who_did(by: str) -> str:
    """Who took a step, for Slack: a person, or whatever else they are called."""
    return mention(by) if is_person(by) else by
