"""What is due when, told by the calendar and the clocks on walls alone, and what must become of it.

Made of nothing of Wavepost's, so that both can be compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
FARTHEST = timedelta(hours=15)
"""No clock on a wall is farther than this from UTC."""

CATCH_UP = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Slot:
    """What a schedule promises: each week, in a channel, when a clock there shows a time."""

    schedule: int
    channel: str
    zone: str
    weekday: int
    at: time

    def due(self, monday: date) -> datetime:
        """The first quarter of an hour at which that clock shows the time of the day, or a later one."""
        wanted = datetime.combine(monday + self.weekday * DAY, self.at)
        there = ZoneInfo(self.zone)
        instant = wanted.replace(tzinfo=UTC) - FARTHEST
        while instant.astimezone(there).replace(tzinfo=None) < wanted:
            instant += QUARTER
        return instant


class Week(NamedTuple):
    """One week of a schedule."""

    schedule: int
    monday: date


class Decided(NamedTuple):
    """What became of a week, and when."""

    at: datetime
    is_said: bool


class Almanac:
    """All weeks of all schedules over some time, and what is to be said of them as time moves."""

    def __init__(self, slots: Sequence[Slot], begins: datetime, until: datetime) -> None:
        self._begins = begins
        self._channel = {slot.schedule: slot.channel for slot in slots}
        self._due = {slot.schedule: _weeks(slot, begins, until) for slot in slots}
        self.decided: dict[Week, Decided] = {}
        self.said: dict[str, list[Week]] = {slot.channel: [] for slot in slots}

    @property
    def expected(self) -> int:
        """How many weeks there are in all."""
        return sum(map(len, self._due.values()))

    def skipped(self) -> set[Week]:
        """The weeks that came too late."""
        return {week for week, decided in self.decided.items() if not decided.is_said}

    def next_due(self, now: datetime) -> datetime | None:
        """When the next week is due."""
        later = (due for weeks in self._due.values() for due in weeks.values() if due > now)
        return min(later, default=None)

    def comes_to(self, now: datetime) -> None:
        """It is `now`, and everybody has looked: of each schedule the newest is said, unless it is late.

        What was skipped at a time that has not come yet, because clocks were set back, is open again.
        """
        newest: list[tuple[datetime, Week]] = []
        for schedule, weeks in self._due.items():
            missed = self._missed(schedule, now)
            for week in missed:
                is_said = week is missed[-1] and weeks[week] >= now - CATCH_UP
                self.decided[week] = Decided(now, is_said)
                if is_said:
                    newest.append((weeks[week], week))
        for _, week in sorted(newest):
            self.said[self._channel[week.schedule]].append(week)

    def _missed(self, schedule: int, now: datetime) -> list[Week]:
        due = self._due[schedule]
        holding = {
            week
            for week in due
            if (decided := self.decided.get(week)) and (decided.is_said or decided.at <= now)
        }
        since = max((due[week] for week in holding if due[week] <= now), default=self._begins)
        return [week for week in due if since < due[week] <= now and week not in holding]


def _weeks(slot: Slot, begins: datetime, until: datetime) -> dict[Week, datetime]:
    monday = begins.date() - begins.weekday() * DAY - WEEK
    found: dict[Week, datetime] = {}
    while (due := slot.due(monday)) <= until:
        if due > begins:
            found[Week(slot.schedule, monday)] = due
        monday += WEEK
    return found
