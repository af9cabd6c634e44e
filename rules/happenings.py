"""What is announced as it happens: in which channels, when a wave is near, and what is said below a post."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from rules.announcement import Topic
from rules.facts import wave_is
from rules.hours import at
from rules.wave_life import Step, Taken

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
OF_WAVES = frozenset({Topic.waves, Topic.everything})
"""Channels with such a schedule hear what becomes of a wave."""
OF_FEATURES = frozenset({Topic.roadmap, Topic.everything})
"""Channels with such a schedule hear of a feature that is released or slips."""
FACTS = {
    Step.start: "started",
    Step.check: "checked",
    Step.pause: "paused",
    Step.go_on: "resumed",
    Step.close: "closed",
    Step.roll_back: "rolling back",
    Step.end: "rolled back",
}
"""The steps of a wave that channels hear of, by the name that they have in facts."""
QUIET = frozenset({Step.start, Step.check})
"""Steps that an earlier post just shows: everybody expects them."""

SEVERAL = frozenset({Step.pause, Step.go_on})
"""What a wave may do more than once."""

Schedule = TypeVar("Schedule")


def fact_of(week: date, taken: Taken) -> str | None:
    """What somebody knows who heard that a wave took this step; None where it is nobody's news."""
    if taken.step not in FACTS or taken.step is Step.check:
        return None
    version = taken.version if taken.step in SEVERAL else None
    return wave_is(week, FACTS[taken.step], version)


class Near(StrEnum):
    """How near a wave is that nobody started."""

    eve = "eve"
    due = "due"


def near(week: date, hour: time, zone: ZoneInfo, now: datetime) -> Near | None:
    """How near the wave of this Monday is where a channel is told at that hour; None: not near.

    On the day before, it is near from that hour on; from Monday to Sunday it is due.
    """
    if now >= at(week, time(), zone):
        return Near.due if now < at(week + WEEK, time(), zone) else None
    return Near.eve if now >= at(week - DAY, hour, zone) else None


def one_for_each(
    schedules: Iterable[Schedule],
    channel: Callable[[Schedule], str],
    reaches: Callable[[Schedule], int],
) -> dict[str, Schedule]:
    """The schedule that speaks in each channel: of several, the first of those that reach most.

    What reaches nobody is left out.
    """
    found: dict[str, Schedule] = {}
    for each in sorted(schedules, key=reaches, reverse=True):
        if reaches(each):
            found.setdefault(channel(each), each)
    return found
