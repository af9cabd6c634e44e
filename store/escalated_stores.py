"""Lists of escalated stores: what they said of each location, and what is known of who and what they name."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from rules.escalation import State
from rules.wished_stores import Open
from store.copying import copied_out
from store.driver import all_found
from store.tables import Table


class EscalatedStoreRow(Table, table=True):
    """What a list said of a location, in its own words, when that was taken: so a row arrives once."""

    __tablename__ = "escalated_stores"

    location_id: str = Field(primary_key=True)
    requested_by: str | None = None
    reason: str | None = None
    wished_on: date | None = None
    escalation_id: int = Field(foreign_key="escalations.id", index=True)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list that was taken: the escalation that it became, or joined."""

    location_id: str
    requested_by: str | None
    reason: str | None
    wished_on: date | None
    escalation_id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A location as a list of escalated stores needs it: whose it is, and the week it moves in."""

    customer_id: str
    promised: date | None


NEWEST = """
    SELECT DISTINCT ON (location_id) location_id, customer_id, escalation_id, granted
    FROM escalated_locations ORDER BY location_id, escalation_id DESC
"""
ONE_LINE = r"regexp_replace(explanation, '[\t\r\n\v\f]+', ' ', 'g')"
"""As a sheet would have it that was read again."""
AS_KEPT = f"""
    SELECT location_id, requested_by, reason, wished_on FROM (
        SELECT location_id, requested_by, reason, wished_on, 1 AS place FROM escalated_stores
        UNION ALL
        SELECT location_id, coalesce(people.email, sent_by), {ONE_LINE}, wished_on, 2
        FROM ({NEWEST}) AS newest JOIN escalations ON escalations.id = escalation_id
        LEFT JOIN people ON people.id = sent_by
    ) AS said ORDER BY place, location_id
"""
EXPORTED = f"""
    SELECT newest.location_id,
        CASE WHEN listed.escalation_id IS NULL THEN coalesce(people.email, sent_by)
            ELSE listed.requested_by END,
        CASE WHEN listed.escalation_id IS NULL THEN {ONE_LINE} ELSE listed.reason END,
        CASE WHEN listed.escalation_id IS NULL THEN escalations.wished_on
            ELSE listed.wished_on END,
        locations.name, newest.customer_id, customers.name, customers.csa_email, escalations.id,
        state, sent_at::date, CASE WHEN is_urgent THEN 'yes' END, due_on,
        CASE WHEN due_on IS NOT NULL THEN CASE WHEN granted THEN 'yes' ELSE 'no' END END,
        promises.week, decided_words
    FROM ({NEWEST}) AS newest JOIN escalations ON escalations.id = newest.escalation_id
    LEFT JOIN escalated_stores AS listed
        ON listed.location_id = newest.location_id AND listed.escalation_id = escalations.id
    LEFT JOIN people ON people.id = sent_by
    LEFT JOIN locations ON locations.id = newest.location_id
    LEFT JOIN customers ON customers.id = newest.customer_id
    LEFT JOIN promises ON promises.location_id = newest.location_id
    ORDER BY state IN ('declined', 'withdrawn', 'done', 'missed'), escalations.id, 1
"""
EXPORT_SCHEMA: dict[str, pl.DataType] = {
    "location_id": pl.String(),
    "requested_by": pl.String(),
    "reason": pl.String(),
    "wished_on": pl.Date(),
    "location_name": pl.String(),
    "customer_id": pl.String(),
    "customer_name": pl.String(),
    "csa_email": pl.String(),
    "escalation": pl.Int64(),
    "state": pl.String(),
    "sent_on": pl.Date(),
    "urgent": pl.String(),
    "due_on": pl.Date(),
    "granted": pl.String(),
    "moves_in_week_of": pl.Date(),
    "decision": pl.String(),
}
OPEN = """
    SELECT location_id, id, state, sent_by,
        ARRAY(SELECT person FROM escalation_joiners WHERE escalation_id = id) AS joined
    FROM escalated_locations JOIN escalations ON id = escalation_id
    WHERE location_id = ANY ($1::text[])
        AND state NOT IN ('declined', 'withdrawn', 'done', 'missed')
    ORDER BY id
"""
STILL_LISTED = """
    SELECT location_id FROM escalated_stores JOIN escalations ON id = escalation_id
    WHERE state NOT IN ('declined', 'withdrawn', 'done', 'missed')
"""
STANDING = """
    SELECT locations.id, locations.customer_id, week FROM locations
    LEFT JOIN promises ON promises.location_id = locations.id
    WHERE locations.id = ANY ($1::text[])
"""
CALLED = """
    SELECT DISTINCT words, people.id FROM unnest($1::text[]) AS words JOIN people
        ON lower(email) = lower(words) OR lower(name) = lower(words)
    WHERE active AND kind = 'member' ORDER BY words, people.id
"""
KEEP = text("""
    INSERT INTO escalated_stores (location_id, requested_by, reason, wished_on, escalation_id)
    VALUES (:location_id, :requested_by, :reason, :wished_on, :escalation_id)
    ON CONFLICT (location_id) DO UPDATE SET requested_by = :requested_by, reason = :reason,
        wished_on = :wished_on, escalation_id = :escalation_id
""")


class EscalatedStores:
    """What lists of escalated stores need to know, and what they said."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open_about(self, locations: Collection[str]) -> dict[str, Open]:
        """The open escalation of each location that has one; of several the newest."""
        rows = await all_found(self._connection, OPEN, list(locations))
        return {
            row["location_id"]: Open(
                row["id"], State(row["state"]), frozenset([row["sent_by"], *row["joined"]])
            )
            for row in rows
        }

    async def listed_open(self) -> set[str]:
        """The locations that a list asked for, and whose escalation is not over."""
        return {row["location_id"] for row in await all_found(self._connection, STILL_LISTED)}

    async def standing(self, locations: Collection[str]) -> dict[str, Standing]:
        """Whose each location is, and when it moves as things stand; not of those nobody knows."""
        rows = await all_found(self._connection, STANDING, list(locations))
        return {row["id"]: Standing(row["customer_id"], row["week"]) for row in rows}

    async def people_called(self, words: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The ids of the active members whose e-mail address or name is this, whatever its case."""
        found: dict[str, list[str]] = {each: [] for each in words}
        for row in await all_found(self._connection, CALLED, list(found)):
            found[row["words"]].append(row["id"])
        return {each: tuple(people) for each, people in found.items()}

    async def keep(self, listed: Sequence[Listed]) -> None:
        """Keep what a list said of locations, in place of what one said before."""
        if listed:
            rows = [asdict(each) for each in listed]
            await self._connection.execute(KEEP, rows)

    async def exported(self) -> pl.DataFrame:
        """The newest escalation of each location, open ones first; see `EXPORT_SCHEMA`."""
        return await copied_out(self._connection, EXPORTED, EXPORT_SCHEMA)
