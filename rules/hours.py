"""When people are told: quiet hours and the hour of the digest, on the clock on their own wall."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.calendar import start_of_week
from rules.following import Pace

DAY = timedelta(days=1)
FINEST = timedelta(seconds=1)
"""How exactly the end of an hour that a clock skips is found."""


HERALDED = timedelta(days=7, hours=4)
"""So long before its Monday, in UTC, a wave is news: before a Monday's digest nearly everywhere."""
FRESH = timedelta(days=5)
"""So long it stays news, for who was not told meanwhile: to the end of that working week."""


@dataclass(frozen=True, slots=True)
class Habits:
    """When a person wants their digest, and from when until when nothing.

    The same time twice: anything may come at any hour.
    """

    digest_at: time = time(9)
    quiet_from: time = time(19)
    quiet_until: time = time(8)

    @property
    def digest_is_quiet(self) -> bool:
        """Whether the digest would come in the quiet hours, and so has to wait for their end."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= self.digest_at < self.quiet_until
        return self.digest_at >= self.quiet_from or self.digest_at < self.quiet_until


USUAL = Habits()


def due(happened_at: datetime, pace: Pace, habits: Habits, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, from which something may be told: never in quiet hours.

    What is instant is due when it happens, or when the quiet hours end; what is daily, at the
    first hour of the digest from then on.
    """
    if pace is Pace.instant:
        return after_quiet(happened_at, habits, zone)
    today = happened_at.astimezone(zone).date()
    digests = (at(today + DAY * ahead, habits.digest_at, zone) for ahead in (-1, 0, 1, 2))
    digest = next(digest for digest in digests if digest >= happened_at)
    return after_quiet(digest, habits, zone)


def after_quiet(instant: datetime, habits: Habits, zone: ZoneInfo) -> datetime:
    """The first instant from this one on, in UTC, that is not in the quiet hours."""
    while end := quiet_end(instant, habits, zone):
        instant = end
    return instant.astimezone(UTC)


def quiet_end(instant: datetime, habits: Habits, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours end that this instant is in; None where it is in none."""
    if habits.quiet_from == habits.quiet_until:
        return None
    over_night = DAY if habits.quiet_until < habits.quiet_from else timedelta()
    today = instant.astimezone(zone).date()
    for begin_on in (today - DAY, today):
        begins = at(begin_on, habits.quiet_from, zone)
        ends = at(begin_on + over_night, habits.quiet_until, zone)
        if begins <= instant < ends:
            return ends
    return None


def at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which it is that time on that day there.

    A time that a clock skips is the first instant after the gap; of one that it shows twice, the
    first counts.
    """
    wall = datetime.combine(day, hour)
    here = wall.replace(tzinfo=zone).astimezone(UTC)
    if here.astimezone(zone).replace(tzinfo=None) == wall:
        return here
    # Read with the offset after the gap, the time lies before it; with the one before, after it.
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), here
    while after - before > FINEST:
        middle = before + (after - before) // FINEST // 2 * FINEST
        is_after = middle.astimezone(zone).replace(tzinfo=None) >= wall
        before, after = (before, middle) if is_after else (middle, after)
    return after


def is_still_news(week: date, today: date) -> bool:
    """Whether it is worth telling who moves in a wave: to the end of its working week.

    >>> is_still_news(date(2022, 1, 17), date(2022, 1, 21))
    True
    """
    return today < week + FRESH


def coming_wave(now: datetime) -> tuple[date, datetime] | None:
    """The Monday of the wave that is news now, and since when; None where none is."""
    ahead = (now + HERALDED).date()
    monday = start_of_week(ahead)
    since = datetime.combine(monday, time(), UTC) - HERALDED
    return (monday, since) if now < since + FRESH else None
