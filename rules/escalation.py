"""The life of an escalation: which step leads from where to where, and who may take it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rules import life
from rules.life import (
    FIRST_VERSION,
    Life,
    NobodyNamed,
    NotNow,
    NotTheirs,
    Outdated,
    StepRefused,
    WordsMissing,
    way,
)
from rules.working_time import Span

__all__ = [
    "FINAL",
    "FIRST_VERSION",
    "NEED_WORDS",
    "UNDECIDED",
    "Category",
    "NobodyNamed",
    "NotNow",
    "NotTheirs",
    "Origin",
    "Outdated",
    "Standing",
    "State",
    "Step",
    "StepRefused",
    "Taken",
    "Who",
    "WordsMissing",
    "leading_to",
    "possible",
    "replay",
    "take",
    "takers",
    "waits",
]


class State(StrEnum):
    """Where an escalation stands."""

    new = "new"
    in_triage = "in triage"
    waiting = "waiting for the requester"
    approved = "approved"
    scheduled = "scheduled"
    declined = "declined"
    withdrawn = "withdrawn"
    done = "done"
    missed = "missed"

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen to it any more."""
        return self in FINAL

    @property
    def is_decided(self) -> bool:
        """Whether triage has nothing left to decide."""
        return self not in UNDECIDED


FINAL = frozenset({State.declined, State.withdrawn, State.done, State.missed})
UNDECIDED = frozenset({State.new, State.in_triage, State.waiting})


class Category(StrEnum):
    """What kind of reason somebody gives, so that reasons can be counted."""

    launch = "partner launch"
    leaving = "customer may leave"
    failing = "the old system fails them"
    contract = "contract or legal date"
    put_off = "put off too often"
    other = "something else"


class Origin(StrEnum):
    """By which way an escalation came."""

    slack = "slack"
    sheet = "sheet"


class Who(StrEnum):
    """In which part somebody takes a step; a person may have more than one."""

    requester = "requester"
    triage = "triage"
    planner = "planner"  # Wavepost itself: the planner, and the clock


class Step(StrEnum):
    """What can be done with an escalation."""

    triage = "triage"  # somebody weighs it from now on
    ask = "ask"
    answer = "answer"
    approve = "approve"
    approve_partly = "approve partly"
    decline = "decline"
    withdraw = "withdraw"
    hand_over = "hand over"
    schedule = "schedule"  # it has a week, or another one
    unschedule = "unschedule"  # it lost its week
    keep = "keep"  # everything moved as it was told
    miss = "miss"  # its week is over and not everything moved
    expire = "expire"  # its due day is over and it never got a week, or nothing is left to move


Taken = life.Taken[Step, Who]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an escalation stands after the `last` step; without one it was just sent.

    Each step raises the `version`, so that of two people who decide at once one wins.
    """

    sent_by: str
    state: State = State.new
    version: int = FIRST_VERSION
    in_hand_of: str | None = None
    last: Taken | None = None

    @property
    def last_by(self) -> str:
        """Who took the last step."""
        return self.last.by if self.last else self.sent_by

    @property
    def came_by(self) -> str:
        """The last step and who took it."""
        return f"{self.last.step if self.last else 'sent'} by {self.last_by}"


_WEIGHED = (State.in_triage, State.waiting)
_GOING = (State.approved, State.scheduled)
_LIFE = Life(
    {
        Step.triage: way(Who.triage, Who.planner, of=(State.new,), to=State.in_triage),
        Step.ask: way(Who.triage, of=(State.in_triage,), to=State.waiting, needs_words=True),
        Step.answer: way(Who.requester, of=(State.waiting,), to=State.in_triage, needs_words=True),
        Step.approve: way(Who.triage, of=_WEIGHED, to=State.approved, needs_words=True),
        Step.approve_partly: way(Who.triage, of=_WEIGHED, to=State.approved, needs_words=True),
        Step.decline: way(Who.triage, of=_WEIGHED, to=State.declined, needs_words=True),
        Step.withdraw: way(Who.requester, of=(*UNDECIDED, *_GOING), to=State.withdrawn),
        Step.hand_over: way(Who.triage, Who.planner, of=UNDECIDED, needs_name=True),
        Step.schedule: way(Who.planner, of=_GOING, to=State.scheduled),
        Step.unschedule: way(
            Who.planner, of=(State.scheduled,), to=State.approved, needs_words=True
        ),
        Step.keep: way(Who.planner, of=_GOING, to=State.done),
        Step.miss: way(Who.planner, of=(State.scheduled,), to=State.missed),
        Step.expire: way(Who.planner, of=_GOING, to=State.missed),
    }
)

NEED_WORDS = _LIFE.need_words
"""The steps whose taker has to say why, or what."""


def takers(step: Step) -> frozenset[Who]:
    """In which parts somebody may take a step."""
    return _LIFE.takers(step)


def take(standing: Standing, taken: Taken) -> Standing:
    """Where the escalation stands after a step.

    Raises StepRefused as Outdated, NotNow, NotTheirs, WordsMissing or NobodyNamed, whichever holds
    first; nothing has changed then.
    """
    return Standing(
        sent_by=standing.sent_by,
        state=_LIFE.after(standing.state, standing, taken),
        version=standing.version + 1,
        in_hand_of=taken.to or standing.in_hand_of,
        last=taken,
    )


def leading_to(standing: Standing, taken: Taken) -> tuple[Taken, ...]:
    """A step with the one that goes before it: who of triage acts on a new one has begun to weigh it."""
    leads = _LIFE.beginnings(taken.step)
    is_begun = standing.state is not State.new or State.new in leads
    if is_begun or taken.who is not Who.triage or State.in_triage not in leads:
        return (taken,)
    begun = replace(taken, step=Step.triage, words="", to=None)
    return begun, replace(taken, version=taken.version + 1)


def caught_up(taken: Taken, steps: Sequence[Taken]) -> Taken:
    """A step at the version that there is now, where nothing that it is about has changed since.

    The clock hands over and decides nothing, so what somebody wrote meanwhile still holds. Nor does it
    matter to the requester, who hears of neither, that triage began to weigh it or handed it over.
    """
    since = [step for step in steps if step.version >= taken.version]
    if not all(_leaves_as_it_is(step, taken.who) for step in since):
        return taken
    return replace(taken, version=taken.version + len(since))


def _leaves_as_it_is(step: Taken, who: Who) -> bool:
    if who is Who.requester:
        return step.step in (Step.triage, Step.hand_over)
    return step.step is Step.hand_over and step.who is Who.planner


def possible(state: State, who: Who) -> tuple[Step, ...]:
    """The steps that somebody in this part may take from a state: the buttons they get."""
    return _LIFE.possible(state, who)


def replay(sent_by: str, steps: Iterable[Taken]) -> Standing:
    """Where an escalation stands after all its steps, as an audit tells them.

    Raises StepRefused where one of them could not have been taken.
    """
    standing = Standing(sent_by)
    for taken in steps:
        standing = take(standing, taken)
    return standing


def waits(sent_by: str, steps: Iterable[Taken]) -> tuple[Span, ...]:
    """When it waited for the requester, which stops its clock; the last may not be over.

    Raises StepRefused like `replay`.
    """
    standing, since = Standing(sent_by), None
    spans = []
    for taken in steps:
        standing = take(standing, taken)
        if standing.state is State.waiting:
            since = since or taken.at
        elif since:
            spans.append(Span(since, taken.at))
            since = None
    return (*spans, Span(since, None)) if since else tuple(spans)
