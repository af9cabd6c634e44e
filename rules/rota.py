"""The rota: who is on duty in triage at an instant, and who is asked after them."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.calendar import DAYS, week_of
from rules.hours import at

WEEK = timedelta(days=DAYS)


class ImpossibleRota(ValueError):
    """A rota names somebody twice, or somebody stands in for a time that ends before it begins."""


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody is on duty from one instant to another, whoever's week it is."""

    person: str
    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.ends <= self.begins:
            raise ImpossibleRota(
                f"{self.person} cannot stand in until {self.ends:%Y-%m-%d %H:%M} "
                f"from {self.begins:%Y-%m-%d %H:%M} on: that is not later."
            )

    def covers(self, instant: datetime) -> bool:
        """Whether it holds at an instant."""
        return self.begins <= instant < self.ends


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose week it is, from one instant to another."""

    person: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Rota:
    """People who take turns week by week, from the day on which the first of them begins.

    They change every seven days at an hour of their own zone; one that the clock skips is the first
    instant after the gap. Before that first day the turns are counted back. `overrides` are in the
    order in which they were made: where they overlap, the latest holds. Raises ImpossibleRota.
    """

    people: tuple[str, ...]
    begins_on: date
    zone: ZoneInfo
    changes_at: time = time(9)
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.people)) != len(self.people):
            raise ImpossibleRota("Somebody is named twice. Each takes one turn, then the next.")

    def on_duty(self, instant: datetime) -> str | None:
        """Who is on duty; None where nobody is in the rota and nobody stands in."""
        standing_in = [over.person for over in self.overrides if over.covers(instant)]
        if standing_in:
            return standing_in[-1]
        return self.people[self._turn(instant)] if self.people else None

    def chain(self, instant: datetime) -> tuple[str, ...]:
        """Everyone in the order in which they are asked, each once: who is on duty, then by turns.

        Somebody whose week it is and who has a stand-in comes last: they are away.
        """
        on_duty = self.on_duty(instant)
        if on_duty is None:
            return ()
        after = self._turn(instant) + 1 if self.people else 0
        by_turns = (*self.people[after:], *self.people[:after])
        return (on_duty, *(person for person in by_turns if person != on_duty))

    def coming(self, instant: datetime, count: int) -> list[Turn]:
        """So many turns, from the one that runs at an instant; who stands in is not in them."""
        if not self.people:
            return []
        first = self._week(instant)
        return [
            Turn(self.people[week % len(self.people)], self._change(week), self._change(week + 1))
            for week in range(first, first + count)
        ]

    def _turn(self, instant: datetime) -> int:
        """Which of the people has the week of an instant."""
        return self._week(instant) % len(self.people)

    def _week(self, instant: datetime) -> int:
        """How many weeks after the first one it is."""
        week = week_of(instant.astimezone(self.zone).date(), self.begins_on)
        # A week changes at an hour of its first day, which a clock set back may show twice.
        while instant >= self._change(week + 1):
            week += 1
        while instant < self._change(week):
            week -= 1
        return week

    def _change(self, week: int) -> datetime:
        return at(self.begins_on + week * WEEK, self.changes_at, self.zone)


def next_asked(
    chain: Sequence[str], asked: AbstractSet[str], present: AbstractSet[str]
) -> str | None:
    """The first of a chain who is there and was not asked yet; None where everybody was.

    Who was asked counts, and not who was asked last: the chain turns with the weeks.
    """
    return next((each for each in chain if each in present and each not in asked), None)
