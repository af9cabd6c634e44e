"""Whom an announcement reached: by a channel, by a DM, or not and why; and who still gets a digest.

People are told facts, one for each customer or feature that an announcement speaks of. A table has a
row for each of p people and a column for each of f facts, or c channels. It takes about a second for
5,000 people, 5,000 facts and 500 channels with a hundred people each, and some 25 MB a table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from rules.activity import Codes
from rules.figures import Flags


class Outcome(IntEnum):
    """What became of a message."""

    unsaid = 0  # there is none: an archived channel, or nobody to tell
    coming = 1
    delivered = 2
    uncertain = 3  # it may have arrived
    failed = 4


class Bar(IntEnum):
    """Why no DM can be sent to somebody."""

    none = 0
    deactivated = 1
    outsider = 2  # a guest or a stranger, who gets files and nothing else
    absent = 3  # they own customers, and have no account in the workspace


class Way(IntEnum):
    """How somebody came to know a fact, the surest first; a later one counts where no other holds."""

    unconcerned = 0
    pressed = 1  # Got it, on a message that tells it
    channel = 2  # its message was delivered where they are a member
    dm = 3
    before = 4  # within the window, by something else
    coming = 5
    missed = 6


class Why(IntEnum):
    """Why somebody missed a fact, in a closed list that has words for people; the first that holds."""

    reached = 0
    absent = 1
    deactivated = 2
    outsider = 3
    dm_failed = 4
    uncertain = 5
    muted = 6  # they chose to hear nothing of it
    channel_failed = 7
    untold = 8  # they are in no channel that tells it, and no digest told it yet


@dataclass(frozen=True, eq=False)
class People:
    """Whom an announcement concerns.

    `concerned`, bool[p, f], are owners, followers and subscribers; `muted`, bool[p, f], those of
    them who chose to hear nothing of it; `bar` i8[p] of Bar.
    """

    concerned: Flags
    muted: Flags
    bar: Codes

    @property
    def present(self) -> Flags:
        """Who reads channels: bool[p]. Somebody who was deactivated may still be listed in one."""
        return np.asarray(self.bar != Bar.deactivated)


@dataclass(frozen=True, eq=False)
class Posts:
    """What was said in channels: `members` bool[p, c], `tells` bool[c, f], `outcome` i8[c] of Outcome.

    `pressed`, bool[p, c], are those who pressed Got it there; they need be no members.
    """

    members: Flags
    tells: Flags
    outcome: Codes
    pressed: Flags

    def heard(self, *outcomes: Outcome) -> Flags:
        """Who is a member where a fact was told by a message that became one of these: bool[p, f]."""
        return _told(self.members, self.tells, np.isin(self.outcome, outcomes))

    @property
    def confirmed(self) -> Flags:
        """Who pressed Got it where a fact was told: bool[p, f]."""
        return _told(self.pressed, self.tells, np.full(len(self.outcome), fill_value=True))


@dataclass(frozen=True, eq=False)
class Digests:
    """What DMs told: `outcome` i8[p, f] of Outcome; unsaid where none told it."""

    outcome: Codes

    @classmethod
    def none(cls, people: int, facts: int) -> "Digests":
        """Before any was sent."""
        return cls(np.full((people, facts), Outcome.unsaid, dtype=np.int8))

    @property
    def tells(self) -> Flags:
        """Who was told what by a DM, whatever became of it: bool[p, f]."""
        return np.asarray(self.outcome != Outcome.unsaid)

    def told(self, *outcomes: Outcome) -> Flags:
        """What was told by a DM that became one of these: bool[p, f]."""
        return np.asarray(np.isin(self.outcome, outcomes))


@dataclass(frozen=True, eq=False)
class Reach:
    """How each fact came to whom it concerns: `way` i8[p, f] of Way, `why` i8[p, f] of Why."""

    way: Codes
    why: Codes

    @property
    def of_people(self) -> Codes:
        """The least sure way by which anything came to each person: i8[p] of Way."""
        return np.asarray(self.way.max(axis=1, initial=Way.unconcerned), dtype=np.int8)

    @property
    def counts(self) -> Mapping[Way, int]:
        """How many people each way is the least sure of; unconcerned are in no list."""
        counted = np.bincount(self.of_people, minlength=len(Way)).tolist()
        return {way: counted[way] for way in Way if way is not Way.unconcerned}

    @property
    def missed(self) -> npt.NDArray[np.int64]:
        """How many facts each person missed: i64[p]."""
        return np.asarray((self.way == Way.missed).sum(axis=1), dtype=np.int64)

    @property
    def unreached(self) -> list[tuple[int, Why]]:
        """The people who missed anything, by their rows, and why: the first reason of any fact."""
        first = (self.why - 1).view(np.uint8).min(axis=1, initial=_NOTHING)
        return [(int(row), Why(first[row] + 1)) for row in np.flatnonzero(first != _NOTHING)]


_NOTHING = 255
"""One less than nothing, where a number has no sign: what was reached comes after every reason."""
MAY_ARRIVE = (Outcome.coming, Outcome.delivered, Outcome.uncertain)


def left_to_tell(people: People, posts: Posts, digests: Digests, before: Flags) -> Flags:
    """The facts that a DM digest tells each person: bool[p, f]; who has none gets no digest.

    They are concerned by them, did not mute them, are in no channel where they may have arrived and
    were told them neither by a digest nor, as `before` says (bool[p, f]), lately by anything else. So
    nobody is told the same by two ways, but who is in two channels that tell it reads it twice. A
    digest that failed is not tried again: leads see whom it did not reach.
    """
    may_know = posts.heard(*MAY_ARRIVE) | posts.confirmed | digests.tells | before
    wants = people.concerned & ~people.muted & (people.bar == Bar.none)[:, None]
    return np.asarray(wants & ~may_know)


def reached(people: People, posts: Posts, digests: Digests, before: Flags) -> Reach:
    """How each fact came to each person whom it concerns, or why it did not."""
    present = people.present[:, None]
    ways: Layers = [
        (
            Way.coming,
            lambda: (posts.heard(Outcome.coming) & present) | digests.told(Outcome.coming),
        ),
        (Way.before, lambda: before),
        (Way.dm, lambda: digests.told(Outcome.delivered)),
        (Way.channel, lambda: posts.heard(Outcome.delivered) & present),
        (Way.pressed, lambda: posts.confirmed),
    ]
    reasons: Layers = [
        (Why.channel_failed, lambda: posts.heard(Outcome.failed)),
        (Why.muted, lambda: people.muted),
        (
            Why.uncertain,
            lambda: posts.heard(Outcome.uncertain) | digests.told(Outcome.uncertain),
        ),
        (Why.dm_failed, lambda: digests.told(Outcome.failed)),
        (Why.outsider, lambda: (people.bar == Bar.outsider)[:, None]),
        (Why.deactivated, lambda: ~present),
        (Why.absent, lambda: (people.bar == Bar.absent)[:, None]),
    ]
    way = _uppermost(ways, people.concerned, Way.unconcerned, beneath=Way.missed)
    missed = np.asarray(way == Way.missed)
    return Reach(way, _uppermost(reasons, missed, Why.reached, beneath=Why.untold))


Layers = list[tuple[IntEnum, Callable[[], Flags]]]
"""Codes with where they hold; later ones lie above. Each table is made when it is its turn."""


def _uppermost(layers: Layers, asked: Flags, unasked: IntEnum, *, beneath: IntEnum) -> Codes:
    """The last code that holds where it is asked: i8 of the same shape."""
    codes = np.full(asked.shape, beneath, dtype=np.int8)
    for code, holds in layers:
        np.copyto(codes, code, where=holds())
    np.copyto(codes, unasked, where=~asked)
    return codes


def _told(who: Flags, tells: Flags, counts: Flags) -> Flags:
    """Who is in a channel that tells a fact, of those channels that count: bool[p, f]."""
    facts = tells.shape[1]
    packed = np.packbits(tells, axis=1)  # eight facts at a time
    told = np.zeros((len(who), packed.shape[1]), dtype=np.uint8)
    for channel in np.flatnonzero(counts):
        told[who[:, channel]] |= packed[channel]
    return np.unpackbits(told, axis=1, count=facts).astype(np.bool_)
