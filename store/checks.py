"""Checks: who is to be looked at, each verdict with all its numbers, and what waits for a person."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.location_life import State, Step
from rules.looks import WEEK, Compared, compared
from rules.parameters import Parameters
from rules.verdicts import Check, Data, Verdict, Why
from store.check_rows import CheckRow
from store.driver import all_found, looked_up

DATA = TypeAdapter(Data)
ON_NEW_SYSTEM = [State.migrated, State.passed, State.not_passed, State.undecided, State.accepted]

# What was mended where it is, is looked at from that day on.
WATCHED = """
    SELECT week, location_id, customer_id, state, version, attempt, looks, migrated_on,
        lost_orders, (
            SELECT max(at)::date FROM location_steps AS steps
            WHERE steps.week = run.week AND steps.location_id = run.location_id
            AND step = 'check anew' AND at::date >= run.migrated_on
        ) AS mended_on
    FROM wave_locations AS run
"""
DUE = f"""
    {WATCHED} WHERE look_on <= $1 AND state = 'migrated' AND migrated_on IS NOT NULL
    ORDER BY week, location_id
"""
JUDGED = f"""
    SELECT * FROM ({WATCHED} WHERE looks > 0 AND state = ANY ($1::text[]) AND migrated_on < $2) AS watched
    WHERE greatest(migrated_on, mended_on) + looks * $3 > $4 ORDER BY week, location_id
"""
IS_ANY_DUE = (
    "SELECT EXISTS (SELECT FROM wave_locations WHERE look_on <= $1 AND state = 'migrated') AS due"
)
LOOK_ON = text("""
    UPDATE wave_locations SET look_on = new.look_on
    FROM unnest(CAST(:ids AS text[]), CAST(:days AS date[])) AS new (location_id, look_on)
    WHERE week = :week AND wave_locations.location_id = new.location_id
""")
KEEP = text("""
    INSERT INTO checks (week, location_id, attempt, look, data_name, verdict, why, is_for_a_person,
        change, low, high, volume, data, judged_at, revises, batch)
    SELECT new.* FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
        week date, location_id text, attempt smallint, look smallint, data_name text,
        verdict smallint, why smallint, is_for_a_person boolean, change float8, low float8,
        high float8, volume float8, data jsonb, judged_at timestamptz, revises bigint, batch uuid)
    ORDER BY location_id ON CONFLICT DO NOTHING
""")
LATEST = """
    SELECT DISTINCT ON (location_id) * FROM checks
    WHERE week = $1 AND location_id = ANY ($2::text[]) ORDER BY location_id, id DESC
"""
OF_LOCATION = "SELECT * FROM checks WHERE week = $1 AND location_id = $2 ORDER BY id"
OF_BATCH = """
    SELECT checks.*, run.customer_id, run.csa_email, run.state, old.verdict AS was, old.why AS was_by
    FROM checks JOIN wave_locations AS run USING (week, location_id)
    LEFT JOIN checks AS old ON old.id = checks.revises
    WHERE checks.batch = $1 ORDER BY checks.id
"""
WAITING = """
    SELECT run.week, run.location_id, locations.name AS location, customers.name AS customer,
        run.version, since.at AS since, latest.change IS NOT NULL AS is_measured,
        count(*) OVER () AS of_all
    FROM wave_locations AS run
    JOIN locations ON locations.id = run.location_id
    JOIN customers ON customers.id = run.customer_id
    LEFT JOIN LATERAL (
        SELECT change FROM checks
        WHERE checks.week = run.week AND checks.location_id = run.location_id
        ORDER BY id DESC LIMIT 1
    ) AS latest ON true
    JOIN LATERAL (
        SELECT at FROM location_steps AS steps
        WHERE steps.week = run.week AND steps.location_id = run.location_id
        ORDER BY version DESC LIMIT 1
    ) AS since ON true
    WHERE run.state = 'waiting for a person' AND ($3::text IS NULL OR lower(run.csa_email) = $3)
    ORDER BY latest.change DESC NULLS LAST, since.at, run.week, run.location_id LIMIT $1 OFFSET $2
"""

CALLED = "SELECT id, name FROM locations WHERE id = ANY ($1::text[])"
DECIDED = """
    SELECT steps.week, steps.location_id, locations.name AS location, customers.name AS customer,
        steps.step, steps.by, steps.at, steps.words
    FROM location_steps AS steps
    JOIN wave_locations AS run USING (week, location_id)
    JOIN locations ON locations.id = steps.location_id
    JOIN customers ON customers.id = run.customer_id
    WHERE step IN ('accept', 'not pass') AND who = 'lead'
    ORDER BY steps.id DESC LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """A location that moved, as it is looked at: `looks` were judged, at this `version` of it."""

    week: date
    location_id: str
    customer_id: str
    state: State
    version: int
    attempt: int
    looks: int
    migrated_on: date
    lost_orders: bool
    mended_on: date | None

    @property
    def since(self) -> date:
        """The day from which it is looked at."""
        return max(self.migrated_on, self.mended_on or self.migrated_on)

    def compared(self, look: int, parameters: Parameters) -> Compared:
        """Which weeks a look at it compares."""
        return compared(self.migrated_on, look, parameters, mended_on=self.mended_on)


@dataclass(frozen=True, slots=True)
class Kept:
    """A check to keep; `revises` is the id of the one whose place it takes."""

    watched: Watched
    check: Check
    revises: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """A check that was kept, whose it is, and what it revises: the verdict, and what that was made by."""

    row: CheckRow
    customer_id: str
    csa_email: str | None
    state: State
    was: Verdict | None
    was_by: Why | None

    @property
    def is_news(self) -> bool:
        """Whether the verdict is another one than people know."""
        return (self.was, self.was_by) != (self.row.verdict, self.row.why)

    @property
    def check(self) -> Check:
        """The check with all its numbers."""
        return check_of(self.row)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A location that waits for a person, and since when; `version` is that of the location.

    Of one that is not measured, its last check had no figures, or none to compare it with.
    """

    week: date
    location_id: str
    location: str
    customer: str
    version: int
    since: datetime
    is_measured: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided about a location that was checked."""

    week: date
    location_id: str
    location: str
    customer: str
    step: Step
    by: str
    at: datetime
    words: str


class Checks:
    """Who is to be looked at, and what was found."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def is_any_due(self, today: date) -> bool:
        """Whether there is anything to look at."""
        return bool((await looked_up(self._connection, IS_ANY_DUE, today))["due"])

    async def due(self, today: date) -> list[Watched]:
        """Those whose next look is due, by wave and id."""
        return await self._watched(DUE, today)

    async def judged(self, first: date, last: date, parameters: Parameters) -> list[Watched]:
        """Those on the new system whose last look may be about weeks from `first` to `last`, Mondays."""
        chosen = parameters.checks
        weeks = chosen.before_weeks + parameters.silence.cadence_weeks
        moved_before = last + (weeks + 2) * WEEK
        return await self._watched(JUDGED, ON_NEW_SYSTEM, moved_before, chosen.look_days, first)

    async def look_on(self, week: date, days: Mapping[str, date]) -> None:
        """Have locations of a wave looked at on these days, by id."""
        values = {"week": week, "ids": list(days), "days": list(days.values())}
        await self._connection.execute(LOOK_ON, values)

    async def keep(self, kept: Sequence[Kept], *, at: datetime, batch: UUID) -> None:
        """Keep checks; what was judged from the same data before is there already."""
        rows = [_columns(each) | {"judged_at": at, "batch": batch} for each in kept]
        await self._connection.execute(KEEP, {"rows": json.dumps(rows, default=str)})

    async def latest(self, week: date, location_ids: Collection[str]) -> dict[str, CheckRow]:
        """The last check of each of these in a wave, by id; of those without one nothing is said."""
        rows = await all_found(self._connection, LATEST, week, list(location_ids))
        return {row["location_id"]: _row(row) for row in rows}

    async def of_location(self, week: date, location_id: str) -> list[CheckRow]:
        """All checks of a location in a wave, in the order in which they were made."""
        return [
            _row(row) for row in await all_found(self._connection, OF_LOCATION, week, location_id)
        ]

    async def of_batch(self, batch: UUID) -> list[Found]:
        """All that was judged together, in the order in which it was kept."""
        return [
            Found(
                _row(row),
                row["customer_id"],
                row["csa_email"],
                State(row["state"]),
                None if row["was"] is None else Verdict(row["was"]),
                None if row["was_by"] is None else Why(row["was_by"]),
            )
            for row in await all_found(self._connection, OF_BATCH, batch)
        ]

    async def undecided(
        self, *, skip: int, most: int, csa: str | None = None
    ) -> tuple[list[Undecided], int]:
        """Those that wait for a person, of everybody or of a CSA; and how many there are.

        Those whose missed orders rose most come first, and last those that nobody could measure.
        """
        owner = csa.lower() if csa else None
        rows = await all_found(self._connection, WAITING, most, skip, owner)
        waiting = [
            Undecided(**{name: row[name] for name in Undecided.__dataclass_fields__})
            for row in rows
        ]
        return waiting, rows[0]["of_all"] if rows else 0

    async def decided(self, *, most: int) -> list[Decided]:
        """What people decided last, the newest first."""
        rows = await all_found(self._connection, DECIDED, most)
        return [Decided(**dict(row) | {"step": Step(row["step"])}) for row in rows]

    async def called(self, location_ids: Collection[str]) -> dict[str, str]:
        """The names of locations, by id."""
        rows = await all_found(self._connection, CALLED, list(location_ids))
        return {row["id"]: row["name"] for row in rows}

    async def _watched(self, query: str, *values: object) -> list[Watched]:
        rows = await all_found(self._connection, query, *values)
        return [Watched(**dict(row) | {"state": State(row["state"])}) for row in rows]


def check_of(row: CheckRow) -> Check:
    """A check with all its numbers, as it was kept."""
    return Check(
        verdict=Verdict(row.verdict),
        why=Why(row.why),
        look=row.look,
        is_for_a_person=row.is_for_a_person,
        change=row.change,
        low=row.low,
        high=row.high,
        volume=row.volume,
        data=DATA.validate_python(row.data),
    )


def _columns(kept: Kept) -> dict[str, Any]:
    check, watched = kept.check, kept.watched
    return {
        "week": watched.week,
        "location_id": watched.location_id,
        "attempt": watched.attempt,
        "look": check.look,
        "data_name": check.data.name,
        "verdict": check.verdict,
        "why": check.why,
        "is_for_a_person": check.is_for_a_person,
        "change": check.change,
        "low": check.low,
        "high": check.high,
        "volume": check.volume,
        "data": DATA.dump_python(check.data, mode="json"),
        "revises": kept.revises,
    }


def _row(found: Record) -> CheckRow:
    return CheckRow(**{name: found[name] for name in CheckRow.model_fields})
