"""Who hears of what: subjects that can be followed, what people chose, and the most urgent of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What can be followed."""

    location = "location"
    customer = "customer"
    wave = "wave"
    feature = "feature"
    csa = "csa"


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that can be followed: a wave by its Monday, a CSA by e-mail address, others by id."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        """The subject as buttons and kept facts have it."""
        return f"{self.kind}|{self.id}"

    @classmethod
    def of(cls, words: str) -> "Subject":
        """The subject that was written so.

        Raises:
            ValueError: it is none.
        """
        kind, _, id_ = words.partition("|")
        return cls(Kind(kind), id_)


EVERY_WAVE = Subject(Kind.wave, "every")
"""For who wants to hear of all, wave by wave."""


class Pace(StrEnum):
    """How soon somebody wants to hear; muted: not at all, whatever else they follow."""

    instant = "instant"
    daily = "daily"
    muted = "muted"


OWNERS_PACE = Pace.daily
"""How soon a CSA hears of their own customers without having chosen anything."""

BREADTH = {Kind.location: 0, Kind.customer: 1, Kind.wave: 2, Kind.feature: 2, Kind.csa: 2}
BROADEST = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """How soon a person wants to hear of a subject."""

    person_id: str
    subject: Subject
    pace: Pace


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened: all that it concerns, what it was, and the facts its words are made of.

    `facts` are JSON. Who chose any of the subjects may hear of it; what belongs to several people's
    choices in different ways is several pieces of news of one cause. Those whom it is `known_to`, in
    a channel say, need not hear it again.
    """

    event: str
    subjects: frozenset[Subject]
    facts: Mapping[str, Any] = field(default_factory=dict)
    known_to: AbstractSet[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """The news as it is kept."""
        subjects = sorted(map(str, self.subjects))
        return {"event": self.event, "subjects": subjects, "facts": dict(self.facts)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "News":
        """The news that was kept."""
        return cls(kept["event"], frozenset(map(Subject.of, kept["subjects"])), kept["facts"])


def breadth(subject: Subject) -> int:
    """How much a subject covers; the smaller, the more specific."""
    return BROADEST if subject == EVERY_WAVE else BREADTH[subject.kind]


def hears(choices: Mapping[Subject, Pace]) -> Pace | None:
    """How soon a person hears who chose this for the subjects that are concerned; None: not at all.

    The most urgent pace wins. A subject that is muted silences all that are broader.
    """
    if len(choices) == 1:  # the usual case, a million times where a plan is large
        (only,) = choices.values()
        return None if only is Pace.muted else only
    muted = [breadth(subject) for subject, pace in choices.items() if pace is Pace.muted]
    narrow = min(muted, default=BROADEST)
    heard = {
        pace
        for subject, pace in choices.items()
        if pace is not Pace.muted and breadth(subject) <= narrow
    }
    return next((pace for pace in (Pace.instant, Pace.daily) if pace in heard), None)


def touched(subjects: Iterable[Subject]) -> frozenset[Subject]:
    """The subjects, and every wave where one of them is a wave."""
    found = frozenset(subjects)
    is_of_waves = any(subject.kind is Kind.wave for subject in found)
    return found | {EVERY_WAVE} if is_of_waves else found


class Audience:
    """All who chose anything, ready to be asked of many subjects."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self._of: dict[Subject, list[Choice]] = defaultdict(list)
        for choice in choices:
            self._of[choice.subject].append(choice)

    def hearing(self, subjects: Collection[Subject]) -> dict[str, Pace]:
        """Who hears of something that concerns all these subjects at once, and how soon."""
        chosen: dict[str, dict[Subject, Pace]] = defaultdict(dict)
        for subject in touched(subjects):
            for choice in self._of.get(subject, ()):
                chosen[choice.person_id][subject] = choice.pace
        paces = ((person, hears(choices)) for person, choices in chosen.items())
        return {person: pace for person, pace in paces if pace}


@dataclass(slots=True)
class Heard:
    """What one person hears of one cause, and how soon: as soon as the most urgent of it."""

    pace: Pace = Pace.daily
    news: list[News] = field(default_factory=list)


def heard_of(news: Iterable[News], audience: Audience, *, known: bool = False) -> dict[str, Heard]:
    """All news of one cause, by the person who hears of it: once, however many ways lead to them.

    What is `known`: all of which those who would hear of it are said to know already.
    """
    by_person: dict[str, Heard] = defaultdict(Heard)
    for each in news:
        for person, pace in audience.hearing(each.subjects).items():
            if (person in each.known_to) is not known:
                continue
            heard = by_person[person]
            heard.news.append(each)
            if pace is Pace.instant:
                heard.pace = pace
    return dict(by_person)
