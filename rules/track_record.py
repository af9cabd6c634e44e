"""Did forecasts hold? Of each wave that is past, what was sure before it began, and what became true."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np

from rules.migrated import A_WEEK
from rules.parameters import Parameters
from rules.progress import Progress, Wave
from rules.prospects import usual_rate

SURE = 0.8
"""The share of ways it can go in which at least so many of a wave migrate: P80."""
DRAWS = 10_000
SEED = 1


@dataclass(frozen=True, slots=True)
class Past:
    """A wave that is past: at least `sure` were to migrate with P80, as was known before it; so many did."""

    week: date
    locations: int
    sure: int
    migrated: int

    @property
    def has_held(self) -> bool:
        """Whether at least so many migrated."""
        return self.migrated >= self.sure


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How the waves that are past went beside what was sure of each, in order."""

    waves: tuple[Past, ...]

    @property
    def held(self) -> int:
        """For how many it held."""
        return sum(each.has_held for each in self.waves)


def track_record(progress: Progress, today: date, parameters: Parameters) -> TrackRecord:
    """What each wave that is past would have been forecast with what the waves before it had told.

    Only waves that were started tell anything. Rates and their certainty are as a forecast has them:
    s ~ Beta(k s, k (1 - s)), and of n locations Binomial(n, s) migrate.
    """
    started = [wave for wave in progress.waves if wave.went]
    past = (wave for wave in started if wave.week + A_WEEK <= today)
    return TrackRecord(tuple(_past(wave, started, progress, parameters) for wave in past))


def _past(wave: Wave, started: Iterable[Wave], progress: Progress, parameters: Parameters) -> Past:
    before = tuple(each for each in started if each.week < wave.week)
    success = usual_rate(replace(progress, waves=before), parameters).success
    tried = wave.went.all_of_it if wave.went else 0
    return Past(wave.week, tried, _sure(tried, success, parameters), wave.migrated)


@lru_cache(maxsize=256)
def _sure(locations: int, success: float, parameters: Parameters) -> int:
    """How many of these migrate at least, in `SURE` of all ways it can go."""
    if not 0 < success < 1:
        return locations if success else 0
    certainty = parameters.forecast.certainty
    chance = np.random.default_rng(SEED)
    rates = chance.beta(certainty * success, certainty * (1 - success), DRAWS)
    migrated = chance.binomial(locations, rates)
    return int(np.quantile(migrated, 1 - SURE, method="lower"))
