"""The languages in which announcements write dates, and dates in them."""

from collections.abc import Callable
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_skeleton

from handlers.blocks import day, unbroken

ENGLISH = "en-GB"
"""Dates as they are written everywhere else in Wavepost."""
OFFERED = (
    *(ENGLISH, "en-US", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pt-BR", "pl-PL", "sv-SE"),
    *("da-DK", "nb-NO", "fi-FI", "cs-CZ", "tr-TR", "uk-UA", "el-GR", "ja-JP", "ko-KR", "zh-CN"),
    *("he-IL", "ar-EG"),
)
"""The languages that a lead can choose for a channel, by their codes."""
WITH_YEAR = "yMMMEd"
"""The parts of a date, whose order and signs each language has its own way for (Unicode's CLDR)."""


def named(language: str) -> str:
    """What a language is called by who speaks it, and in English: "Deutsch (German)"."""
    locale = _locale(language)
    own, english = locale.get_language_name(), locale.get_language_name("en")
    territory = locale.get_territory_name("en")
    if english == "English":
        return f"English ({territory})"
    return f"{own} ({english})"


def dates_in(language: str) -> Callable[[date], str]:
    """What writes a day in a language, on one line: "Mo., 17. Jan. 2022".

    A language that is not offered any more is written in English.
    """
    if language == ENGLISH or language not in OFFERED:
        return lambda value: unbroken(day(value))
    locale = _locale(language)
    return lambda value: unbroken(format_skeleton(WITH_YEAR, value, locale=locale))


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")
