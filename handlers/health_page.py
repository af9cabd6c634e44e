"""The page that explains the health score: what it means, what to do, and one location as the example."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from handlers.dates import look_up
from handlers.errors import NotThere
from handlers.page_doors import page
from handlers.pages import Answer, shown
from handlers.visit import Visit
from rules.finding import Named
from rules.health import Component, HealthScore
from rules.parameters import Parameters
from rules.roles import Role
from rules.scoring import scores
from store.scores import Scored, Scoring
from store.session import Reading, Store

MADE_UP = {
    "orders_28d": 1_000,
    "missed_orders_28d": 150,
    "cancelled_orders_28d": 30,
    "orders_prev_28d": 1_100,
    "open_hours_28d": 300.0,
    "online_hours_28d": 270.0,
}
"""The figures of the example where nobody was scored yet; its last order is of today."""
NOT_SCORED = "{id} was not scored: it came after the last plan, or there is no such location."


@dataclass(frozen=True)
class Example:
    """A location whose score is explained. Without a name it is made up.

    `chance` is that of a silence as long as its own.
    """

    name: str
    location_id: str
    taken_on: date
    figures: Mapping[str, float | None]
    health: HealthScore
    usual_missed: float
    chance: float | None
    parameters: Parameters

    @property
    def largest_loss(self) -> Component | None:
        """What takes most away, if anything does."""
        return self.health.largest_loss


@page("/health-score", role=Role.viewer)
async def explain(visit: Visit, store: Store) -> Answer:
    """The health score with the numbers that count now, on one sheet of paper."""
    async with store.reading(consistent=True) as reading:
        parameters = await reading.parameters.current()
        example = await _example(reading, visit, parameters)
    return shown(
        "health",
        visit,
        chosen=parameters.health,
        silence=parameters.silence,
        components=list(Component),
        example=example,
        is_as_now=example.parameters.health == parameters.health,
    )


async def _example(reading: Reading, visit: Visit, parameters: Parameters) -> Example:
    """The location that was asked for, or a telling one; a made-up one where none is scored.

    Raises:
        NotThere: the one that was asked for has no score.
    """
    asked = visit.query.get("location", "")
    scoring = await reading.scores.newest()
    if scoring and asked:
        scored = await reading.scores.of_location(scoring.id, asked)
    elif scoring:
        middle = (parameters.health.green + parameters.health.amber) / 2
        csa = (visit.person.email or "").lower()
        scored = await reading.scores.telling(scoring.id, csa=csa, health=middle)
    else:
        scored = None
    if asked and not scored:
        raise NotThere(NOT_SCORED.format(id=asked))
    if scoring and scored:
        return await _real(reading, visit, scoring, scored)
    return _made_up(visit.today, parameters)


async def _real(reading: Reading, visit: Visit, scoring: Scoring, scored: Scored) -> Example:
    named = Named("location", scored.location_id, scored.customer_id, "")
    dated = await look_up(reading, named, visit.today)
    return Example(
        name=dated.known.name if dated else scored.location_id,
        location_id=scored.location_id,
        taken_on=scoring.taken_on,
        figures=scored.figures,
        health=scored.score.health,
        chance=scored.score.activity.chance,
        usual_missed=scoring.missed.hits / scoring.missed.trials,
        parameters=scoring.parameters,
    )


def _made_up(today: date, parameters: Parameters) -> Example:
    """An example with figures of our own, scored as any location is."""
    figures = {**MADE_UP, "last_order_on": today}
    made = scores(pl.DataFrame([figures]), taken_on=today, today=today, parameters=parameters)
    return Example(
        name="",
        location_id="",
        taken_on=today,
        figures={**MADE_UP, "silent_days": 0.0, "cadence_orders": None, "cadence_days": None},
        health=made.of(0).health,
        chance=made.of(0).activity.chance,
        usual_missed=made.health.missed.hits / made.health.missed.trials,
        parameters=parameters,
    )
