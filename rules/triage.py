"""How triage is set up: where escalations are decided, when the team works, and who takes turns."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from rules.calendar import start_of_week
from rules.groups import Group
from rules.hours import at
from rules.public_holidays import days_off, place
from rules.quotas import Quotas
from rules.rota import Override, Rota
from rules.working_time import Clocks, WorkingHours
from rules.zones import is_zone

YEARS_LOOKED_AT = range(-1, 3)
"""A clock that runs begins and ends in them, seen from the year in which it began."""
SUMMARY_AT = time(9)
Weekday = Annotated[int, Field(ge=0, le=6)]
A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)


class Triage(Group):
    """All that leads decide about triage. `turns` are ids of people, a week each from `turns_from` on.

    Hours are on the wall of `zone`; `holidays_of` is a country, a part of one, or empty.
    """

    channel: str | None = None
    zone: str = "UTC"
    opens: time = time(9)
    closes: time = time(17)
    weekdays: tuple[Weekday, ...] = tuple(range(5))
    holidays_of: str = ""
    clocks: Clocks = Clocks()
    quotas: Quotas = Quotas()
    turns: tuple[str, ...] = ()
    turns_from: date = date(2022, 1, 3)

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, zone: str) -> str:
        if not is_zone(zone):
            raise ValueError(f"There is no time zone {zone!r}. Name one as in Europe/Berlin.")
        return zone

    @field_validator("holidays_of")
    @classmethod
    def _is_a_place(cls, code: str) -> str:
        return place(code).code if code else ""

    @model_validator(mode="after")
    def _can_be_worked(self) -> Self:
        WorkingHours(ZoneInfo(self.zone), self.opens, self.closes, frozenset(self.weekdays))
        self.rota()
        return self

    def hours(self, since: date) -> WorkingHours:
        """When the team works, with the public holidays of the years around a day."""
        years = (since.year + ahead for ahead in YEARS_LOOKED_AT)
        off = frozenset(day for year in years for day in days_off(self.holidays_of, year))
        zone, weekdays = ZoneInfo(self.zone), frozenset(self.weekdays)
        return WorkingHours(zone, self.opens, self.closes, weekdays, off)

    def rota(self, stand_ins: tuple[Override, ...] = ()) -> Rota:
        """Who takes turns, and who stands in; they change when the team begins its Monday."""
        return Rota(self.turns, self.turns_from, ZoneInfo(self.zone), self.opens, stand_ins)

    def next_day_off(self, after: date) -> tuple[date, str] | None:
        """The next public holiday from a day on on which the team would work, and what it is called."""
        coming = (
            (day, name)
            for year in (after.year, after.year + 1)
            for day, name in days_off(self.holidays_of, year).items()
            if day >= after and day.weekday() in self.weekdays
        )
        return next(coming, None)

    def summary_due(self, now: datetime) -> tuple[date, datetime]:
        """The last week, by its Monday, that there is a summary of, and since when it is due.

        It is due on the Monday after it, at an hour of the team's clock.
        """
        zone = ZoneInfo(self.zone)
        today = now.astimezone(zone).date()
        monday = start_of_week(today)
        if now < at(monday, SUMMARY_AT, zone):
            monday -= A_WEEK
        return monday - A_WEEK, at(monday, SUMMARY_AT, zone)

    def turn_begins(self, now: datetime) -> date:
        """The day on which the turn began that runs now, when it begins on a Monday."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        monday = start_of_week(today)
        return monday if now >= at(monday, self.opens, ZoneInfo(self.zone)) else monday - A_WEEK

    def whole_days(self, person: str, first: date, last: date) -> Override:
        """Somebody stands in from the beginning of one day of the team to the end of another.

        Raises ImpossibleRota where the last day is before the first.
        """
        zone = ZoneInfo(self.zone)
        return Override(person, at(first, time(), zone), at(last + A_DAY, time(), zone))
