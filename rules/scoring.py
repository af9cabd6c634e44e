"""All scores of a portfolio at once: activity, health and priority."""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from rules.activity import OFFBOARDED, Activities, Activity, activities
from rules.figures import Figures
from rules.health import HealthScore, HealthScores, health
from rules.parameters import Parameters
from rules.priority import Circumstances, Priorities, Priority, priority


@dataclass(frozen=True, slots=True)
class Score:
    """Everything that was computed of one location; it has no priority when it is not to move."""

    activity: Activity
    health: HealthScore
    priority: Priority | None


@dataclass(frozen=True, eq=False)
class Scores:
    """The scores of n locations, and what they were computed with."""

    figures: Figures
    circumstances: Circumstances
    activity: Activities
    health: HealthScores
    priority: Priorities
    taken_on: date
    parameters: Parameters

    def of(self, row: int) -> Score:
        """One location, to be put in words."""
        return Score(self.activity.of(row), self.health.of(row), self.priority.of(row))


def scores(
    locations: pl.DataFrame,
    *,
    taken_on: date,
    today: date,
    parameters: Parameters | None = None,
    before: Scores | None = None,
) -> Scores:
    """Score locations, rows as `Figures.of` and `Circumstances.of` read them, and their `status`.

    The figures are those of the day `taken_on`; what was decided counts as of `today`. Where `before`
    are scores of the same figures with the same parameters, only what people decided is looked at
    anew. Raises ImpossibleFigures with the rows of what cannot be.
    """
    circumstances = Circumstances.of(locations, today=today)
    if before:
        known = (before.figures, before.activity, before.health)
        made = priority(*known, circumstances, before.parameters)
        return replace(before, circumstances=circumstances, priority=made)
    parameters = parameters or Parameters()
    figures = Figures.of(locations, taken_on=taken_on)
    absent = pl.repeat(None, locations.height, dtype=pl.String, eager=True)
    status = locations.get_column("status", default=absent)
    gone = (status == OFFBOARDED).fill_null(value=False).to_numpy()
    activity = activities(figures, gone, parameters)
    of_health = health(figures, activity, parameters)
    return Scores(
        figures=figures,
        circumstances=circumstances,
        activity=activity,
        health=of_health,
        priority=priority(figures, activity, of_health, circumstances, parameters),
        taken_on=taken_on,
        parameters=parameters,
    )
