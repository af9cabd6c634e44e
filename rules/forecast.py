"""When it will be done: the future tried out many times, with a success rate that is not sure."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rules.figures import Amounts
from rules.parameters import Parameters
from rules.problem import Counts

HORIZON = 520
"""Weeks looked ahead; who is not done in ten years is "not in sight"."""
NOT_IN_SIGHT = HORIZON + 1
MOST_LOCATIONS = 10**9
FEW_RUNS = 500
MOST_WEEKS_TRIED = 600_000
"""Weeks of all runs together: about a tenth of a second."""
BANDS = (0.05, 0.2, 0.5, 0.8, 0.95)
"""The shares of runs that the lines of a fan chart are drawn at."""


class ImpossibleForecast(ValueError):
    """A question about the future that makes no sense; it says what to ask instead."""


@dataclass(frozen=True, slots=True)
class FanWeek:
    """By the end of a week: how many locations have moved at each of `BANDS`."""

    week: int
    moved: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Forecast:
    """How the migration may go on, run by run. Week 1 is the first; 0 is "done already"."""

    finish: Counts  # [runs] the week with the last location, sorted; NOT_IN_SIGHT if none has it
    attempts: Counts  # [runs] locations tried up to then, in the order of the runs
    fan: Amounts  # [weeks + 1, bands] moved by the end of each week, from week 0
    locations: int
    success: float

    def finish_by(self, share: float) -> int | None:
        """The week by which this share of runs is done (0.8: P80); None when it is not in sight.

        Raises ImpossibleForecast unless the share is above 0 and at most 1.
        """
        if not 0 < share <= 1:
            raise ImpossibleForecast(f"A share of runs is above 0 and at most 1, not {share}.")
        rank = int(np.ceil(share * self.finish.size)) - 1
        week = int(self.finish[rank])
        return None if week == NOT_IN_SIGHT else week

    def chance_by(self, week: int) -> float:
        """The chance to be done by the end of a week."""
        if week >= NOT_IN_SIGHT:
            week = HORIZON
        return float(np.searchsorted(self.finish, week, side="right") / self.finish.size)

    @property
    def is_drawn(self) -> bool:
        """Whether chance plays a part: not so when all succeed, none does, or nothing is left."""
        return self.finish.size > 1

    def weeks(self) -> list[FanWeek]:
        """The lines of a fan chart week by week, from nothing."""
        return [FanWeek(week, tuple(moved)) for week, moved in enumerate(self.fan.tolist())]


def forecast(
    locations: int,
    per_week: int | npt.ArrayLike,
    success: float,
    *,
    is_sure: bool = False,
    seed: int = 0,
    parameters: Parameters | None = None,
) -> Forecast:
    """Try out the way to the end: so many `locations`, so many tried `per_week`.

    `per_week` is one number, or one for each week of a plan; after its end as many go as in the
    largest of its weeks, for a plan ends with what is left over and not with what can be done.
    `success` is the share of tries that succeed, 0 to 1. A run draws it once from
    Beta(k s, k (1 - s)), k = 20, for it is known no better (not so when it `is_sure`), and each
    week's successes from it. Who failed comes back after two weeks. Where the end is more than a
    year away there are fewer runs: what chance adds is small beside the way, and an answer is soon there.
    With 0 or 1, or nothing left, there is nothing to draw and the forecast is exact.

    Raises ImpossibleForecast with what to give instead.

    >>> forecast(10_000, 400, 1.0).finish_by(0.95)
    25
    """
    parameters = parameters or Parameters()
    _refuse(locations, success)
    room = _weekly(per_week)
    chosen = parameters.forecast
    if success in (0.0, 1.0) or locations == 0 or not room.any():
        return _exact(locations, room, success)
    rng = np.random.default_rng(seed)
    runs = min(chosen.runs, _most_runs(locations, room, success, chosen.back_after_weeks))
    rate = (
        np.full(runs, success)
        if is_sure
        else rng.beta(chosen.certainty * success, chosen.certainty * (1 - success), runs)
    )
    return _Runs(locations, rate, chosen.back_after_weeks, rng).until_done(room, success)


def _most_runs(locations: int, room: Counts, success: float, back_after_weeks: int) -> int:
    """How many runs there is time for: fewer, the longer each of them goes on."""
    if room.sum() < locations:
        # No run has an end, and few show the way as well as many.
        return FEW_RUNS
    with_room_for_all = float(np.searchsorted(np.cumsum(room), locations / success)) + 1
    until_the_last_succeeds = back_after_weeks * math.log(locations + 1) / -math.log1p(-success)
    return int(MOST_WEEKS_TRIED / min(HORIZON, with_room_for_all + until_the_last_succeeds))


class _Runs:
    """All runs side by side, week after week; those that are done are left out of the draws."""

    def __init__(
        self, locations: int, rate: Amounts, back_after_weeks: int, rng: np.random.Generator
    ) -> None:
        self._rng, self._failing = rng, 1 - rate
        self._locations = locations
        self._ready = np.full(rate.size, locations, dtype=np.int64)
        self._back = np.zeros((back_after_weeks, rate.size), dtype=np.int64)
        self._left = self._ready.copy()
        self._attempts = np.zeros(rate.size, dtype=np.int64)
        self._finish = np.full(rate.size, NOT_IN_SIGHT, dtype=np.int64)
        self._running = np.arange(rate.size)

    def until_done(self, room: Counts, success: float) -> Forecast:
        """Go on until the last run is done, or none is in sight."""
        fan = [np.zeros(len(BANDS))]
        for week, free in enumerate(room.tolist(), start=1):
            self._try(week, free)
            # Sorted first, it takes a third of the time.
            fan.append(np.quantile(np.sort(self._locations - self._left), BANDS))
            if not self._running.size:
                break
        return Forecast(
            finish=np.sort(self._finish),
            attempts=self._attempts,
            fan=np.stack(fan),
            locations=self._locations,
            success=success,
        )

    def _try(self, week: int, room: int) -> None:
        runs, slot = self._running, week % len(self._back)
        ready = self._ready[runs] + self._back[slot, runs]
        tried = np.minimum(ready, room)
        failed = self._rng.binomial(tried, self._failing[runs])
        left = self._left[runs] - (tried - failed)
        self._ready[runs] = ready - tried
        self._back[slot, runs] = failed
        self._left[runs] = left
        self._attempts[runs] += tried
        self._finish[runs[left == 0]] = week
        self._running = runs[left > 0]


def _exact(locations: int, room: Counts, success: float) -> Forecast:
    """The one way it goes when chance plays no part."""
    moved = np.minimum(np.cumsum(room), locations) if success > 0 else np.zeros(HORIZON)
    done = np.flatnonzero(moved >= locations)
    finish = 0 if locations == 0 else int(done[0]) + 1 if done.size else NOT_IN_SIGHT
    shown = moved[: min(finish, HORIZON)]
    line = np.concatenate([[0.0], shown])
    tried = int(room[: min(finish, HORIZON)].sum())
    return Forecast(
        finish=np.array([finish]),
        attempts=np.array([min(tried, locations) if success > 0 else tried]),
        fan=np.repeat(line[:, None], len(BANDS), axis=1),
        locations=locations,
        success=success,
    )


def _refuse(locations: int, success: float) -> None:
    if not 0 <= success <= 1:
        raise ImpossibleForecast(
            f"The share that succeeds must be from 0 to 1 (0 % to 100 %), not {success}."
        )
    if not 0 <= locations <= MOST_LOCATIONS:
        raise ImpossibleForecast(
            f"The locations left must be from 0 to {MOST_LOCATIONS:,}, not {locations:,}."
        )


def _weekly(per_week: int | npt.ArrayLike) -> Counts:
    """The room in each week of the horizon: i64[520]."""
    given = np.atleast_1d(np.asarray(per_week))
    if given.ndim != 1 or not given.size or given.dtype.kind not in "iuf":
        raise ImpossibleForecast("Locations per week must be a number, or a number for each week.")
    wrong = (
        ~np.isfinite(given) | (given < 0) | (given > MOST_LOCATIONS) | (given != np.floor(given))
    )
    if wrong.any():
        week = int(np.flatnonzero(wrong)[0])
        raise ImpossibleForecast(
            f"Locations per week must be whole numbers from 0 to {MOST_LOCATIONS:,}; "
            f"week {week + 1} has {given[week]}."
        )
    weeks = given.astype(np.int64)[:HORIZON]
    return np.concatenate([weeks, np.full(HORIZON - weeks.size, weeks.max())])
