"""What partners are told of a wave: one message per audience, in versions that a second person approves."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rules import life
from rules.life import FIRST_VERSION, Life, way
from rules.naming import is_said
from rules.roles import Role
from rules.word_difference import is_different, word_difference


class Audience(StrEnum):
    """Who a message is for."""

    customer = "customer"
    partner = "partner"
    internal = "internal"


class State(StrEnum):
    """Where a version of a message stands."""

    draft = "draft"
    current = "current"
    superseded = "superseded"
    dropped = "dropped"

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen to the version any more."""
        return self in FINAL


FINAL = frozenset({State.superseded, State.dropped})
APPROVED = frozenset({State.current, State.superseded})


class Who(StrEnum):
    """In which part somebody takes a step."""

    writer = "writer"  # whoever wrote the draft, or some of it
    second = "second person"
    wavepost = "clock"  # Wavepost itself


class Step(StrEnum):
    """What can be done with a version of a message."""

    rewrite = "rewrite"  # the words are the text
    approve = "approve"
    decline = "decline"
    drop = "drop"
    supersede = "supersede"


Taken = life.Taken[Step, Who]
Standing = life.Standing[State, Step, Who]
DRAFT = (State.draft,)

_LIFE = Life(
    {
        Step.rewrite: way(Who.writer, Who.second, of=DRAFT, needs_words=True),
        Step.approve: way(Who.second, of=DRAFT, to=State.current),
        Step.decline: way(Who.second, of=DRAFT, to=State.dropped, needs_words=True),
        Step.drop: way(Who.writer, of=DRAFT, to=State.dropped),
        Step.supersede: way(Who.wavepost, of=(State.current,), to=State.superseded),
    }
)

WRITES = Role.csa
"""Who may begin a version."""
MAY: Mapping[Step, Role] = {
    Step.rewrite: WRITES,
    Step.approve: Role.approver,
    Step.decline: Role.approver,
    Step.drop: WRITES,
}
"""The role that each step of a person takes, beside the part they have in the version."""


def reads_drafts(roles: AbstractSet[Role]) -> bool:
    """Whether somebody with these roles reads what nobody has approved: who writes or approves."""
    return not roles.isdisjoint(MAY.values())


LONGEST = 1_500
"""Letters of a text: with what differs from another one of this length it fits into one message."""

NEED_WORDS = _LIFE.need_words
"""The steps that come with words: the text, or why."""


def takers(step: Step) -> frozenset[Who]:
    """In which parts somebody may take a step."""
    return _LIFE.takers(step)


class NotToBeWritten(ValueError):
    """A text that cannot be a version: without words, too long, or in the words that are current."""


class AlreadyDrafted(ValueError):
    """Somebody has begun the next version; `draft` is theirs, and can be rewritten."""

    def __init__(self, draft: "Version") -> None:
        super().__init__("The next version is being written already. Change that one.")
        self.draft = draft


@dataclass(frozen=True)
class Version:
    """One version of a message, by its number from 1, and all who wrote some of it."""

    number: int
    text: str
    writers: frozenset[str]
    standing: Standing = Standing(State.draft)  # noqa: RUF009 - it is frozen

    def part(self, person: str) -> Who:
        """In which part somebody takes a step: who wrote any of it is no second person."""
        return Who.writer if person in self.writers else Who.second

    def possible(self, person: str) -> tuple[Step, ...]:
        """The steps that somebody who may write and approve can take: the buttons they get."""
        return _LIFE.possible(self.standing.state, self.part(person))

    def open_to(self, person: str, roles: AbstractSet[Role]) -> tuple[Step, ...]:
        """The steps that somebody with these roles can take."""
        return tuple(step for step in self.possible(person) if MAY[step] in roles)

    def after(self, taken: Taken) -> "Version":
        """The version after a step; raises StepRefused, as `rules.life` does."""
        standing = _LIFE.take(self.standing, taken)
        if taken.step is not Step.rewrite:
            return replace(self, standing=standing)
        return Version(self.number, taken.words, self.writers | {taken.by}, standing)


@dataclass(frozen=True)
class Message:
    """All versions of what one audience is told of one wave, the oldest first.

    At most one of them is current, and the newest may be a draft.
    """

    versions: tuple[Version, ...] = ()

    @property
    def current(self) -> Version | None:
        """The version that is told; None before one is approved."""
        return next((each for each in self.versions if each.standing.state is State.current), None)

    @property
    def draft(self) -> Version | None:
        """The version that waits for a second person."""
        newest = self.versions[-1] if self.versions else None
        return newest if newest and newest.standing.state is State.draft else None

    def read_by(self, roles: AbstractSet[Role]) -> tuple[Version, ...]:
        """The versions that somebody with these roles reads: of readers, those that were approved."""
        if reads_drafts(roles):
            return self.versions
        return tuple(each for each in self.versions if each.standing.state in APPROVED)

    def begun(self, text: str, by: str) -> "Message":
        """The message with a next version, as a draft; raises AlreadyDrafted or NotToBeWritten."""
        if self.draft:
            raise AlreadyDrafted(self.draft)
        _refuse_unfit(text)
        self._refuse_same(text)
        number = len(self.versions) + FIRST_VERSION
        return Message((*self.versions, Version(number, text, frozenset({by}))))

    def after(self, number: int, taken: Taken) -> "Message":
        """The message after somebody's step with a version of it: an approval supersedes the other.

        In which part they take it, the version knows, whatever `taken` says.
        Raises StepRefused as Outdated, NotNow, NotTheirs or WordsMissing, whichever holds first;
        NotToBeWritten where a rewrite leaves the words as they are current; and LookupError where
        there is no version of this number. Nothing has changed then.
        """
        version = next((each for each in self.versions if each.number == number), None)
        if version is None:
            raise LookupError(f"The message has no version {number}.")
        changed = {number: version.after(replace(taken, who=version.part(taken.by)))}
        if taken.step is Step.rewrite:
            _refuse_unfit(taken.words)
            self._refuse_same(taken.words)
        if taken.step is Step.approve and self.current:
            changed[self.current.number] = self.current.after(_superseding(self.current, taken.at))
        return Message(tuple(changed.get(each.number, each) for each in self.versions))

    def _refuse_same(self, text: str) -> None:
        if self.current and not is_different(word_difference(self.current.text, text)):
            raise NotToBeWritten(
                f"These are the words of version {self.current.number}, which is current."
            )


def _refuse_unfit(text: str) -> None:
    if not is_said(text):
        raise NotToBeWritten("A message needs words.")
    if len(text) > LONGEST:
        raise NotToBeWritten(
            f"A message has at most {LONGEST:,} letters, and this has {len(text):,}."
        )


def _superseding(version: Version, at: datetime) -> Taken:
    wavepost = Who.wavepost
    return Taken(Step.supersede, wavepost, wavepost, version.standing.version, at)


@dataclass(frozen=True, slots=True)
class Copy:
    """Somebody copied a version of a message, to tell it."""

    person: str
    number: int


def holding_older(message: Message, copies: Iterable[Copy]) -> dict[str, int]:
    """Who may be telling an older version than the current one, and the newest that they copied.

    Each is told once of the current version, with what differs from the one they have.
    """
    newest: dict[str, int] = {}
    for copy in copies:
        newest[copy.person] = max(copy.number, newest.get(copy.person, copy.number))
    if message.current is None:
        return {}
    current = message.current.number
    return {person: number for person, number in newest.items() if number < current}
