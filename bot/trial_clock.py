"""Where business time can go in a trial, so that Monday 09:00 can be tried on a Friday."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.calendar import start_of_week
from store.audit import Change
from store.session import Transaction

NINE = time(9)
YEARS = range(2000, 2100)
TRIAL = "sandbox"


class Step(StrEnum):
    """A move that has a button of its own."""

    monday = "Next Monday, 09:00"
    day = "A day on"
    week = "A week on"


class NotATimeError(Exception):
    """What was given is no time to go to; the words say what is."""


@dataclass(frozen=True, slots=True)
class Move:
    """From one business time to another."""

    was: datetime
    to: datetime

    @property
    def is_back(self) -> bool:
        """Whether time would go backwards."""
        return self.to < self.was


def stepped(step: Step, now: datetime, zone: ZoneInfo) -> datetime:
    """Where a step leads from `now`, by the clock on the wall of `zone`."""
    here = now.astimezone(zone)
    if step is Step.day:
        return here + timedelta(days=1)
    if step is Step.week:
        return here + timedelta(days=7)
    monday = datetime.combine(start_of_week(here.date()), NINE, zone)
    return monday if monday > here else monday + timedelta(days=7)


def chosen(words: str, zone: ZoneInfo) -> datetime:
    """The time that a browser's field for date and time holds, on the wall of `zone`.

    Raises:
        NotATimeError: it is not one, or centuries away.
    """
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        raise NotATimeError("Give a date and a time, such as 2022-01-17 09:00.") from None
    if at.tzinfo is not None or at.year not in YEARS:
        raise NotATimeError("Give a date and a time between the years 2000 and 2099.")
    return at.replace(tzinfo=zone)


async def move(tx: Transaction, to: datetime) -> Move:
    """Move business time, and keep in the audit from when to when."""
    moved = Move(was=await tx.clock.now(), to=to)
    await tx.clock.set_now(to)
    before, after = ({"at": at.astimezone(UTC).isoformat()} for at in (moved.was, moved.to))
    tx.audit(Change("moved", "business time", before=before, after=after))
    return moved
