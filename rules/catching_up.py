"""Catching up: what of a schedule is still to be announced, and what came too late for it.

The clock knocks every few seconds, and may not for hours: a restart, an outage, a machine asleep. It
may also jump, in both directions. So each look takes all that is due and not kept yet, however old.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.occurrences import Occurrence, Schedule

CATCH_UP = timedelta(hours=12)
"""So late, on the clock, something is still announced: what was due in the morning, in the evening."""


class Why(StrEnum):
    """Why an occurrence was skipped, in a closed list that has words for people."""

    too_late = "too late"
    overtaken = "overtaken"  # a later one of the same schedule is due as well
    channel_gone = "channel gone"
    channel_archived = "channel archived"
    not_in_channel = "not in the channel"
    no_partner_message = "no partner message"  # in a channel that another organisation reads
    said_already = "said already"  # there in this week, by another schedule or out of turn


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of an occurrence: announced, or skipped. Times are business time."""

    week: date
    due_at: datetime
    decided_at: datetime
    is_skipped: bool = False

    def holds(self, now: datetime) -> bool:
        """Whether it still decides about its week.

        What was said was said. What was skipped at a time that has not come yet, because the clock
        was set back since, is not missed any more.
        """
        return not self.is_skipped or self.decided_at <= now


@dataclass(frozen=True, slots=True)
class Due:
    """An occurrence that is to be announced now, or to be kept as skipped where there is a `why`."""

    occurrence: Occurrence
    why: Why | None = None


def outstanding(
    schedule: Schedule, kept: Collection[Kept], now: datetime, catch_up: timedelta = CATCH_UP
) -> list[Due]:
    """What a look at a schedule finds to decide, the oldest first; at most the last is announced.

    `kept` are the occurrences that were decided: at least the newest that was due by now and is
    announced, and all after it. One that was skipped and does not hold any more may be found again:
    what is decided now takes its place.
    """
    holding = [each for each in kept if each.holds(now)]
    weeks = {each.week for each in holding}
    decided = max((each.due_at for each in holding if each.due_at <= now), default=schedule.begins)
    missed = [each for each in schedule.between(decided, now) if each.week not in weeks]
    return [_judged(each, missed[-1], now - catch_up) for each in missed]


def _judged(occurrence: Occurrence, newest: Occurrence, earliest: datetime) -> Due:
    if occurrence.due_at < earliest:
        return Due(occurrence, Why.too_late)
    return Due(occurrence, Why.overtaken if occurrence is not newest else None)
