"""What a plan is made from, as it is in the tables."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.cadence import with_cadence
from rules.calendar import Blackout, week_zero
from rules.granting import GRANTED
from rules.parameters import Parameters
from rules.question import Material, Question
from store.copying import copied_out
from store.plans import NOT_BY_US

LOCATIONS = """
    WITH punts AS (
        SELECT customer_id, count(DISTINCT recorded_at) AS punts FROM moves
        WHERE (to_week IS NULL OR to_week > from_week) AND reason <> ALL ($1) GROUP BY customer_id
    )
    SELECT locations.id AS location_id, customers.id AS customer_id, customers.csa_email,
        locations.region, locations.status, array_to_string(locations.requires, ';') AS requires,
        signed_up_on, last_order_on, orders_28d, missed_orders_28d, cancelled_orders_28d,
        orders_prev_28d, open_hours_28d, online_hours_28d, punts.punts,
        promises.week AS promised, promises.customer_id AS promised_to,
        (run.location_id IS NOT NULL)::text AS in_wave,
        (waves.started_at IS NOT NULL)::text AS was_started,
        (promises.week IS NULL AND locations.id IN (
            SELECT location_id FROM wave_locations WHERE state = 'back in the plan'
        ))::text AS came_back
    FROM locations JOIN customers ON customers.id = locations.customer_id
    LEFT JOIN punts ON punts.customer_id = customers.id
    LEFT JOIN promises ON promises.location_id = locations.id
    LEFT JOIN waves ON waves.week = promises.week
    LEFT JOIN wave_locations AS run
        ON run.location_id = locations.id AND run.state <> 'back in the plan'
"""
LOCATION_COLUMNS: dict[str, type[pl.DataType]] = {
    "location_id": pl.String,
    "customer_id": pl.String,
    "csa_email": pl.String,
    "region": pl.String,
    "status": pl.String,
    "requires": pl.String,
    "signed_up_on": pl.Date,
    "last_order_on": pl.Date,
    "orders_28d": pl.Int64,
    "missed_orders_28d": pl.Int64,
    "cancelled_orders_28d": pl.Int64,
    "orders_prev_28d": pl.Int64,
    "open_hours_28d": pl.Float64,
    "online_hours_28d": pl.Float64,
    "punts": pl.Int64,
    "promised": pl.Date,
    "promised_to": pl.String,
    "in_wave": pl.Boolean,
    "was_started": pl.Boolean,
    "came_back": pl.Boolean,
}
HISTORY = """
    SELECT history.location_id, week_start, orders, open_hours
    FROM history JOIN locations ON locations.id = history.location_id
    WHERE last_order_on IS NULL OR week_start > last_order_on - $1::int * 7 - 7
"""
"""The weeks that tell a location's pace, and those since."""
HISTORY_COLUMNS: dict[str, type[pl.DataType]] = {
    "location_id": pl.String,
    "week_start": pl.Date,
    "orders": pl.Int64,
    "open_hours": pl.Float64,
}
TAKEN_ON = text("""
    SELECT max(taken_on) FROM (
        SELECT taken_on FROM imports WHERE kind = 'master' GROUP BY at, taken_on
        HAVING 2 * sum(added + changed + unchanged) >= (SELECT count(*) FROM locations)
    ) AS sheets
""")
"""The day of the newest master sheets with half of all locations or more: one about a few that came
later says nothing of how long the others are silent."""
GRANTED_LOCATIONS = """
    SELECT location_id, coalesce(csa_email, '') AS csa_email, due_on, points,
        decided_at::date AS given_on
    FROM escalations JOIN escalated_locations ON escalation_id = escalations.id
    WHERE state IN ('approved', 'scheduled') AND granted AND due_on IS NOT NULL
    ORDER BY escalation_id, location_id
"""
FEATURES = text("SELECT key, target_release_on, released_on FROM features")
CAPACITY = text("SELECT email, weekly_capacity FROM csas WHERE weekly_capacity IS NOT NULL")
LEAVE = text("SELECT email, week FROM csa_leave WHERE week >= :first_monday")
BLACKOUTS = text("SELECT region, from_date, to_date, why FROM blackouts WHERE to_date >= :today")
NEWEST_IMPORT = text("SELECT coalesce(max(id), 0) FROM imports")
STARTED = text(
    "SELECT week FROM waves WHERE week >= :first_monday AND started_at IS NOT NULL ORDER BY week"
)
WAVES_RUN = text("SELECT count(*) AS waves FROM waves WHERE week < :first_monday")


class Planning:
    """Reads what a plan is made from."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def question(self, today: date, parameters: Parameters) -> Question:
        """What to ask the planner today."""
        material = await self.material(today, parameters)
        return await asyncio.to_thread(material.question, today, parameters)

    async def material(self, today: date, parameters: Parameters) -> Material:
        """All that a question is made from, and its scores are, as it is today."""
        first_monday = week_zero(today)
        taken_on: date = (await self._connection.execute(TAKEN_ON)).scalar_one() or today
        return Material(
            locations=await self._locations(taken_on, parameters),
            features={
                row.key: (row.target_release_on, row.released_on)
                for row in await self._rows(FEATURES)
            },
            capacity={row.email: row.weekly_capacity for row in await self._rows(CAPACITY)},
            leave=[
                (row.email, row.week) for row in await self._rows(LEAVE, first_monday=first_monday)
            ],
            blackouts=[
                Blackout(row.region, row.from_date, row.to_date, row.why or "")
                for row in await self._rows(BLACKOUTS, today=today)
            ],
            waves_run=(await self._rows(WAVES_RUN, first_monday=first_monday))[0].waves,
            taken_on=taken_on,
            started=frozenset(
                row.week for row in await self._rows(STARTED, first_monday=first_monday)
            ),
            granted=await copied_out(self._connection, GRANTED_LOCATIONS, GRANTED),
        )

    async def newest_import(self) -> int:
        """The number of the newest import: after another one a question may be another."""
        newest: int = (await self._connection.execute(NEWEST_IMPORT)).scalar_one()
        return newest

    async def _locations(self, taken_on: date, parameters: Parameters) -> pl.DataFrame:
        """All locations with their figures, and what their history tells of their pace."""
        locations = await copied_out(self._connection, LOCATIONS, LOCATION_COLUMNS, list(NOT_BY_US))
        # In one order, whatever the tables are in: sums of the same figures come out the same.
        locations = locations.sort("location_id").with_columns(
            pl.col("region", "requires").fill_null("")
        )
        weeks = parameters.silence.cadence_weeks
        history = await copied_out(self._connection, HISTORY, HISTORY_COLUMNS, weeks)
        if history.is_empty():
            return locations
        return await asyncio.to_thread(with_cadence, locations, history, taken_on=taken_on)

    async def _rows(self, query: TextClause, **values: date) -> Sequence[Row[Any]]:
        return (await self._connection.execute(query, values)).all()
