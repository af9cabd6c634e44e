"""The life of an escalation: which step leads from where to where, and who may take it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rules.working_time import Span

FIRST_VERSION = 1


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
    expire = "expire"  # its due day is over and it never got a week


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that somebody takes: when, in which part, and at which version of the escalation.

    `words` are those that others will read, `to` is who has it in hand from then on.
    """

    step: Step
    by: str
    who: Who
    version: int
    at: datetime
    words: str = ""
    to: str | None = None


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


class StepRefused(ValueError):  # noqa: N818 - it is raised as a sentence, not as an "error"
    """A step that cannot be taken; `standing` says where the escalation stands and who put it there."""

    def __init__(self, standing: Standing, taken: Taken, why: str) -> None:
        last = f"{standing.last.step} by" if standing.last else "sent by"
        super().__init__(f"{why} It is {standing.state} ({last} {standing.last_by}).")
        self.standing = standing
        self.taken = taken


class Outdated(StepRefused):
    """Somebody else took a step meanwhile."""


class NotNow(StepRefused):
    """There is no way for this step from here."""


class NotTheirs(StepRefused):
    """Somebody in another part may take this step."""


class WordsMissing(StepRefused):
    """A step that others want explained came without words."""


class NobodyNamed(StepRefused):
    """A step that hands it to somebody names nobody."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """From where to where a step leads, who may take it, and what it has to say."""

    by: frozenset[Who]
    leads: Mapping[State, State]
    needs_words: bool = False
    needs_name: bool = False


def _rule(
    *by: Who,
    to: State | None = None,
    of: Iterable[State],
    needs_words: bool = False,
    needs_name: bool = False,
) -> _Rule:
    """A step from any of these states to one; without `to` it stays where it is."""
    return _Rule(frozenset(by), {state: to or state for state in of}, needs_words, needs_name)


_WEIGHED = (State.in_triage, State.waiting)
_GOING = (State.approved, State.scheduled)
_RULES = {
    Step.triage: _rule(Who.triage, Who.planner, of=(State.new,), to=State.in_triage),
    Step.ask: _rule(Who.triage, of=(State.in_triage,), to=State.waiting, needs_words=True),
    Step.answer: _rule(Who.requester, of=(State.waiting,), to=State.in_triage, needs_words=True),
    Step.approve: _rule(Who.triage, of=_WEIGHED, to=State.approved, needs_words=True),
    Step.approve_partly: _rule(Who.triage, of=_WEIGHED, to=State.approved, needs_words=True),
    Step.decline: _rule(Who.triage, of=_WEIGHED, to=State.declined, needs_words=True),
    Step.withdraw: _rule(Who.requester, of=(*UNDECIDED, *_GOING), to=State.withdrawn),
    Step.hand_over: _rule(Who.triage, Who.planner, of=UNDECIDED, needs_name=True),
    Step.schedule: _rule(Who.planner, of=_GOING, to=State.scheduled),
    Step.unschedule: _rule(Who.planner, of=(State.scheduled,), to=State.approved, needs_words=True),
    Step.keep: _rule(Who.planner, of=_GOING, to=State.done),
    Step.miss: _rule(Who.planner, of=(State.scheduled,), to=State.missed),
    Step.expire: _rule(Who.planner, of=(State.approved,), to=State.missed),
}

NEED_WORDS = frozenset(step for step, rule in _RULES.items() if rule.needs_words)
"""The steps whose taker has to say why, or what."""


def take(standing: Standing, taken: Taken) -> Standing:
    """Where the escalation stands after a step.

    Raises StepRefused as Outdated, NotNow, NotTheirs, WordsMissing or NobodyNamed, whichever holds
    first; nothing has changed then.
    """
    rule = _RULES[taken.step]
    if taken.version != standing.version:
        raise Outdated(standing, taken, "Somebody else took a step meanwhile.")
    if standing.state not in rule.leads:
        raise NotNow(standing, taken, f"There is no way to {taken.step} from here.")
    if taken.who not in rule.by:
        raise NotTheirs(standing, taken, f"The {taken.who} cannot {taken.step}.")
    if rule.needs_words and not taken.words.strip():
        raise WordsMissing(standing, taken, f"To {taken.step} needs a few words.")
    if rule.needs_name and not taken.to:
        raise NobodyNamed(standing, taken, f"To {taken.step} needs a name.")
    return Standing(
        sent_by=standing.sent_by,
        state=rule.leads[standing.state],
        version=standing.version + 1,
        in_hand_of=taken.to or standing.in_hand_of,
        last=taken,
    )


def leading_to(standing: Standing, taken: Taken) -> tuple[Taken, ...]:
    """A step with the one that goes before it: who of triage acts on a new one has begun to weigh it."""
    leads = _RULES[taken.step].leads
    is_begun = standing.state is not State.new or State.new in leads
    if is_begun or taken.who is not Who.triage or State.in_triage not in leads:
        return (taken,)
    begun = replace(taken, step=Step.triage, words="", to=None)
    return begun, replace(taken, version=taken.version + 1)


def possible(state: State, who: Who) -> tuple[Step, ...]:
    """The steps that somebody in this part may take from a state: the buttons they get."""
    return tuple(step for step, rule in _RULES.items() if state in rule.leads and who in rule.by)


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
