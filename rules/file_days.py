"""The days of a file: when who has not opened it is reminded, when it expires, when its bytes go."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.receipts import Receipt
from rules.zones import is_zone

HOLDS_FOR = timedelta(days=30)
"""So long a file can be fetched, where its sender says nothing else."""
REMINDED_BEFORE = (timedelta(days=7), timedelta(days=1))
"""So long before it expires whoever has not opened a file is reminded, each time once."""
KEPT_AFTER = timedelta(days=30)
"""So long after its end a file's bytes can be had back by its sender, where nothing else was said."""
LONGEST = timedelta(days=5 * 365)
"""So many days a file can be fetched at most."""
LONGEST_RETENTION = timedelta(days=50 * 365)
"""So many days its bytes can be kept at most."""
_DAY = timedelta(days=1)
LAST_MINUTE = time(23, 59, fold=1)
"""Where clocks are changed at night it may come twice, and the second counts; or not at all."""


def end_of(day: date, zone: str) -> datetime:
    """The last minute of a day for who lives in this zone, in UTC: what ends then ends on that day.

    >>> end_of(date(2022, 1, 31), "Pacific/Auckland").isoformat()
    '2022-01-31T10:59:00+00:00'
    >>> end_of(date(2022, 1, 31), "nowhere").isoformat()
    '2022-01-31T23:59:00+00:00'
    """
    return datetime.combine(day, LAST_MINUTE, tzinfo=_place(zone)).astimezone(UTC)


def day_of(moment: datetime, zone: str) -> date:
    """The day on which a moment falls for who lives in this zone: of `end_of` the day that it was given.

    >>> day_of(end_of(date(2022, 1, 31), "America/Los_Angeles"), "America/Los_Angeles")
    datetime.date(2022, 1, 31)
    >>> day_of(end_of(date(2022, 1, 31), "America/Los_Angeles"), "Pacific/Auckland")
    datetime.date(2022, 2, 1)
    """
    return moment.astimezone(_place(zone)).date()


def usual_end(now: datetime, zone: str) -> datetime:
    """When what is sent or renewed now ends, where nobody says it: with a day of who does that.

    >>> usual_end(datetime(2022, 1, 18, 9, 30, tzinfo=UTC), "Pacific/Auckland").isoformat()
    '2022-02-17T10:59:00+00:00'
    """
    return end_of(day_of(now + HOLDS_FOR, zone), zone)


def moved_to(until: datetime, day: date, zone: str) -> datetime:
    """The end of a day, or `until` where it falls on that day: a day that stays moves nothing.

    Whoever chooses it may live elsewhere than who chose before.

    >>> until = end_of(date(2022, 1, 31), "Pacific/Auckland")
    >>> moved_to(until, date(2022, 1, 31), "America/Los_Angeles") == until
    True
    >>> moved_to(until, date(2022, 2, 1), "America/Los_Angeles").isoformat()
    '2022-02-02T07:59:00+00:00'
    """
    return until if day_of(until, zone) == day else end_of(day, zone)


class Unfit(StrEnum):
    """Why a day cannot be a file's."""

    over = "over"
    too_far = "too far"


def unfit_day(day: date, zone: str, now: datetime) -> Unfit | None:
    """Why a file cannot be had until the end of this day in this zone; None where it can.

    How far it is off is asked first: west of UTC the last day of the calendar has no end.

    >>> unfit_day(date.max, "America/Los_Angeles", datetime(2022, 1, 18, tzinfo=UTC))
    <Unfit.too_far: 'too far'>
    """
    if day - day_of(now, zone) > LONGEST:
        return Unfit.too_far
    return unfit_end(end_of(day, zone), now)


def unfit_end(until: datetime, now: datetime) -> Unfit | None:
    """Why a file cannot be had until this moment; None where it can."""
    if until <= now:
        return Unfit.over
    # The last day that may be chosen ends in UTC up to a day later.
    return Unfit.too_far if until - now > LONGEST + _DAY * 2 else None


def unfit_retention(day: date, now: datetime) -> Unfit | None:
    """Why a file's bytes cannot be kept to the end of this day; None where they can."""
    # A day is not over everywhere when it is over in UTC.
    if day < now.date() - _DAY:
        return Unfit.over
    return Unfit.too_far if day - now.date() > LONGEST_RETENTION else None


def _place(zone: str) -> ZoneInfo:
    return ZoneInfo(zone if is_zone(zone) else "UTC")


@dataclass(frozen=True)
class Days:
    """When a file was released, when it expires, and until when its bytes must be kept, if so long."""

    released_at: datetime
    expires_at: datetime
    retained_until: date | None = None
    is_held: bool = False


def reminders(days: Days) -> tuple[datetime, ...]:
    """When recipients who have not opened it are reminded, in order.

    None falls before half of its time is over: what holds for a day needs no reminder at once.
    """
    half = days.released_at + (days.expires_at - days.released_at) / 2
    return tuple(at for before in REMINDED_BEFORE if (at := days.expires_at - before) >= half)


def reminder_due(days: Days, told_at: Collection[datetime], now: datetime) -> datetime | None:
    """The reminder that is to be given now: the newest that is due and was not given; never a flood.

    `told_at` are the reminders that were given, by the times for which they were meant.
    """
    due = [at for at in reminders(days) if at <= now]
    if not due or now >= days.expires_at or any(at >= due[-1] for at in told_at):
        return None
    return due[-1]


def is_reminded(receipt: Receipt) -> bool:
    """Whether somebody is reminded: they were told, and nothing proves that they opened it."""
    return not receipt.grade.is_seen


def removed_at(days: Days, ended_at: datetime) -> datetime | None:
    """When a file's bytes go that has come to its end; None while it is held, however long that is.

    `ended_at` is when it expired, was revoked, superseded or dropped. What must be retained stays to
    the end of that day, in UTC.
    """
    if days.is_held:
        return None
    goes_at = ended_at + KEPT_AFTER
    if days.retained_until is None:
        return goes_at
    after = datetime.combine(
        days.retained_until + _DAY, datetime.min.time(), tzinfo=ended_at.tzinfo
    )
    return max(goes_at, after)
