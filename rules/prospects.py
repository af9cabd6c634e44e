"""How the migration may go on from where it stands: what a forecast is made from, and its dates."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from rules.calendar import DAYS, monday_of, week_zero
from rules.forecast import Forecast, forecast
from rules.outlook import Outlook
from rules.parameters import Parameters
from rules.progress import Progress, Wave
from rules.wave_life import State

SHARES = (0.5, 0.8, 0.95)
"""The shares of runs whose finish people are told."""
FRIDAY = timedelta(days=4)
"""A week counts as done on this day after its Monday."""
MOST_MARKS = 104
"""Points of a line that can be told apart in a picture."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of tries that succeed, and the locations that it was measured on, if any."""

    success: float
    succeeded: int = 0
    tried: int = 0


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a forecast is made from: so many `left` go `per_week`, from the week of `first_monday`."""

    moved: int
    left: int
    per_week: tuple[int, ...]
    rate: Rate
    first_monday: date
    parameters: Parameters
    is_planned: bool = False

    @property
    def total(self) -> int:
        """All locations, those that have moved too."""
        return self.moved + self.left

    @property
    def most_per_week(self) -> int:
        """The most that go in a week."""
        return max(self.per_week)

    @property
    def plan_ends(self) -> date | None:
        """The Monday of the plan's last wave, where it is the plan that says how many go."""
        if not self.is_planned:
            return None
        return monday_of(len(self.per_week) - 1, self.first_monday)

    @property
    def goes_on(self) -> bool:
        """Whether anything is left that can succeed."""
        return bool(self.left and self.rate.success and self.most_per_week)


@dataclass(frozen=True, slots=True)
class FanMark:
    """By the end of a week (its Monday): how many locations have moved, at each of `rules.forecast.BANDS`."""

    week: date
    moved: tuple[float, ...]


@dataclass(frozen=True)
class Prospects:
    """A forecast in days of the calendar."""

    given: Assumptions
    forecast: Forecast

    def finish_by(self, share: float) -> date | None:
        """The Monday of the week by whose end this share of runs is done; None: not in sight."""
        week = self.forecast.finish_by(share)
        return None if week is None else self._monday(week)

    def chance_by(self, day: date) -> float:
        """The chance to be done by a day: the weeks count whose Friday it is, or that are past then."""
        weeks = (day - self.given.first_monday - FRIDAY).days // DAYS + 1
        return self.forecast.chance_by(max(0, weeks))

    @cached_property
    def finishes(self) -> tuple[tuple[float, date | None], ...]:
        """For each of `SHARES` the week of its finish, each week once with the most that is sure.

        The first that is not in sight ends it. Where chance plays no part there is one, for all.
        """
        if not self.forecast.is_drawn:
            return ((1.0, self.finish_by(1.0)),)
        weeks = [(share, self.finish_by(share)) for share in SHARES]
        in_sight = {week: share for share, week in weeks if week}
        beyond = [(share, None) for share, week in weeks if week is None]
        return (*((share, week) for week, share in in_sight.items()), *beyond[:1])

    @property
    def fan(self) -> list[FanMark]:
        """The lines of the fan chart, from today to the last finish that people are told."""
        fan = self.forecast.fan
        last = self.forecast.finish_by(SHARES[-1]) or len(fan) - 1
        step = -(-last // MOST_MARKS)
        weeks = [*range(0, last, step or 1), last]
        return [
            FanMark(self._monday(week), tuple(float(at) + self.given.moved for at in fan[week]))
            for week in weeks
        ]

    def _monday(self, week: int) -> date:
        """The Monday of a week of the forecast, which counts from 1."""
        return monday_of(week - 1, self.given.first_monday)


def usual_rate(progress: Progress, parameters: Parameters) -> Rate:
    """What is known of the success rate: the usual one, weighed with every try that was told of.

    The usual rate counts as much as `certainty` locations, so that a first wave decides little.
    """
    chosen = parameters.forecast
    succeeded = progress.moved
    tried = sum(_tried(wave) for wave in progress.waves)
    success = (chosen.certainty * chosen.success + succeeded) / (chosen.certainty + tried)
    return Rate(success, succeeded, tried)


def _tried(wave: Wave) -> int:
    """How many tries a wave tells of: those that failed and were tried again too."""
    if wave.went:
        return wave.went.tried
    return wave.locations if wave.state in {State.closed, State.rolled_back} else 0


def assumptions(
    progress: Progress, wanted: Outlook, today: date, parameters: Parameters
) -> Assumptions | None:
    """What to forecast from; what was left open is as usual, and as the plan has it.

    Who counts as gone is not to move. None where nobody said how many go per week: there is no wave to
    come, and `wanted` has no number.
    """
    monday = week_zero(today)
    to_come = {
        wave.week: wave.locations - wave.migrated
        for wave in progress.waves
        if wave.week >= monday and not wave.is_over
    }
    per_week: tuple[int, ...] = ()
    if wanted.per_week is not None:
        per_week = (wanted.per_week,)
    elif to_come:
        weeks = (max(to_come) - monday).days // DAYS + 1
        per_week = tuple(to_come.get(monday_of(week, monday), 0) for week in range(weeks))
    if not per_week:
        return None
    return Assumptions(
        moved=progress.moved,
        left=max(0, progress.total - progress.moved - progress.churned),
        per_week=per_week,
        rate=(usual_rate(progress, parameters) if wanted.success is None else Rate(wanted.success)),
        first_monday=monday,
        parameters=parameters,
        is_planned=wanted.per_week is None,
    )


@lru_cache(maxsize=32)
def prospects(given: Assumptions) -> Prospects:
    """The forecast from these assumptions; the same again is not computed again."""
    made = forecast(given.left, given.per_week, given.rate.success, parameters=given.parameters)
    return Prospects(given, made)
