"""Who moves when: the facts behind a date, of one customer, one location, or all of a CSA's customers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from asyncpg import Record
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.account import Run
from rules.migrated import BACK
from store.driver import all_found, looked_up
from store.plans import NOT_BY_US
from store.runs import runs_of, told
from store.schedule_lines import (
    LOCATIONS_OF_CSA,
    LOCATIONS_OF_WEEK,
    NEXT_WEEK,
    OF_CSA,
    OF_WEEK,
    WEEKS,
    Line,
    line_of,
)


@dataclass(frozen=True, slots=True)
class WeekPart:
    """So many locations in the week that begins on this Monday."""

    week: date
    locations: int


@dataclass(frozen=True, slots=True)
class NeededFeature:
    """A feature that locations need, how often its date slipped, and how many of them wait for it."""

    key: str
    name: str
    target_on: date | None
    released_on: date | None
    slips: int
    locations: int


@dataclass(frozen=True, slots=True)
class Closed:
    """Days on which nobody moves in a region."""

    region: str
    from_date: date
    to_date: date
    why: str


@dataclass(frozen=True, slots=True)
class LastMove:
    """The newest change of a promise."""

    from_week: date
    to_week: date | None
    reason: str
    moved_on: date
    by: str


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What is known of the date of a customer, or of one of its locations (then `location_id` is set).

    `punts` is how often we moved the customer back, and `punted_for` how often for each reason. `runs`
    tell how its locations stand in the waves that were started.
    """

    customer_id: str
    customer_name: str
    location_id: str | None
    location_name: str | None
    region: str | None
    csa_email: str
    csa_name: str | None
    csa_person: str | None
    locations: int
    active: int
    parts: tuple[WeekPart, ...]
    features: tuple[NeededFeature, ...]
    planned_on: date | None
    bindings: tuple[str, ...]
    blackouts: tuple[Closed, ...]
    last_move: LastMove | None
    punts: int = 0
    punted_for: Mapping[str, int] = field(default_factory=dict)
    parameters: Mapping[str, Any] | None = None
    runs: tuple[Run, ...] = ()

    @property
    def name(self) -> str:
        """What people call it."""
        return self.location_name or self.customer_name

    @property
    def placed(self) -> int:
        """How many of its locations have a date."""
        return sum(part.locations for part in self.parts)

    @property
    def ahead(self) -> tuple[WeekPart, ...]:
        """The weeks of those locations that no wave has taken in yet."""
        begun = Counter[date]()
        for run in self.runs:
            begun[run.week] += 0 if run.state is BACK else run.locations
        left = (WeekPart(part.week, part.locations - begun[part.week]) for part in self.parts)
        return tuple(part for part in left if part.locations > 0)

    @property
    def to_move(self) -> int:
        """How many of its locations are to migrate, or have."""
        in_waves = sum(run.locations for run in self.runs if run.state is not BACK)
        return max(self.active, in_waves)


def _facts(locations: str, promises: str) -> str:
    """The facts of those locations of the customer $1 that the two conditions choose."""
    return f"""
    WITH mine AS MATERIALIZED (
        SELECT status, requires, region FROM locations WHERE customer_id = $1 AND {locations}
    ), weeks AS (
        SELECT week, count(*) AS locations FROM promises
        WHERE customer_id = $1 AND {promises} GROUP BY week
    ), needed AS (
        SELECT feature AS key, count(*) AS locations FROM mine, unnest(requires) AS feature
        WHERE status = 'active' GROUP BY feature
    ), closed AS (
        SELECT min(region) AS region, from_date, to_date, coalesce(why, '') AS why FROM blackouts
        WHERE region = '*' OR region IN (SELECT region FROM mine)
        GROUP BY from_date, to_date, coalesce(why, '')
    ), punted AS (
        SELECT reason, recorded_at FROM moves
        WHERE customer_id = $1 AND (to_week IS NULL OR to_week > from_week)
        AND reason NOT IN ({", ".join(f"'{reason}'" for reason in NOT_BY_US)})
    ), newest AS (
        SELECT id, made_on FROM plans WHERE state = 'published' ORDER BY id DESC LIMIT 1
    )
    SELECT customers.id, customers.name, customers.csa_email, csas.name AS csa_name,
        (SELECT id FROM people WHERE lower(email) = lower(customers.csa_email) AND active LIMIT 1)
            AS csa_person,
        (SELECT count(*) FROM mine) AS locations,
        (SELECT count(*) FROM mine WHERE status = 'active') AS active,
        (SELECT jsonb_agg(jsonb_build_array(week, locations) ORDER BY week) FROM weeks) AS parts,
        (SELECT jsonb_agg(jsonb_build_object(
            'key', needed.key, 'name', coalesce(features.name, needed.key),
            'target_on', features.target_release_on, 'released_on', features.released_on,
            'slips', (SELECT count(*) FROM feature_slips WHERE feature_key = needed.key),
            'locations', needed.locations) ORDER BY needed.key)
         FROM needed LEFT JOIN features ON features.key = needed.key) AS features,
        (SELECT made_on FROM newest) AS planned_on,
        (SELECT jsonb_agg(DISTINCT binding) FROM placements
         WHERE customer_id = $1 AND plan_id = (SELECT id FROM newest)) AS bindings,
        (SELECT jsonb_agg(jsonb_build_array(region, from_date, to_date, why) ORDER BY from_date)
         FROM closed) AS blackouts,
        (SELECT jsonb_build_object('from_week', from_week, 'to_week', to_week, 'reason', reason,
            'moved_on', moved_on, 'by', (SELECT name FROM people WHERE people.id = actor))
         FROM moves WHERE customer_id = $1 ORDER BY id DESC LIMIT 1) AS last_move,
        ({runs_of(f"customer_id = $1 AND {promises}")}) AS runs,
        (SELECT parameters FROM parameter_versions ORDER BY id DESC LIMIT 1) AS parameters,
        (SELECT count(DISTINCT recorded_at) FROM punted) AS punts,
        (SELECT jsonb_object_agg(reason, times) FROM (
            SELECT reason, count(DISTINCT recorded_at) AS times FROM punted GROUP BY reason
         ) AS by_reason) AS punted_for
    FROM customers LEFT JOIN csas ON csas.email = customers.csa_email
    WHERE customers.id = $1
"""


OF_CUSTOMER = _facts("true", "true")
OF_LOCATION = _facts("id = $2", "location_id = $2")
LOCATION = "SELECT customer_id, name, region FROM locations WHERE id = $1"


class Schedules:
    """Who moves when."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_customer(self, customer_id: str) -> Scheduled | None:
        """The facts of a customer's date; None where there is no such customer."""
        row = await looked_up(self._connection, OF_CUSTOMER, customer_id)
        return await self._told(row) if row else None

    async def of_location(self, location_id: str) -> Scheduled | None:
        """The facts of one location's date; None where there is no such location."""
        found = await looked_up(self._connection, LOCATION, location_id)
        if not found:
            return None
        row = await looked_up(self._connection, OF_LOCATION, found["customer_id"], location_id)
        if not row:
            return None
        known = await self._told(row)
        name, region = found["name"], found["region"]
        return replace(known, location_id=location_id, location_name=name, region=region)

    async def of_csa(
        self, email: str, *, today: date, skip: int, most: int
    ) -> tuple[list[Line], int]:
        """A CSA's customers by date, then those without one, then those that are behind; and how many."""
        return await self._lines(OF_CSA, email, today, most, skip)

    async def of_week(self, week: date, *, skip: int, most: int) -> tuple[list[Line], int]:
        """The customers of a wave by name; and how many there are in all."""
        return await self._lines(OF_WEEK, week, most, skip)

    async def locations_of_csa(self, email: str) -> int:
        """How many locations a CSA's customers have."""
        return await self._counted(LOCATIONS_OF_CSA, email)

    async def locations_of_week(self, week: date) -> int:
        """How many locations a wave has."""
        return await self._counted(LOCATIONS_OF_WEEK, week)

    async def next_week(self, today: date) -> date | None:
        """The Monday of the next wave; None where none is planned from now on."""
        found: date | None = (
            await self._connection.execute(NEXT_WEEK, {"today": today})
        ).scalar_one()
        return found

    async def weeks(self) -> list[date]:
        """The Mondays of all waves in order: one look into the index for each, however many move."""
        return list((await self._connection.execute(WEEKS)).scalars())

    async def _told(self, row: Record) -> Scheduled:
        return _scheduled(row, await told(self._connection, row["runs"]) if row["runs"] else ())

    async def _counted(self, query: str, value: object) -> int:
        found: int = (await looked_up(self._connection, query, value))["locations"]
        return found

    async def _lines(self, query: str, *values: object) -> tuple[list[Line], int]:
        rows = await all_found(self._connection, query, *values)
        lines = list(map(line_of, rows))
        return lines, rows[0]["total"] if rows else 0


def _scheduled(row: Record, runs: tuple[Run, ...]) -> Scheduled:
    return Scheduled(
        customer_id=row["id"],
        customer_name=row["name"],
        location_id=None,
        location_name=None,
        region=None,
        csa_email=row["csa_email"],
        csa_name=row["csa_name"],
        csa_person=row["csa_person"],
        locations=row["locations"],
        active=row["active"],
        parts=tuple(
            WeekPart(date.fromisoformat(week), count) for week, count in row["parts"] or ()
        ),
        features=tuple(_feature(feature) for feature in row["features"] or ()),
        planned_on=row["planned_on"],
        bindings=tuple(row["bindings"] or ()),
        blackouts=tuple(
            Closed(where, date.fromisoformat(begin), date.fromisoformat(end), why)
            for where, begin, end, why in row["blackouts"] or ()
        ),
        last_move=_move(row["last_move"]) if row["last_move"] else None,
        parameters=row["parameters"],
        punts=row["punts"],
        punted_for=row["punted_for"] or {},
        runs=runs,
    )


def _feature(facts: dict[str, Any]) -> NeededFeature:
    target, released = facts.pop("target_on"), facts.pop("released_on")
    return NeededFeature(
        target_on=date.fromisoformat(target) if target else None,
        released_on=date.fromisoformat(released) if released else None,
        **facts,
    )


def _move(facts: dict[str, Any]) -> LastMove:
    to_week = facts["to_week"]
    return LastMove(
        from_week=date.fromisoformat(facts["from_week"]),
        to_week=date.fromisoformat(to_week) if to_week else None,
        reason=facts["reason"],
        moved_on=date.fromisoformat(facts["moved_on"]),
        by=facts["by"] or "",
    )
