"""Scores as they were: every scoring with its parameters, and of each location all that it came to."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from sqlalchemy import REAL, Float, Index, Integer, SmallInteger, text, type_coerce
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, col

from rules.activity import Activities
from rules.figures import Figures
from rules.health import Component, HealthScores
from rules.parameters import Parameters
from rules.priority import Circumstances, Priorities
from rules.scoring import Score, Scores
from rules.shrinkage import Prior
from store.copying import copied_in
from store.driver import all_found, looked_up
from store.parameters import usable
from store.tables import DOCUMENT, Table, instant

FIGURES = tuple(field.name for field in fields(Figures))
COMPONENTS = tuple(component.value for component in Component)
LOST = tuple(f"{component}_lost" for component in COMPONENTS)
PRIORITY = {
    "score": "priority",
    "benefit": "priority_benefit",
    "health": "priority_health",
    "volume": "priority_volume",
    "bump": "bump",
    "factor": "factor",
    "floor": "floor",
    "benefit_rank": "benefit_rank",
}
"""The fields of `Priorities` that are amounts, and their columns."""


def _amount() -> Any:  # noqa: ANN401 - as SQLModel's Field
    """Seven digits are more than anybody sees, in half the space; NULL is what is not known."""
    return Field(default=None, sa_type=REAL)


class ScoringRow(Table, table=True):
    """One scoring of the whole portfolio, with what it was computed with.

    The figures are those of the day `taken_on`. `digest` stands for all that came of it: the same
    once more is not kept again.
    """

    __tablename__ = "scorings"

    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    taken_on: date
    made_at: datetime = instant(now=True)
    parameters: dict[str, Any] = Field(sa_type=DOCUMENT)
    missed_hits: float = Field(sa_type=Float)
    missed_trials: float = Field(sa_type=Float)
    missed_fitted: bool
    cancelled_hits: float = Field(sa_type=Float)
    cancelled_trials: float = Field(sa_type=Float)
    cancelled_fitted: bool
    locations: int


class ScoreRow(Table, table=True):
    """One location in one scoring: its figures, and all that was computed from them."""

    __tablename__ = "scores"
    __table_args__ = (Index(None, "scoring_id", "customer_id"),)

    scoring_id: int = Field(primary_key=True, foreign_key="scorings.id")
    location_id: str = Field(primary_key=True)
    customer_id: str
    punts: int = Field(sa_type=Integer)
    state: int = Field(sa_type=SmallInteger, description="rules.activity.State")
    reason: int = Field(sa_type=SmallInteger, description="rules.activity.Reason")
    days_of_silence: float | None = _amount()
    log10_chance: float | None = _amount()
    is_sure: bool
    is_complete: bool
    orders_28d: float | None = _amount()
    missed_orders_28d: float | None = _amount()
    cancelled_orders_28d: float | None = _amount()
    orders_prev_28d: float | None = _amount()
    open_hours_28d: float | None = _amount()
    online_hours_28d: float | None = _amount()
    silent_days: float | None = _amount()
    days_since_sign_up: float | None = _amount()
    cadence_orders: float | None = _amount()
    cadence_days: float | None = _amount()
    closed_days: float | None = _amount()
    health: float | None = _amount()
    reliability: float | None = _amount()
    reliability_lost: float | None = _amount()
    cancellations: float | None = _amount()
    cancellations_lost: float | None = _amount()
    activity: float | None = _amount()
    activity_lost: float | None = _amount()
    trend: float | None = _amount()
    trend_lost: float | None = _amount()
    availability: float | None = _amount()
    availability_lost: float | None = _amount()
    priority: float | None = _amount()
    priority_benefit: float | None = _amount()
    priority_health: float | None = _amount()
    priority_volume: float | None = _amount()
    bump: float | None = _amount()
    factor: float | None = _amount()
    floor: float | None = _amount()
    benefit_rank: float | None = _amount()


@dataclass(frozen=True, slots=True)
class Scoring:
    """One scoring of the whole portfolio: the day its figures are of, and what it was computed with."""

    id: int
    taken_on: date
    made_at: datetime
    parameters: Parameters
    missed: Prior
    cancelled: Prior
    locations: int


@dataclass(frozen=True, slots=True)
class Scored:
    """One location as it was scored; `figures` are by the names of `rules.figures.Figures`."""

    location_id: str
    customer_id: str
    figures: Mapping[str, float | None]
    punts: int
    score: Score


SCORING = "SELECT * FROM scorings WHERE id = $1"
NEWEST = "SELECT * FROM scorings ORDER BY id DESC LIMIT 1"
OF_PLAN = """
    SELECT scorings.* FROM scorings JOIN plans ON plans.scoring_id = scorings.id WHERE plans.id = $1
"""
OF_CUSTOMER = """
    SELECT * FROM scores WHERE scoring_id = $1 AND customer_id = $2 ORDER BY location_id
"""
OF_LOCATION = "SELECT * FROM scores WHERE scoring_id = $1 AND location_id = $2"
TELLING = """
    SELECT scored.location_id FROM (
        SELECT * FROM scores WHERE scoring_id = $1 ORDER BY location_id LIMIT 10000
    ) AS scored JOIN customers ON customers.id = scored.customer_id
    WHERE health IS NOT NULL
    ORDER BY NOT is_sure, num_nulls(reliability, cancellations, activity, trend, availability),
        csa_email <> $2, abs(health - $3), scored.location_id LIMIT 1
"""
SAME = text("SELECT id FROM scorings WHERE digest = :digest")


class Scorings:
    """Every scoring that was made."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def newest(self) -> Scoring | None:
        """The one that was made last; None before the first."""
        row = await looked_up(self._connection, NEWEST)
        return _scoring(row) if row else None

    async def get(self, scoring_id: int) -> Scoring | None:
        """The scoring with this id."""
        row = await looked_up(self._connection, SCORING, scoring_id)
        return _scoring(row) if row else None

    async def of_plan(self, plan_id: int) -> Scoring | None:
        """The scoring that a plan used; None for one made before scorings were kept."""
        row = await looked_up(self._connection, OF_PLAN, plan_id)
        return _scoring(row) if row else None

    async def of_customer(self, scoring_id: int, customer_id: str) -> list[Scored]:
        """The locations of a customer as they were scored, by id."""
        return await self._scored(scoring_id, OF_CUSTOMER, customer_id)

    async def of_location(self, scoring_id: int, location_id: str) -> Scored | None:
        """One location as it was scored; None where it was not there then."""
        found = await self._scored(scoring_id, OF_LOCATION, location_id)
        return found[0] if found else None

    async def telling(self, scoring_id: int, *, csa: str, health: float) -> Scored | None:
        """A location that shows best how scores come about: sure, complete, a CSA's own, near a score.

        Looked for among the first ten thousand.
        """
        row = await looked_up(self._connection, TELLING, scoring_id, csa, health)
        return await self.of_location(scoring_id, row["location_id"]) if row else None

    async def keep(self, locations: pl.DataFrame, scores: Scores) -> int:
        """Keep a scoring, rows as the location_id and customer_id of `locations`; returns its id."""
        rows = rows_of(locations, scores)
        digest = digest_of(rows, scores)
        kept: int | None = (
            await self._connection.execute(SAME, {"digest": digest})
        ).scalar_one_or_none()
        if kept is not None:
            return kept
        missed, cancelled = scores.health.missed, scores.health.cancelled
        values = {
            "digest": digest,
            "taken_on": scores.taken_on,
            "parameters": scores.parameters.model_dump(),
            "missed_hits": missed.hits,
            "missed_trials": missed.trials,
            "missed_fitted": missed.fitted,
            "cancelled_hits": cancelled.hits,
            "cancelled_trials": cancelled.trials,
            "cancelled_fitted": cancelled.fitted,
            "locations": rows.height,
        }
        statement = insert(ScoringRow).values(values)
        returning = statement.returning(type_coerce(col(ScoringRow.id), Integer))
        scoring_id: int = (await self._connection.execute(returning)).scalar_one()
        await copied_in(
            self._connection, "scores", rows.with_columns(scoring_id=pl.lit(scoring_id))
        )
        return scoring_id

    async def _scored(self, scoring_id: int, query: str, which: str) -> list[Scored]:
        scoring = await self.get(scoring_id)
        rows = await all_found(self._connection, query, scoring_id, which)
        if not scoring or not rows:
            return []
        scores = scores_of(rows, scoring)
        return [
            Scored(
                row["location_id"],
                row["customer_id"],
                {name: row[name] for name in FIGURES},
                row["punts"],
                scores.of(number),
            )
            for number, row in enumerate(rows)
        ]


def rows_of(locations: pl.DataFrame, scores: Scores) -> pl.DataFrame:
    """The rows of the table `scores`, without the scoring's id; what is not known is null."""
    activity, health, priority = scores.activity, scores.health, scores.priority
    amounts: dict[str, npt.NDArray[Any]] = {
        "days_of_silence": activity.silent_days,
        "log10_chance": activity.log10_chance,
        **{name: getattr(scores.figures, name) for name in FIGURES},
        "health": health.score,
        **dict(zip(COMPONENTS, health.component, strict=True)),
        **dict(zip(LOST, health.lost, strict=True)),
        **{column: getattr(priority, name) for name, column in PRIORITY.items()},
    }
    return locations.select("location_id", "customer_id").with_columns(
        punts=pl.Series(scores.circumstances.punts.astype(np.int32)),
        state=pl.Series(activity.state),
        reason=pl.Series(activity.reason),
        is_sure=pl.Series(health.is_sure),
        is_complete=pl.Series(priority.is_complete),
        **{
            name: pl.Series(values.astype(np.float32)).fill_nan(None)
            for name, values in amounts.items()
        },
    )


def digest_of(rows: pl.DataFrame, scores: Scores) -> str:
    """Stands for a scoring: its parameters, the day of its figures, and every row."""
    told = [scores.taken_on.isoformat(), scores.parameters.model_dump()]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    for name in sorted(rows.columns):
        column = rows[name]
        if column.dtype == pl.String:
            digest.update("\n".join(column).encode())
        else:
            digest.update(np.ascontiguousarray(column.to_numpy()).tobytes())
    return digest.hexdigest()


def scores_of(rows: Sequence[Mapping[str, Any]], scoring: Scoring) -> Scores:
    """Scores as they were computed, from rows of the table `scores`."""

    def amounts(name: str) -> npt.NDArray[np.float64]:
        return np.array([np.nan if row[name] is None else row[name] for row in rows], np.float64)

    def flags(name: str) -> npt.NDArray[np.bool_]:
        return np.array([row[name] for row in rows], np.bool_)

    priority = {name: amounts(column) for name, column in PRIORITY.items()}
    return Scores(
        figures=Figures(**{name: amounts(name) for name in FIGURES}),
        circumstances=Circumstances(
            migrated=np.zeros(len(rows), np.bool_), bump=priority["bump"], punts=amounts("punts")
        ),
        activity=Activities(
            state=amounts("state").astype(np.int8),
            reason=amounts("reason").astype(np.int8),
            silent_days=amounts("days_of_silence"),
            log10_chance=amounts("log10_chance"),
        ),
        health=HealthScores(
            score=amounts("health"),
            component=np.stack([amounts(name) for name in COMPONENTS]),
            lost=np.stack([amounts(name) for name in LOST]),
            is_sure=flags("is_sure"),
            missed=scoring.missed,
            cancelled=scoring.cancelled,
            parameters=scoring.parameters.health,
        ),
        priority=Priorities(is_complete=flags("is_complete"), **priority),
        taken_on=scoring.taken_on,
        parameters=scoring.parameters,
    )


def _scoring(row: Mapping[str, Any]) -> Scoring:
    return Scoring(
        id=row["id"],
        taken_on=row["taken_on"],
        made_at=row["made_at"],
        parameters=usable(row["parameters"]),
        missed=Prior(row["missed_hits"], row["missed_trials"], row["missed_fitted"]),
        cancelled=Prior(row["cancelled_hits"], row["cancelled_trials"], row["cancelled_fitted"]),
        locations=row["locations"],
    )
