"""What an announcement contains: its sections in order, what each lists, and why one has nothing to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from rules.announced import Cause, Customer, Feature, Figures, Scope, Wave
from rules.wave_life import State

Item = TypeVar("Item")


class Topic(StrEnum):
    """What a schedule announces."""

    roadmap = "roadmap"
    waves = "waves"
    progress = "progress"
    failures = "failures"
    everything = "everything"


class Section(StrEnum):
    """A part of an announcement, under a heading of its own."""

    this_wave = "this_wave"
    next_wave = "next_wave"
    progress = "progress"
    forecast = "forecast"
    failures = "failures"
    roadmap = "roadmap"


SECTIONS: Mapping[Topic, tuple[Section, ...]] = {
    Topic.roadmap: (Section.roadmap,),
    Topic.waves: (Section.this_wave, Section.next_wave),
    Topic.progress: (Section.progress, Section.forecast),
    Topic.failures: (Section.failures,),
    Topic.everything: tuple(Section),
}
MOST_LISTED: Mapping[Section, int] = {
    Section.this_wave: 9,
    Section.next_wave: 9,
    Section.failures: 6,
    Section.roadmap: 10,
}
"""So many lines a list may have, with the one that says how many more there are."""
MOST_OF_SEVERAL: Mapping[Section, int] = {
    Section.this_wave: 8,
    Section.next_wave: 8,
    Section.failures: 4,
    Section.roadmap: 6,
}
"""The same where one message has them all."""


class Empty(StrEnum):
    """Why a section has nothing to list, in a closed list that has words for people."""

    nothing_to_move = "nothing_to_move"  # nothing was imported, or nothing is in scope
    all_moved = "all_moved"
    no_plan = "no_plan"
    closed = "closed"  # a holiday or a blackout; the figures say which
    all_wait = "all_wait"  # whoever is left waits for features
    not_in_scope = "not_in_scope"  # others move
    nobody_placed = "nobody_placed"
    last_wave = "last_wave"
    no_forecast = "no_forecast"
    nothing_tried = "nothing_tried"
    none_failed = "none_failed"
    no_features = "no_features"
    all_released = "all_released"


_WITHOUT_PLAN = (Empty.nothing_to_move, Empty.all_moved, Empty.no_plan)
MAY_BE: Mapping[Section, tuple[Empty, ...]] = {
    Section.this_wave: (
        *_WITHOUT_PLAN,
        *(Empty.closed, Empty.all_wait, Empty.not_in_scope, Empty.nobody_placed),
    ),
    Section.next_wave: (*_WITHOUT_PLAN, Empty.last_wave, Empty.all_wait, Empty.nobody_placed),
    Section.progress: (Empty.nothing_to_move,),
    Section.forecast: (*_WITHOUT_PLAN, Empty.no_forecast),
    Section.failures: (Empty.none_failed, Empty.nothing_tried),
    Section.roadmap: (Empty.no_features, Empty.all_released),
}
"""Why each section may be empty: for each there are words."""
_SAID_ONCE = frozenset({*_WITHOUT_PLAN, Empty.all_wait})
"""What empties several sections at once."""


@dataclass(frozen=True, slots=True)
class Cut(Generic[Item]):
    """The first of a list, and how many more there are."""

    shown: tuple[Item, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A section with all that it lists, or why it lists nothing; a wave's has its week and state.

    Its list is whole: `cut` makes what a message has room for. `total` counts what the list is about:
    locations, or tries that failed.
    """

    section: Section
    empty: Empty | None = None
    customers: tuple[Customer, ...] = ()
    features: tuple[Feature, ...] = ()
    causes: tuple[Cause, ...] = ()
    total: int = 0
    week: date | None = None
    state: State | None = None

    @property
    def listed(self) -> tuple[Customer, ...] | tuple[Feature, ...] | tuple[Cause, ...]:
        """Its list, whatever it is of."""
        return self.customers or self.features or self.causes

    @property
    def words(self) -> str:
        """The name of the words it is told with: "this_wave", or "this_wave_closed"."""
        return f"{self.section}_{self.empty}" if self.empty else str(self.section)


@dataclass(frozen=True, slots=True)
class Announcement:
    """All that is announced, in order. Kept with what was said, it is read later as it was then."""

    parts: tuple[Part, ...]

    def part(self, section: Section) -> Part | None:
        """One of its parts, where it has it."""
        return next((part for part in self.parts if part.section is section), None)

    @property
    def told(self) -> list[Part]:
        """The parts that say something new: what empties several of them is said by the first."""
        if self.is_quiet:
            return [*self.parts[:1]]
        once: set[Empty] = set()
        told = []
        for part in self.parts:
            if part.empty not in once:
                told.append(part)
            once |= _SAID_ONCE & {part.empty}
        return told

    @property
    def nothing_moves(self) -> Empty | None:
        """Why nothing moves this week, where it speaks of that; it is the first line then."""
        part = self.part(Section.this_wave)
        return part.empty if part else None

    @property
    def is_quiet(self) -> bool:
        """Whether no part has anything to list: then it is one line, and no picture."""
        return all(part.empty for part in self.parts)

    @property
    def has_picture(self) -> bool:
        """Whether the burn-up with its forecast belongs to it."""
        drawn = {Section.progress, Section.forecast}
        return any(part.section in drawn and not part.empty for part in self.parts)


def announcement(topic: Topic, scope: Scope, figures: Figures) -> Announcement:
    """What is announced about a topic, to whom a scope speaks of, at the moment of the figures."""
    made = {
        Section.this_wave: _this_wave,
        Section.next_wave: _next_wave,
        Section.progress: _progress,
        Section.forecast: _forecast,
        Section.failures: _failures,
        Section.roadmap: _roadmap,
    }
    return Announcement(tuple(made[section](scope, figures) for section in SECTIONS[topic]))


def most_listed(section: Section, topic: Topic) -> int:
    """So many lines a list of this section may have in a message about this topic; 0: it has none."""
    most = MOST_OF_SEVERAL if topic is Topic.everything else MOST_LISTED
    return most.get(section, 0)


def cut(items: Sequence[Item], most: int) -> Cut[Item]:
    """A list in so many lines; where it needs more, the last line says how many.

    >>> cut("abcd", 4), cut("abcde", 4)
    (Cut(shown=('a', 'b', 'c', 'd'), more=0), Cut(shown=('a', 'b', 'c'), more=2))
    """
    if len(items) <= most:
        return Cut(tuple(items))
    return Cut(tuple(items[: most - 1]), len(items) - most + 1)


def _this_wave(scope: Scope, figures: Figures) -> Part:
    wave = figures.this_wave
    listed = scope.of_wave(wave)
    if wave and listed:
        return _wave(Section.this_wave, wave, listed)
    empty = (
        _nothing_left(figures)
        or (Empty.closed if figures.week in figures.closed else None)
        or (Empty.all_wait if figures.waiting >= figures.left else None)
        or (Empty.not_in_scope if wave and wave.customers else Empty.nobody_placed)
    )
    return Part(Section.this_wave, empty, week=figures.week)


def _next_wave(scope: Scope, figures: Figures) -> Part:
    wave = figures.next_wave(scope)
    if wave:
        return _wave(Section.next_wave, wave, scope.of_wave(wave))
    of_this_one = sum(each.locations for each in scope.of_wave(figures.this_wave))
    empty = (
        _nothing_left(figures)
        or (Empty.last_wave if of_this_one >= figures.left else None)
        or (Empty.all_wait if figures.waiting >= figures.left - of_this_one else None)
        or Empty.nobody_placed
    )
    return Part(Section.next_wave, empty)


def _progress(_scope: Scope, figures: Figures) -> Part:
    return Part(Section.progress, None if figures.to_move else Empty.nothing_to_move)


def _forecast(_scope: Scope, figures: Figures) -> Part:
    empty = _nothing_left(figures) or (None if figures.finishes else Empty.no_forecast)
    return Part(Section.forecast, empty)


def _failures(_scope: Scope, figures: Figures) -> Part:
    if not figures.causes:
        return Part(Section.failures, Empty.none_failed if figures.tried else Empty.nothing_tried)
    by_most = sorted(figures.causes, key=lambda cause: (-cause.failures, cause.words))
    return Part(
        Section.failures,
        causes=tuple(by_most),
        total=sum(cause.failures for cause in by_most),
    )


def _roadmap(scope: Scope, figures: Figures) -> Part:
    spoken_of = [feature for feature in figures.features if scope.speaks_of(feature)]
    told = [each for each in spoken_of if each.released_on is None or each.is_news]
    if not told:
        return Part(Section.roadmap, Empty.all_released if spoken_of else Empty.no_features)
    told.sort(key=lambda each: (not each.is_news, each.target_on or date.max, each.name, each.key))
    return Part(
        Section.roadmap,
        features=tuple(told),
        total=sum(each.locations for each in told),
    )


def _nothing_left(figures: Figures) -> Empty | None:
    """Why nobody is left to be moved by a plan, if that is so."""
    if not figures.to_move:
        return Empty.nothing_to_move
    if not figures.left:
        return Empty.all_moved
    return None if figures.has_plan else Empty.no_plan


def _wave(section: Section, wave: Wave, customers: Sequence[Customer]) -> Part:
    return Part(
        section,
        customers=tuple(customers),
        total=sum(each.locations for each in customers),
        week=wave.week,
        state=wave.state,
    )
