"""The roadmap as three people exported it: in September, in November and now."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from bot.example.dates import moved


@dataclass(frozen=True)
class Feature:
    """A roadmap item, and its target date in each of the three sheets (None: not in it yet)."""

    key: str
    name: str
    september: date | None
    november: date
    now: date
    released_on: date | None


SEPTEMBER = date(2021, 9, 20)
NOVEMBER = date(2021, 11, 22)

FEATURES = (
    Feature(
        key="gift-cards",
        name="Gift cards",
        september=date(2021, 11, 29),
        november=date(2021, 11, 29),
        now=date(2021, 11, 29),
        released_on=date(2021, 11, 30),
    ),
    Feature(
        key="kitchen-printing",
        name="Kitchen printing",
        september=date(2022, 1, 3),
        november=date(2022, 1, 3),
        now=date(2022, 1, 3),
        released_on=date(2022, 1, 5),
    ),
    Feature(
        key="loyalty",
        name="Loyalty points",
        september=date(2021, 12, 13),
        november=date(2022, 1, 24),
        now=date(2022, 2, 28),
        released_on=None,
    ),
    Feature(
        key="alcohol",
        name="Age check for alcohol",
        september=None,
        november=date(2022, 2, 14),
        now=date(2022, 3, 14),
        released_on=None,
    ),
    Feature(
        key="catering",
        name="Catering orders",
        september=date(2022, 3, 7),
        november=date(2022, 3, 7),
        now=date(2022, 4, 18),
        released_on=None,
    ),
    Feature(
        key="drive-through",
        name="Drive-through pickup",
        september=date(2022, 6, 13),
        november=date(2022, 6, 13),
        now=date(2022, 6, 13),
        released_on=None,
    ),
)


def september_sheet(today: date) -> pl.DataFrame:
    """The oldest sheet: nothing is released, one feature is not thought of yet."""
    return _sheet([(feature, feature.september, None) for feature in FEATURES], today)


def november_sheet(today: date) -> pl.DataFrame:
    """The sheet of November: one feature has slipped, none is released."""
    return _sheet([(feature, feature.november, None) for feature in FEATURES], today)


def current_sheet(today: date) -> pl.DataFrame:
    """The sheet of now: three features have slipped since November, two are released."""
    return _sheet([(feature, feature.now, feature.released_on) for feature in FEATURES], today)


def _sheet(rows: list[tuple[Feature, date | None, date | None]], today: date) -> pl.DataFrame:
    known = [(feature, target, released) for feature, target, released in rows if target]
    return pl.DataFrame(
        {
            "key": [feature.key for feature, _, _ in known],
            "name": [feature.name for feature, _, _ in known],
            "target_release_on": [moved(target, today) for _, target, _ in known],
            "released_on": pl.Series(
                [released and moved(released, today) for _, _, released in known], dtype=pl.Date
            ),
        }
    )
