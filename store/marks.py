"""Marks of locations: where those that a sheet names stand, and a wave as a sheet to fill in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.location_life import MOVED, State
from rules.marking import Outcome, Stands
from store.copying import copied_out
from store.driver import all_found

NEWEST_FAILURE = """
    LEFT JOIN LATERAL (
        SELECT failures.failed_on, causes.words AS cause, remedy, lost_orders AS lost
        FROM failures JOIN causes ON causes.id = failures.cause_id
        WHERE failures.week = run.week AND failures.location_id = run.location_id AND NOT withdrawn
        ORDER BY attempt DESC LIMIT 1
    ) AS failure ON true
"""
STANDING = f"""
    SELECT run.location_id, run.week, run.state, run.attempt, run.migrated_on, failure.*
    FROM wave_locations AS run {NEWEST_FAILURE}
    WHERE run.location_id = ANY ($1::text[]) AND run.state <> 'back in the plan'
"""
WEEKS = """
    SELECT location_id, week FROM promises WHERE location_id = ANY ($1::text[])
"""
ON_NEW_SYSTEM = ", ".join(f"'{state}'" for state in sorted(MOVED))
EXPORTED = f"""
    SELECT run.location_id, run.week,
        CASE WHEN run.state IN ({ON_NEW_SYSTEM}) THEN '{Outcome.migrated}'
            WHEN run.state = '{State.failed}' THEN '{Outcome.failed}' END,
        failure.cause, failure.remedy,
        CASE WHEN run.state = '{State.failed}' AND failure.lost THEN 'yes' END,
        CASE WHEN run.state IN ({ON_NEW_SYSTEM}) THEN run.migrated_on
            WHEN run.state = '{State.failed}' THEN failure.failed_on END,
        locations.name, customers.name, run.csa_email, run.state
    FROM wave_locations AS run {NEWEST_FAILURE}
    LEFT JOIN locations ON locations.id = run.location_id
    LEFT JOIN customers ON customers.id = run.customer_id
    WHERE run.week = $1 AND ($2::text IS NULL OR run.csa_email = lower($2))
    ORDER BY run.csa_email, lower(customers.name), run.customer_id, 1
"""
EXPORT_SCHEMA: dict[str, pl.DataType] = {
    "location_id": pl.String(),
    "wave": pl.Date(),
    "outcome": pl.String(),
    "cause": pl.String(),
    "remedy": pl.String(),
    "lost_orders": pl.String(),
    "on": pl.Date(),
    "location_name": pl.String(),
    "customer_name": pl.String(),
    "csa_email": pl.String(),
    "stands": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Run:
    """The wave that a location is in now, its try there, and where it stands."""

    week: date
    attempt: int
    stands: Stands


class Marks:
    """What marks of locations need to know, and the sheet that takes them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def runs(self, locations: Collection[str]) -> dict[str, Run]:
        """The run that each of these is in; of those that are in none nothing is said."""
        rows = await all_found(self._connection, STANDING, list(locations))
        return {
            row["location_id"]: Run(
                row["week"],
                row["attempt"],
                Stands(
                    State(row["state"]),
                    row["migrated_on"],
                    row["failed_on"],
                    row["cause"] or "",
                    row["remedy"] or "",
                ),
            )
            for row in rows
        }

    async def promised(self, locations: Collection[str]) -> dict[str, date]:
        """The week that each of these is promised; of those without a date nothing is said."""
        rows = await all_found(self._connection, WEEKS, list(locations))
        return {row["location_id"]: row["week"] for row in rows}

    async def exported(self, week: date, csa_email: str | None = None) -> pl.DataFrame:
        """A wave by CSA and customer, or a CSA's locations of it, as a sheet to fill in.

        Read again as it is it changes nothing. The columns are those of `EXPORT_SCHEMA`.
        """
        return await copied_out(self._connection, EXPORTED, EXPORT_SCHEMA, week, csa_email)
