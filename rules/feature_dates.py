"""A feature's new date: what can be said of it, and what cannot be."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a feature's date."""

    planned = "planned"
    released = "released"
    undated = "undated"


@dataclass(frozen=True, slots=True)
class FeatureDates:
    """The day a feature is meant to be released on, and the day it was."""

    target: date | None = None
    released: date | None = None


class ImpossibleDate(ValueError):
    """A date that a feature cannot have; `is_of_day`: it is the day that is wrong."""

    def __init__(self, words: str, *, is_of_day: bool = True) -> None:
        super().__init__(words)
        self.is_of_day = is_of_day


def changed(was: FeatureDates, outcome: Outcome, on: date | None, today: date) -> FeatureDates:
    """The dates that a feature has from now on. Without a day it was released today.

    Raises:
        ImpossibleDate: it is released already, the day lies on the wrong side of today or is
            missing, or nothing would change.
    """
    if was.released:
        raise ImpossibleDate("It is released already, so its date stays.", is_of_day=False)
    match outcome:
        case Outcome.released:
            return FeatureDates(was.target, _past(on or today, today))
        case Outcome.planned:
            return FeatureDates(_to_come(on, was.target, today))
    if was.target is None:
        raise ImpossibleDate("It has no date already.", is_of_day=False)
    return FeatureDates()


def _past(day: date, today: date) -> date:
    if day > today:
        raise ImpossibleDate("This day is yet to come. Say that it is planned for it.")
    return day


def _to_come(day: date | None, target: date | None, today: date) -> date:
    if day is None:
        raise ImpossibleDate("Choose the day that it is planned for.")
    if day < today:
        raise ImpossibleDate("This day is past. Choose one to come, or say that it is released.")
    if day == target:
        raise ImpossibleDate("It is planned for this day already.")
    return day
