"""Where the plan in force puts a customer or location, with its scores: what reasons are read from."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from handlers.dates import Dated, look_up
from rules.ahead import Mean, Place, place_of
from rules.calendar import first_week_from, monday_of
from rules.finding import Named
from rules.priority import Priority
from store.plan_archive import Asked
from store.plan_versions import PlanVersion
from store.session import Reading


@dataclass(frozen=True)
class InPlan:
    """What is known of one: its date, its parts in the plan by week, and its priority as it was.

    `place` is the part that goes first. Without a part in the plan it is None, and `left_out` says
    why no week was looked for. `now` is the first week of the plan that can still be planned.
    """

    dated: Dated
    version: PlanVersion | None = None
    asked: Asked | None = None
    places: tuple[Place, ...] = ()
    left_out: str | None = None
    priority: Mean | None = None
    now: int = 0

    @property
    def place(self) -> Place | None:
        """Its part that goes first; one without a week comes last."""
        return self.places[0] if self.places else None

    @property
    def week(self) -> date | None:
        """The Monday of its first week in the plan; of a plan without its question as it is told."""
        if self.asked is None:
            return min(self.dated.schedule.dates, default=None)
        if self.place is None or self.place.first is None:
            return None
        return self.monday(self.place.first)

    def monday(self, week: int) -> date:
        """The Monday of a week of the plan."""
        if self.version is None:
            raise LookupError("there is no plan")
        return monday_of(week, self.version.first_monday)


async def in_plan(reading: Reading, named: Named, today: date) -> InPlan | None:
    """Where one stands in the plan in force; None where it is gone meanwhile."""
    dated = await look_up(reading, named, today)
    if dated is None:
        return None
    version = await reading.plans.in_force()
    asked = await reading.plan_archive.question(version.id) if version else None
    if version is None or asked is None:
        return InPlan(dated, version)
    customer, location = dated.known.customer_id, dated.known.location_id
    places, ids = await asyncio.to_thread(_places, asked, customer, location)
    priority = await _priority(reading, version, customer, ids)
    return InPlan(
        dated,
        version,
        asked,
        tuple(places),
        None if places else _left_out(asked, customer, location),
        priority,
        first_week_from(today, version.first_monday),
    )


def _places(
    asked: Asked, customer: str, location: str | None
) -> tuple[list[Place], frozenset[str]]:
    """The parts, the first first; and the locations of that one, or those that are in none."""
    going = asked.question.going.filter(pl.col("customer_id") == customer)
    if location:
        going = going.filter(pl.col("location_id") == location)
    rows = going["part"].unique().sort().to_list()
    places = sorted(
        (place_of(asked.problem, asked.plan, row) for row in rows),
        key=lambda place: (place.first is None, place.first or 0, place.row),
    )
    scored = going.filter(pl.col("part") == places[0].row) if places else asked.question.left_out
    mine = scored.filter(pl.col("customer_id") == customer)
    if location:
        mine = mine.filter(pl.col("location_id") == location)
    return places, frozenset(mine["location_id"])


async def _priority(
    reading: Reading, version: PlanVersion, customer: str, ids: frozenset[str]
) -> Mean | None:
    """The mean priority of these locations as the plan had it."""
    if version.scoring_id is None:
        return None
    scored = await reading.scores.of_customer(version.scoring_id, customer)
    priorities: Sequence[Priority] = [
        each.score.priority for each in scored if each.location_id in ids and each.score.priority
    ]
    return Mean.of(priorities)


def _left_out(asked: Asked, customer: str, location: str | None) -> str | None:
    """Why no week was looked for."""
    rows = asked.question.left_out.filter(pl.col("customer_id") == customer)
    if location:
        rows = rows.filter(pl.col("location_id") == location)
    return None if rows.is_empty() else str(rows["why"].mode().sort()[0])
