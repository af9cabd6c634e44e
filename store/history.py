"""Weekly figures of each location: what scores and checks are computed from."""

from collections.abc import Sequence
from datetime import date

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from rules.judging import SUMS, WEEKLY
from rules.looks import Compared
from store.copying import copied_out
from store.tables import Table


class HistoryRow(Table, table=True):
    """One location's week; the week is its Monday."""

    __tablename__ = "history"

    location_id: str = Field(primary_key=True)
    week_start: date = Field(primary_key=True)
    orders: int
    missed_orders: int | None = None
    cancelled_orders: int | None = None
    online_hours: float | None = None
    open_hours: float | None = None


# Summed in the database: a row of each location leaves it, not one of each of its weeks.
COMPARED = """
    WITH weeks AS (
        SELECT location_id, orders, missed_orders, cancelled_orders, open_hours, online_hours,
            week_start < $2 AS earlier, week_start >= $2 AND week_start < $3 AS before,
            week_start >= $4 AS after
        FROM history
        WHERE week_start >= $1 AND week_start < greatest($3::date, $5::date) AND missed_orders IS NOT NULL
    ), sums AS (
        SELECT location_id,
            sum(orders) FILTER (WHERE before) AS before_orders,
            sum(missed_orders) FILTER (WHERE before) AS before_missed,
            count(*) FILTER (WHERE before) AS before_weeks,
            sum(cancelled_orders) FILTER (WHERE before) AS before_cancelled,
            sum(open_hours) FILTER (WHERE before) AS before_open,
            sum(online_hours) FILTER (WHERE before) AS before_online,
            sum(orders) FILTER (WHERE earlier) AS earlier_orders,
            count(*) FILTER (WHERE earlier) AS earlier_weeks,
            sum(orders) FILTER (WHERE after) AS after_orders,
            sum(missed_orders) FILTER (WHERE after) AS after_missed,
            count(*) FILTER (WHERE after) AS after_weeks
        FROM weeks GROUP BY location_id
    ), moved AS (
        SELECT location_id FROM wave_locations WHERE migrated_on < $5
        UNION
        SELECT location_id FROM promises JOIN waves ON waves.week = promises.week
        WHERE promises.week < $5 AND waves.started_at IS NULL
    )
    SELECT locations.id, locations.region, (moved.location_id IS NULL)::text,
        before_orders, before_missed, before_weeks, before_cancelled, before_open, before_online,
        earlier_orders, earlier_weeks, after_orders, after_missed, after_weeks
    FROM locations LEFT JOIN sums ON sums.location_id = locations.id
    LEFT JOIN moved ON moved.location_id = locations.id
"""
"""Whoever was promised a week that is over, in a wave that nobody started, counts as moved."""

WEEKS = """
    SELECT location_id, week_start, orders, open_hours FROM history
    WHERE location_id = ANY ($1) AND week_start >= $2 AND week_start < $3
"""


class History:
    """What locations did, week by week."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def compared(self, weeks: Compared) -> pl.DataFrame:
        """What a look compares, of all locations: the columns of `rules.judging.SUMS`."""
        before, after = weeks.before, weeks.after
        earlier = before.first - (before.until - before.first)
        return await copied_out(
            self._connection,
            COMPARED,
            SUMS,
            *(earlier, before.first, before.until, after.first, after.until),
        )

    async def weekly(self, locations: Sequence[str], since: date, until: date) -> pl.DataFrame:
        """The weeks of some locations in a range: the columns of `rules.judging.WEEKLY`."""
        return await copied_out(self._connection, WEEKS, WEEKLY, list(locations), since, until)
