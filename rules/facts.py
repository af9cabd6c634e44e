"""Facts that people are told, by names that say all of them: told with another date, it is another fact.

Whom each concerns, `rules.concerning` reads from its name.
"""

from collections.abc import Iterator
from datetime import date

from rules.announcement import Announcement

WAVE, CUSTOMER, FEATURE = "wave", "customer", "feature"


def moves(week: date, customer: str) -> str:
    """That a customer moves in a wave.

    >>> moves(date(2022, 1, 24), "C-7")
    'wave|2022-01-24|customer|C-7'
    """
    return f"{WAVE}|{week}|{CUSTOMER}|{customer}"


def wave_is(week: date, what: str, version: int | None = None) -> str:
    """What became of a wave; `version` where that can be more than once.

    >>> wave_is(date(2022, 1, 17), "started"), wave_is(date(2022, 1, 17), "paused", 3)
    ('wave|2022-01-17|started', 'wave|2022-01-17|paused|3')
    """
    return "|".join([WAVE, str(week), what, *([str(version)] if version is not None else [])])


def released(feature: str, on: date) -> str:
    """That a feature was released."""
    return f"{FEATURE}|{feature}|released|{on}"


def expected(feature: str, on: date) -> str:
    """That a feature is expected on a day."""
    return f"{FEATURE}|{feature}|target|{on}"


def told_by(announcement: Announcement) -> list[str]:
    """The facts that an announcement tells people: who moves in its waves, and news of features.

    How far the migration is, and why locations failed, concerns nobody by name.
    """
    return list(dict.fromkeys(_told(announcement)))


def _told(announcement: Announcement) -> Iterator[str]:
    for part in announcement.parts:
        if part.week:
            yield from (moves(part.week, customer.id) for customer in part.customers)
        for feature in part.features:
            if feature.is_new and feature.released_on:
                yield released(feature.key, feature.released_on)
            elif feature.slipped_from and feature.target_on:
                yield expected(feature.key, feature.target_on)
