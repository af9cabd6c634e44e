"""Rows of a list of escalated stores: which become an escalation, which join one, which cannot be taken."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.calendar import start_of_week
from rules.escalation import State
from rules.requests import Hindrance, Verdict

MOVABLE = frozenset(
    {
        Hindrance.past,
        Hindrance.too_soon,
        Hindrance.before_release,
        Hindrance.pilot,
        Hindrance.blackout,
    }
)
"""What stands against a day, and not against every other."""


class Trouble(StrEnum):
    """Why a row cannot be taken, by what would have to change; a verdict's own hindrance is `wish`."""

    nobody = "nobody asks"
    stranger = "who asks is not known"
    ambiguous = "several are called so"
    no_reason = "no reason"
    changed = "changed while it is open"
    in_time = "it moves by then"
    wish = "the wish cannot be granted"


COLUMN = {
    Trouble.nobody: "requested_by",
    Trouble.stranger: "requested_by",
    Trouble.ambiguous: "requested_by",
    Trouble.no_reason: "reason",
    Trouble.changed: "location_id",
    Trouble.in_time: "wished_on",
}
ABOUT_LOCATION = frozenset(
    {
        Hindrance.unknown,
        Hindrance.begun,
        Hindrance.churned,
        Hindrance.feature_without_date,
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is new, or other than it was: `people` are those whom its words for who asks fit.

    `wished_on` is None where the row leaves it open: as soon as it is possible.
    """

    location_id: str
    people: tuple[str, ...]
    names_somebody: bool
    reason: str
    wished_on: date | None


@dataclass(frozen=True, slots=True)
class Open:
    """An escalation of the row's location that is not over, and who asks for it already."""

    number: int
    state: State
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a row: it joins the escalation `joins`, or is sent for a day, or there is trouble.

    `column` is the one that would have to be changed, by its canonical name.
    """

    trouble: Trouble | None = None
    column: str = ""
    wished_on: date | None = None
    joins: int | None = None


def fate(
    row: Row, importer: str | None, open_: Open | None, verdict: Verdict, promised: date | None
) -> Fate:
    """What becomes of a row that `importer` brings, who asks where it names nobody.

    `verdict` is on its wished day, or on the first day that can be planned where it names none;
    `promised` is the Monday of the week in which the location moves as things stand.
    """
    if verdict.hindrance is Hindrance.unknown:
        return Fate(Trouble.wish, "location_id")
    if trouble := _who(row, importer) or (None if row.reason.strip() else Trouble.no_reason):
        return Fate(trouble, COLUMN[trouble])
    if open_:
        return _beside(open_, requester(row, importer))
    return _wished(row, verdict, promised)


def requester(row: Row, importer: str | None) -> str:
    """Who asks: whom the row names, or who brings it."""
    return row.people[0] if row.people else importer or ""


def _who(row: Row, importer: str | None) -> Trouble | None:
    if not row.names_somebody:
        return None if importer else Trouble.nobody
    if len(row.people) > 1:
        return Trouble.ambiguous
    return None if row.people else Trouble.stranger


def _beside(open_: Open, person: str) -> Fate:
    """One escalation at a time for a location: who asks besides joins it, and hears of it too."""
    if person in open_.people:
        return Fate(Trouble.changed, COLUMN[Trouble.changed])
    return Fate(joins=open_.number)


def _wished(row: Row, verdict: Verdict, promised: date | None) -> Fate:
    wished = row.wished_on
    if wished is None:
        if not verdict.is_possible and (verdict.hindrance not in MOVABLE or not verdict.later):
            return Fate(Trouble.wish, "location_id")
        wished = verdict.later
    elif not verdict.is_possible:
        about_location = verdict.hindrance in ABOUT_LOCATION
        return Fate(Trouble.wish, "location_id" if about_location else "wished_on")
    if wished and promised and promised <= start_of_week(wished):
        return Fate(Trouble.in_time, COLUMN[Trouble.in_time])
    return Fate(wished_on=wished)
