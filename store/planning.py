"""What a plan is made from, as it is in the tables."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.calendar import Blackout, week_zero
from rules.parameters import Parameters
from rules.question import Material, Question
from store.copying import copied_out

LOCATIONS = """
    SELECT locations.id AS location_id, customers.id AS customer_id, customers.csa_email,
        locations.region, locations.status, array_to_string(locations.requires, ';') AS requires,
        locations.orders_28d AS orders, locations.missed_orders_28d AS missed,
        promises.week AS promised, promises.customer_id AS promised_to
    FROM locations JOIN customers ON customers.id = locations.customer_id
    LEFT JOIN promises ON promises.location_id = locations.id
"""
LOCATION_COLUMNS: dict[str, type[pl.DataType]] = {
    "location_id": pl.String,
    "customer_id": pl.String,
    "csa_email": pl.String,
    "region": pl.String,
    "status": pl.String,
    "requires": pl.String,
    "orders": pl.Int64,
    "missed": pl.Int64,
    "promised": pl.Date,
    "promised_to": pl.String,
}
FEATURES = text("SELECT key, target_release_on, released_on FROM features")
CAPACITY = text("SELECT email, weekly_capacity FROM csas WHERE weekly_capacity IS NOT NULL")
LEAVE = text("SELECT email, week FROM csa_leave WHERE week >= :first_monday")
BLACKOUTS = text("SELECT region, from_date, to_date, why FROM blackouts WHERE to_date >= :today")
WAVES_RUN = text("SELECT count(*) AS waves FROM waves WHERE week < :first_monday")


class Planning:
    """Reads what a plan is made from."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def question(self, today: date, parameters: Parameters) -> Question:
        """What to ask the planner today."""
        first_monday = week_zero(today)
        locations = await copied_out(self._connection, LOCATIONS, LOCATION_COLUMNS)
        material = Material(
            locations=locations.with_columns(pl.col("region", "requires").fill_null("")),
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
        )
        return await asyncio.to_thread(material.question, today, parameters)

    async def _rows(self, query: TextClause, **values: date) -> Sequence[Row[Any]]:
        return (await self._connection.execute(query, values)).all()
