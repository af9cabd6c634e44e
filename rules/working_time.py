"""Clocks of escalations: an hour on the wall, days of the triage team's work, and stops in between."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import Field

from rules.groups import Group
from rules.hours import at

DAY = timedelta(days=1)
NOTHING = timedelta()
MIDNIGHT = time()
MONDAY_TO_FRIDAY = frozenset(range(5))


class Clocks(Group):
    """How long triage may take before the next person is asked."""

    urgent_hours: float = Field(
        default=1.0,
        gt=0,
        le=168,
        title="Hours for what is urgent",
        description="So many hours, nights and weekends included, until the next person is asked.",
    )
    normal_days: float = Field(
        default=2.0,
        gt=0,
        le=30,
        title="Working days for the others",
        description="So many working days of the triage team until the next person is asked.",
    )


class ImpossibleHours(ValueError):
    """Nobody could work like this: no day at all, or an end before the beginning."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant to another; None is not over yet."""

    begins: datetime
    ends: datetime | None


class Counting(Protocol):
    """What time counts."""

    def after(self, begins: datetime, length: timedelta) -> datetime:
        """The first instant at which so much time that counts has passed."""

    def between(self, begins: datetime, ends: datetime) -> timedelta:
        """How much time that counts lies between two instants; none where the second is earlier."""


@dataclass(frozen=True, slots=True)
class WallTime:
    """Every hour counts."""

    def after(self, begins: datetime, length: timedelta) -> datetime:
        """The instant so much later, in UTC."""
        return begins.astimezone(UTC) + length

    def between(self, begins: datetime, ends: datetime) -> timedelta:
        """The time between two instants."""
        return max(NOTHING, ends.astimezone(UTC) - begins.astimezone(UTC))


@dataclass(frozen=True)
class WorkingHours:
    """When a team works, on the clock on its own wall; only that time counts.

    `weekdays` are 0 for Monday to 6. Closing at 00:00 is midnight at the end of the day. Hours that
    the change to summer time takes from a working day are missing there, and are not made up for.
    Raises ImpossibleHours.
    """

    zone: ZoneInfo
    opens: time = time(9)
    closes: time = time(17)
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise ImpossibleHours("A team works on at least one day from Monday (0) to Sunday (6).")
        if self.closes != MIDNIGHT and self.closes <= self.opens:
            raise ImpossibleHours(
                f"A working day that begins at {self.opens:%H:%M} cannot end at "
                f"{self.closes:%H:%M}. It ends later on the same day, or at 00:00."
            )

    @property
    def day_length(self) -> timedelta:
        """How long a working day is by the clock."""
        opens, closes = (datetime.combine(date.min, hour) for hour in (self.opens, self.closes))
        return closes - opens + (DAY if self.closes == MIDNIGHT else NOTHING)

    def after(self, begins: datetime, length: timedelta) -> datetime:
        """The first instant, in UTC, at which so much working time has passed.

        It is the end of a day, not the next morning, where the time is up when the team goes home.
        """
        begins = begins.astimezone(UTC)
        if length <= NOTHING:
            return begins
        for opens, closes in self._days_from(begins):
            opens_for_it = max(begins, opens)
            if closes - opens_for_it >= length:
                return opens_for_it + length
            length -= max(NOTHING, closes - opens_for_it)
        raise AssertionError("working days never end")

    def between(self, begins: datetime, ends: datetime) -> timedelta:
        """How much working time lies between two instants; none where the second is earlier."""
        begins, ends = begins.astimezone(UTC), ends.astimezone(UTC)
        worked = NOTHING
        for opens, closes in self._days_from(begins):
            if opens >= ends:
                break
            worked += max(NOTHING, min(closes, ends) - max(opens, begins))
        return worked

    def _days_from(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working days that are not over at an instant, in order: from when until when."""
        begin = instant.astimezone(self.zone).date() - DAY
        closes_after = DAY if self.closes == MIDNIGHT else NOTHING
        for ahead in count():
            day = begin + ahead * DAY
            if day.weekday() not in self.weekdays or day in self.holidays:
                continue
            closes = at(day + closes_after, self.closes, self.zone)
            if closes > instant:
                yield at(day, self.opens, self.zone), closes


@dataclass(frozen=True)
class Clock:
    """The time that somebody has for something, and what of it has passed.

    It stands still during `stops`, which may overlap, be open, or lie before it started.
    """

    starts: datetime
    length: timedelta
    counting: Counting = field(default_factory=WallTime)
    stops: tuple[Span, ...] = ()

    @property
    def half(self) -> datetime | None:
        """When half of the time is over, in UTC; None where it stands still before that."""
        return self._reached(self.length / 2)

    @property
    def end(self) -> datetime | None:
        """When the time is over, in UTC; None where it stands still before that."""
        return self._reached(self.length)

    def left(self, now: datetime) -> timedelta:
        """How much of the time is left, of that which counts."""
        passed = NOTHING
        for begins, ends in self._running():
            if begins >= now:
                break
            passed += self.counting.between(begins, now if ends is None else min(ends, now))
        return max(NOTHING, self.length - passed)

    def is_stopped(self, now: datetime) -> bool:
        """Whether it stands still at this instant."""
        return any(
            stop.begins <= now and (stop.ends is None or now < stop.ends) for stop in self.stops
        )

    def _reached(self, length: timedelta) -> datetime | None:
        for begins, ends in self._running():
            reached = self.counting.after(begins, length)
            if ends is None or reached <= ends:
                return reached
            length -= self.counting.between(begins, ends)
        return None

    def _running(self) -> Iterator[tuple[datetime, datetime | None]]:
        """When it runs: between its stops, the last time without an end unless it is stopped."""
        begins = self.starts
        for stop in sorted(self.stops, key=lambda stop: stop.begins):
            if stop.begins > begins:
                yield begins, stop.begins
            if stop.ends is None:
                return
            begins = max(begins, stop.begins, stop.ends)
        yield begins, None


def clock(
    started: datetime,
    hours: WorkingHours,
    *,
    is_urgent: bool,
    stops: Iterable[Span] = (),
    clocks: Clocks | None = None,
) -> Clock:
    """The clock of an escalation: urgent counts hours on the wall, normal working days of a team.

    A working day is as long as the team's day, so what comes on Monday at 14:00 is over on
    Wednesday at 14:00, and what comes at the weekend when Tuesday's work is done.
    """
    clocks = clocks or Clocks()
    if is_urgent:
        return Clock(started, timedelta(hours=clocks.urgent_hours), WallTime(), tuple(stops))
    return Clock(started, clocks.normal_days * hours.day_length, hours, tuple(stops))
