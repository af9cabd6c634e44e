"""Days as people name them in a sentence: "24 January", "Mon 24 Jan 2022", "2022-01-24", "March"."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
LATEST_YEAR = 2099
_DAY_NAME = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
_NUMBER, _MONTH, _YEAR = r"(\d{1,2})(?:st|nd|rd|th)?", r"([a-z]{3,9})\.?", r"(?:,? (\d{4}))?"
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})")
_DAY_FIRST = re.compile(rf"{_DAY_NAME}{_NUMBER}(?: of)? {_MONTH}{_YEAR}")
_MONTH_FIRST = re.compile(rf"{_DAY_NAME}{_MONTH} {_NUMBER}{_YEAR}")
_MONTH_ALONE = re.compile(rf"(?:the )?((?:begin(?:ning)?|start|end) of )?{_MONTH}{_YEAR}")
_YEAR_ALONE = re.compile(r"(?:the )?(?:((?:begin(?:ning)?|start|end) of )(?:the )?)?(\d{4})")
_YEARS_END = frozenset({"end of year", "end of the year", "the end of the year", "year end"})
_A_DAY = timedelta(days=1)


def nearest_day(words: str, today: date) -> date | None:
    """The day that these lower-case words name; without a year, the one nearest to today."""
    days = _days(words, today)
    return min(days, key=lambda day: abs(day - today), default=None)


def day_to_come(words: str, today: date) -> date | None:
    """The day by which something is to be done that is wanted "by" these lower-case words.

    Without a year it is the next one. A month or a year alone is its first day; its end is the last.
    One that is named with its year may be past.
    """
    if words in _YEARS_END:
        return date(today.year, 12, 31)
    if of_year := _YEAR_ALONE.fullmatch(words):
        day = _real(int(of_year[2]), 1, 1)
        return _last_of(day, months=12) if day and _is_end(of_year[1]) else day
    days = [*_days(words, today), *_months(words, today)]
    to_come = [day for day in days if day >= today]
    return min(to_come) if to_come else max(days, default=None)


def _days(words: str, today: date) -> list[date]:
    """The days of these words: one with a year, of three years without."""
    if iso := _ISO.fullmatch(words):
        return _real_ones([(int(iso[1][:4]), int(iso[1][5:7]), int(iso[1][8:]))])
    if found := _DAY_FIRST.fullmatch(words):
        number, name, year = found.groups()
    elif found := _MONTH_FIRST.fullmatch(words):
        name, number, year = found.groups()
    else:
        return []
    return _real_ones((each, _month(name), int(number)) for each in _years(year, today))


def _months(words: str, today: date) -> list[date]:
    """The first or the last days of the month that these words name."""
    found = _MONTH_ALONE.fullmatch(words)
    if not found:
        return []
    part, name, year = found.groups()
    first = _real_ones((each, _month(name), 1) for each in _years(year, today))
    return [_last_of(day, months=1) for day in first] if _is_end(part) else first


def _is_end(part: str | None) -> bool:
    return bool(part and part.startswith("end"))


def _last_of(first: date, *, months: int) -> date:
    """The last day of so many months that begin with a day."""
    months_on = first.month - 1 + months
    return date(first.year + months_on // 12, months_on % 12 + 1, 1) - _A_DAY


def _years(year: str | None, today: date) -> list[int]:
    return [int(year)] if year else [today.year + away for away in (-1, 0, 1)]


def _month(name: str) -> int:
    return next((at for at, known in enumerate(MONTHS, 1) if known.startswith(name)), 0)


def _real_ones(named: Iterable[tuple[int, int, int]]) -> list[date]:
    return [day for each in named if (day := _real(*each))]


def _real(year: int, month: int, day: int) -> date | None:
    """A day of the calendar that a plan could speak of, or None."""
    try:
        return date(year, month, day) if year <= LATEST_YEAR else None
    except ValueError:
        return None
