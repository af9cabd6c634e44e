"""Occurrences of what is announced every week: when each is due, through all that clocks do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice, pairwise, takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rules.calendar import DAYS, start_of_week
from rules.hours import at

DAY = timedelta(days=1)
WEEK = timedelta(days=DAYS)


class ImpossibleSchedule(ValueError):
    """A schedule has no such weekday, no beginning, or a version that is older than the one before."""


class Occurrence(NamedTuple):
    """One time that a schedule announces: its week, named by its Monday, and when it is due, in UTC.

    A schedule has at most one in a week, so the schedule and the week are its key.
    """

    week: date
    due_at: datetime

    @property
    def iso_week(self) -> str:
        """The week as people write it who count weeks: "2020-W53" has 1 January 2021 in it."""
        year, number, _ = self.week.isocalendar()
        return f"{year}-W{number:02}"


@dataclass(frozen=True, slots=True)
class Weekly:
    """Once a week, at a time of the clock on the wall there. `weekday` is 0 for Monday to 6.

    It is due at the first instant at which that clock shows this time or a later one: right after
    the gap where the clock skips it, and the first time where it shows it twice. It belongs to the
    week of the day it was meant for. Raises ImpossibleSchedule.
    """

    weekday: int
    hour: time
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if not 0 <= self.weekday < DAYS:
            raise ImpossibleSchedule("A weekday is a number from Monday (0) to Sunday (6).")

    def of_week(self, monday: date) -> Occurrence:
        """The occurrence of the week that begins on this Monday."""
        return Occurrence(monday, at(monday + self.weekday * DAY, self.hour, self.zone))

    def after(self, instant: datetime) -> Iterator[Occurrence]:
        """All that are due later than an instant, in their order, without an end."""
        here = instant.astimezone(self.zone).date()
        # Until one is due, that clock shows an earlier time: none of an earlier week is still to come.
        monday = start_of_week(here)
        occurrences = (self.of_week(monday + weeks * WEEK) for weeks in count())
        return (each for each in occurrences if each.due_at > instant)


@dataclass(frozen=True, slots=True)
class Version:
    """What a schedule says since an instant; None says nothing: it was paused."""

    since: datetime
    weekly: Weekly | None

    def between(self, after: datetime, until: datetime | None) -> Iterator[Occurrence]:
        """What it has due later than one instant, and no later than another where there is one."""
        if self.weekly is None:
            return iter(())
        occurrences = self.weekly.after(max(after, self.since))
        return takewhile(lambda each: until is None or each.due_at <= until, occurrences)

    def last_week(self, until: datetime) -> date:
        """The week of the last that it has due up to an instant; the first of all weeks for none."""
        weeks = (each.week for each in self.between(until - 2 * WEEK, until))
        return max(weeks, default=date.min)


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that a schedule ever said, the oldest first: an edit, a pause and going on are versions.

    What was due before an edit, or just then, stays due as it was. The new version counts from its
    next occurrence, in a week in which the schedule had none yet. Raises ImpossibleSchedule.
    """

    versions: tuple[Version, ...]

    def __post_init__(self) -> None:
        if not self.versions:
            raise ImpossibleSchedule("A schedule begins with what it says first.")
        if any(newer.since < older.since for older, newer in pairwise(self.versions)):
            raise ImpossibleSchedule("What a schedule said is told from the oldest to the newest.")

    @property
    def begins(self) -> datetime:
        """Since when there is something to say."""
        return self.versions[0].since

    def after(self, instant: datetime) -> Iterator[Occurrence]:
        """All that are due later than an instant, in their order; without an end unless it is paused."""
        instant = instant.astimezone(UTC)
        latest = date.min
        ends = (*(version.since for version in self.versions[1:]), None)
        for version, end in zip(self.versions, ends, strict=True):
            yield from (each for each in version.between(instant, end) if each.week > latest)
            if end:
                latest = max(latest, version.last_week(end))

    def between(self, after: datetime, until: datetime) -> list[Occurrence]:
        """What is due later than one instant and no later than another, in its order."""
        return list(takewhile(lambda each: each.due_at <= until, self.after(after)))

    def coming(self, now: datetime, most: int) -> list[Occurrence]:
        """The next so many, as far as it says any."""
        return list(islice(self.after(now), most))

    def edited(self, now: datetime, weekly: Weekly | None) -> "Schedule":
        """The schedule that says this from now on; None pauses it.

        Where the clock was set back, what it said later than now has never been said.
        """
        past = tuple(version for version in self.versions if version.since < now)
        return Schedule((*past, Version(now, weekly)))
