"""Locations in the run of a wave: where each stands, and every step that it took."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.driver import all_found, looked_up
from store.location_runs import LocationStep, WaveLocation

BEGIN = text("""
    INSERT INTO wave_locations
        (week, location_id, customer_id, csa_email, state, version, attempt, lost_orders, looks,
        position)
    SELECT promises.week, locations.id, locations.customer_id, customers.csa_email,
        'planned', 1, 1, false, 0,
        row_number() OVER (ORDER BY lower(customers.name), lower(locations.name), locations.id)
    FROM promises JOIN locations ON locations.id = promises.location_id
    JOIN customers ON customers.id = locations.customer_id
    WHERE promises.week = :week AND locations.status = 'active' AND NOT EXISTS (
        SELECT FROM wave_locations AS run
        WHERE run.location_id = locations.id AND run.state <> 'back in the plan')
    ORDER BY locations.id
    ON CONFLICT (location_id) WHERE state <> 'back in the plan' DO NOTHING
""")
ALL = "SELECT * FROM wave_locations WHERE week = $1 ORDER BY location_id"
SOME = """
    SELECT * FROM wave_locations WHERE week = $1 AND location_id = ANY ($2::text[])
    ORDER BY location_id
"""
FOR_CHANGE = " FOR NO KEY UPDATE"
WHEREABOUTS = """
    SELECT asked.id AS location_id, locations.name, locations.status, promises.week AS promised,
        run.week AS in_run_of, (
            SELECT array_agg(coalesce(features.name, needed.key) ORDER BY needed.key)
            FROM unnest(locations.requires) AS needed (key)
            LEFT JOIN features ON features.key = needed.key
            WHERE released_on IS NULL OR released_on > $2) AS lacking, (
            SELECT CASE WHEN count(*) = count(coalesce(released_on, target_release_on))
                THEN max(coalesce(released_on, target_release_on)) END
            FROM unnest(locations.requires) AS needed (key)
            LEFT JOIN features ON features.key = needed.key
            WHERE released_on IS NULL OR released_on > $2) AS lacking_until
    FROM unnest($1::text[]) AS asked (id)
    LEFT JOIN locations ON locations.id = asked.id
    LEFT JOIN promises ON promises.location_id = asked.id
    LEFT JOIN wave_locations AS run ON run.location_id = asked.id AND run.state <> 'back in the plan'
"""
WAITING = """
    SELECT customer_id, array_agg(location_id ORDER BY location_id) AS location_ids
    FROM wave_locations WHERE week = $1 AND state IN ('planned', 'migrating', 'failed')
    GROUP BY customer_id ORDER BY customer_id
"""
STEPS = "SELECT * FROM location_steps WHERE week = $1 AND location_id = $2 ORDER BY version"
LAST_STEPS = """
    SELECT DISTINCT ON (location_id) * FROM location_steps
    WHERE week = $1 AND location_id = ANY ($2::text[]) ORDER BY location_id, version DESC
"""
NEWEST_STEP = "SELECT coalesce(max(id), 0) AS id FROM location_steps WHERE week = $1"
ADVANCE = text("""
    UPDATE wave_locations SET state = new.state, version = new.version, attempt = new.attempt,
        migrated_on = new.migrated_on, failed_on = new.failed_on, cause_id = new.cause_id,
        lost_orders = new.lost_orders, looks = new.looks, look_on = new.look_on,
        verdict = new.verdict, why = new.why
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
        location_id text, state text, version int, attempt smallint, migrated_on date,
        failed_on date, cause_id int, lost_orders boolean, looks smallint, look_on date,
        verdict smallint, why smallint)
    WHERE wave_locations.week = :week AND wave_locations.location_id = new.location_id
""")
CHANGING = (
    "location_id",
    "state",
    "version",
    "attempt",
    "migrated_on",
    "failed_on",
    "cause_id",
    "lost_orders",
    "looks",
    "look_on",
    "verdict",
    "why",
)
KEEP_STEPS = text("""
    INSERT INTO location_steps
        (week, location_id, version, step, by, who, at, words, wave_state, batch, attempt, details)
    SELECT new.* FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
        week date, location_id text, version int, step text, by text, who text, at timestamptz,
        words text, wave_state text, batch uuid, attempt smallint, details jsonb)
    ORDER BY location_id
""")
TRIES = """
    SELECT failed, tried, count(*) AS customers FROM (
        SELECT count(*) FILTER (WHERE failed) AS failed, count(*) AS tried FROM (
            SELECT customer_id, true AS failed
            FROM failures JOIN wave_locations USING (week, location_id) WHERE NOT withdrawn
            UNION ALL
            SELECT customer_id, state = 'not passed' FROM wave_locations
            WHERE migrated_on IS NOT NULL
        ) AS tries GROUP BY customer_id
    ) AS by_customer GROUP BY failed, tried ORDER BY failed, tried
"""


@dataclass(frozen=True, slots=True)
class Tries:
    """So many customers whose locations were tried so often in all waves, and failed so often."""

    failed: int
    tried: int
    customers: int


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is known of a location: without a name there is none with this id.

    `promised` and `in_run_of` are Mondays of waves. `lacking` are the features that it needs and that
    are not released, `lacking_until` the day on which all should be; None where one has no day.
    """

    location_id: str
    name: str | None
    status: str | None
    promised: date | None
    in_run_of: date | None
    lacking: tuple[str, ...]
    lacking_until: date | None


class WaveLocations:
    """Locations in the run of a wave.

    Where one stands is changed by `advance` alone, and `handlers.running` alone calls that.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, week: date) -> int:
        """Take in who is promised this week, unless offboarded or in another run; how many these are."""
        return (await self._connection.execute(BEGIN, {"week": week})).rowcount

    async def of(
        self,
        week: date,
        location_ids: Collection[str] | None = None,
        *,
        for_change: bool = False,
    ) -> list[WaveLocation]:
        """Those of a wave, or some of them, by id; `for_change` holds them until the commit."""
        held = FOR_CHANGE if for_change else ""
        if location_ids is None:
            rows = await all_found(self._connection, ALL + held, week)
        else:
            rows = await all_found(self._connection, SOME + held, week, list(location_ids))
        return [WaveLocation.of(row) for row in rows]

    async def whereabouts(
        self, location_ids: Collection[str], *, today: date
    ) -> dict[str, Whereabouts]:
        """What is known of each of these besides its place in a wave, whether or not it is there."""
        rows = await all_found(self._connection, WHEREABOUTS, list(location_ids), today)
        found = [
            Whereabouts(**dict(row) | {"lacking": tuple(row["lacking"] or ())}) for row in rows
        ]
        return {each.location_id: each for each in found}

    async def waiting(self, week: date) -> dict[str, list[str]]:
        """The locations of a wave that have not moved and still may, by customer."""
        rows = await all_found(self._connection, WAITING, week)
        return {row["customer_id"]: row["location_ids"] for row in rows}

    async def steps(self, week: date, location_id: str) -> list[LocationStep]:
        """All steps that a location took in a wave, in order."""
        rows = await all_found(self._connection, STEPS, week, location_id)
        return [LocationStep.of(row) for row in rows]

    async def last_steps(
        self, week: date, location_ids: Collection[str]
    ) -> dict[str, LocationStep]:
        """The last step of each of these in a wave, by id; of those that took none nothing is said."""
        rows = await all_found(self._connection, LAST_STEPS, week, list(location_ids))
        return {row["location_id"]: LocationStep.of(row) for row in rows}

    async def newest_step(self, week: date) -> int:
        """The id of the last step that any location of a wave took; 0 before the first."""
        found: int = (await looked_up(self._connection, NEWEST_STEP, week))["id"]
        return found

    async def tries(self) -> list[Tries]:
        """How often the locations of customers were tried up to now, customers alike together."""
        rows = await all_found(self._connection, TRIES)
        return [Tries(**row) for row in rows]

    async def advance(self, week: date, rows: Sequence[WaveLocation]) -> None:
        """Let steps change these, which are held since they were read."""
        document = json.dumps([_document(row) for row in rows], default=str)
        await self._connection.execute(ADVANCE, {"week": week, "rows": document})

    async def keep_steps(self, steps: Sequence[Mapping[str, Any]]) -> None:
        """Keep steps that were taken at once: the columns of `LocationStep` but its id."""
        await self._connection.execute(KEEP_STEPS, {"rows": json.dumps(list(steps), default=str)})


def _document(row: WaveLocation) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CHANGING}
