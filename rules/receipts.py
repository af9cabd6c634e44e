"""Receipts: what is proven about a delivery, graded and never guessed.

A machine may fetch a link, press a button of a form and read a mail before its person does: only what
a person did who proved to be that person counts as seen. See files.md of the design.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


class Grade(IntEnum):
    """How much is proven, the least first; each holds without those before it."""

    untold = 0
    notified = 1  # the message or the mail was accepted where it was sent
    fetched = 2  # the link was fetched, by a machine or nobody knows whom; never counts as seen
    opened = 3  # they proved who they are, and pressed
    issued = 4  # the address of the bytes was made for them
    completed = 5  # all bytes went out, as we or the store's log saw
    confirmed = 6  # their own computer found the same SHA-256

    @property
    def is_seen(self) -> bool:
        """Whether the person knows of the file for sure."""
        return self >= Grade.opened


class Kind(StrEnum):
    """What happened to a delivery."""

    notified = "notified"
    undelivered = "undelivered"
    fetched = "fetched"
    opened = "opened"
    issued = "issued"
    completed = "completed"
    confirmed = "confirmed"
    reshared = "re-shared"  # they passed it on by the button
    refused = "refused"


class Refusal(StrEnum):
    """Why somebody did not get what they asked for, in a closed list that has words for people."""

    not_released = "not released"
    superseded = "superseded"
    revoked = "revoked"
    expired = "expired"
    removed = "removed"  # its bytes are gone, as its retention says
    no_member = "no member"
    other_organisation = "other organisation"
    limit_reached = "limit reached"


GRADES: Mapping[Kind, Grade] = {
    Kind.notified: Grade.notified,
    Kind.fetched: Grade.fetched,
    Kind.opened: Grade.opened,
    Kind.issued: Grade.issued,
    Kind.completed: Grade.completed,
    Kind.confirmed: Grade.confirmed,
}
"""What each kind of evidence proves."""
NEEDS_PERSON = frozenset({Kind.opened, Kind.issued, Kind.completed, Kind.confirmed, Kind.reshared})
"""What only somebody can have done who proved who they are."""
DAILY = frozenset({Kind.fetched, Kind.refused})
"""What can be done without end, so of each day's it is kept how often; of the others, how often in all."""


class UnprovenEvidence(ValueError):
    """Evidence that needs a proven person came without one."""


@dataclass(frozen=True)
class Evidence:
    """What happened, once or more often; `by` is who proved to have done it. Raises UnprovenEvidence.

    `at` is when it happened first, `last_at` when it did last.
    """

    kind: Kind
    at: datetime
    by: str | None = None
    why: Refusal | None = None
    times: int = 1
    last_at: datetime | None = None

    @property
    def newest_at(self) -> datetime:
        """When it happened last."""
        return self.last_at or self.at

    def __post_init__(self) -> None:
        if self.kind in NEEDS_PERSON and self.by is None:
            raise UnprovenEvidence(f"Nobody proved to be the person who {self.kind} it.")


@dataclass(frozen=True)
class Receipt:
    """What is proven about the delivery to one recipient.

    `first_at` is when each grade was first proven. `others` are proven people of the space who used
    this delivery's link, by how much is proven of each. `bytes_unknown` says that an address was
    made for the recipient and nobody could see whether all bytes went out. `refused_others` is how
    often, of all refusals, that was somebody else by the same link.
    """

    grade: Grade = Grade.untold
    first_at: Mapping[Grade, datetime] = field(default_factory=dict)
    others: Mapping[str, Grade] = field(default_factory=dict)
    passed_on: int = 0
    refusals: tuple[Evidence, ...] = ()
    refused_others: int = 0
    is_undelivered: bool = False

    @property
    def is_reshared(self) -> bool:
        """Whether the file came to others through this delivery, or was passed on to them."""
        return bool(self.others or self.passed_on)

    @property
    def refused(self) -> int:
        """How often somebody was refused."""
        return sum(each.times for each in self.refusals)

    @property
    def last_refusal(self) -> Evidence | None:
        """The newest refusal."""
        return max(self.refusals, key=lambda each: each.newest_at, default=None)

    @property
    def bytes_unknown(self) -> bool:
        """Whether it was downloaded as far as we know, and nobody can tell if it arrived whole."""
        return self.grade is Grade.issued


def receipt(recipient: str, evidence: Iterable[Evidence]) -> Receipt:
    """What is proven about the delivery to a recipient; in which order things came to be known is all one."""
    first: dict[Grade, datetime] = {}
    others: dict[str, Grade] = defaultdict(lambda: Grade.untold)
    by_time = sorted(evidence, key=lambda each: each.at)
    for each in by_time:
        grade = GRADES.get(each.kind)
        if grade is None:
            continue
        if each.by in (None, recipient):
            first.setdefault(grade, each.at)
        elif each.by:
            others[each.by] = max(others[each.by], grade)
    refusals = tuple(each for each in by_time if each.kind is Kind.refused)
    return Receipt(
        grade=max(first, default=Grade.untold),
        first_at=first,
        others=dict(others),
        passed_on=sum(each.times for each in by_time if each.kind is Kind.reshared),
        refusals=refusals,
        refused_others=sum(each.times for each in refusals if each.by not in (None, recipient)),
        is_undelivered=_last_word(by_time) is Kind.undelivered,
    )


def _last_word(by_time: Sequence[Evidence]) -> Kind | None:
    """Whether the newest try to tell them arrived."""
    newest_first = sorted(by_time, key=lambda each: each.newest_at, reverse=True)
    told = (each.kind for each in newest_first)
    return next((kind for kind in told if kind in (Kind.notified, Kind.undelivered)), None)


def tally(receipts: Iterable[Receipt]) -> Mapping[Grade, int]:
    """How many recipients are at which grade, and no further; each grade is there, at 0 too."""
    counted = dict.fromkeys(Grade, 0)
    for each in receipts:
        counted[each.grade] += 1
    return counted
