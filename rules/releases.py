"""From when a set of features can be used, and which of them decides it."""

from datetime import date
from typing import NamedTuple, TypeAlias

WAITING_FOR = "waiting for feature "
SEPARATOR = ";"

Features: TypeAlias = dict[str, tuple[date | None, date | None]]
"""The day each feature is meant to be released on, and the day it was."""


class Release(NamedTuple):
    """From when a set of features can be used; None is from now on, or not known at all.

    `decided_by` are the features that the day is of, or else those without a day. There are none
    when everything is released.
    """

    requires: str
    from_day: date | None
    decided_by: tuple[str, ...]
    has_day: bool = True

    @property
    def waits(self) -> str | None:
        """What it waits for without a day, in words that `features_of` reads again."""
        return None if self.has_day else WAITING_FOR + ", ".join(self.decided_by)


def release_of(requires: str, features: Features, today: date) -> Release:
    """The release of features named as "a;b".

    A feature has the day it was released on or else its target. A target that has passed without
    a release says nothing, nor does a feature that nobody knows.
    """
    days: dict[str, date] = {}
    without = []
    for key in sorted(filter(None, requires.split(SEPARATOR))):
        target, released = features.get(key, (None, None))
        day = released or (target if target and target >= today else None)
        if day:
            days[key] = day
        else:
            without.append(key)
    if without:
        return Release(requires, None, tuple(without), has_day=False)
    last = max(days.values(), default=None)
    waits = last is not None and last > today
    return Release(requires, last, tuple(key for key in days if waits and days[key] == last))


def features_of(reason: str) -> list[str]:
    """The features that somebody waits for, where that is why there is no week."""
    if not reason.startswith(WAITING_FOR):
        return []
    return reason.removeprefix(WAITING_FOR).split(", ")
