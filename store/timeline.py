"""The timeline: what happened to a customer or location, in order, with who and why."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.tables import DOCUMENT, Table, instant

IDS = "ids"
"""Under this name the facts list the locations that they are about, wherever they count some."""


class Happening(StrEnum):
    """What the timeline tells of; each with its facts. `file` is what was imported."""

    imported = "imported"
    """The customer came, with so many `locations`; `file`."""
    grew = "grew"
    """More `locations` came; `ids`, `file`."""
    joined = "joined"
    """`locations` came `from` other customers (ids); `ids`, `file`."""
    left = "left"
    """`locations` went `to` other customers (ids); `ids`, `file`."""
    renamed = "renamed"
    """The customer's name: `from`, `to`; `file`."""
    handed_over = "handed over"
    """The customer's CSA: `from`, `to` (e-mail addresses); `file`."""
    status = "status"
    """`locations` got another status: `from`, `to`; `ids`, `file`."""
    requires = "requires"
    """`locations` need other features: `from`, `to` (keys); `ids`, `file`."""
    promised = "promised"
    """First dates: `weeks` with `week`, `locations`, `ids`; `plan`."""
    moved = "moved"
    """Other dates, or none: `moves` with `from_week`, `to_week`, `reason`, `locations`, `ids`; `plan`."""
    slipped = "feature slipped"
    """`locations` wait for a `feature` (its key; `name`) that comes later: `from`, `to` (none: no date)."""
    released = "feature released"
    """`locations` need a `feature` (its key; `name`) that is there since `on`."""
    migrated = "migrated"
    """`locations` work with the new system since `on`, in the wave of `week`; `ids`, `attempt`."""
    failed = "failed"
    """The move of `locations` failed `on` a day, in the wave of `week`: `words` (the cause),
    `lost_orders`; `ids`, `attempt`."""
    tried_again = "tried again"
    """`locations` move again in the wave of `week`: `words` (the remedy); `ids`, `attempt`."""
    unmarked = "unmarked"
    """The mark of `locations` in the wave of `week` was taken back: `was`, `words` (why); `ids`."""
    checked = "checked"
    """`locations` of the wave of `week` were judged: `state` (of the location now), `words`; `ids`."""
    accepted = "accepted"
    """A person accepted `locations` of the wave of `week`: `words` (why); `ids`."""
    mended = "mended"
    """`locations` of the wave of `week` were mended where they are: `words` (the remedy); `ids`."""
    rolling_back = "rolling back"
    """`locations` of the wave of `week` go back to the old system: `words` (why); `ids`."""
    rolled_back = "rolled back"
    """`locations` of the wave of `week` are on the old system again; `ids`."""
    returned = "returned"
    """`locations` of the wave of `week` are to be planned anew: `was`, `words` (why); `ids`."""
    wave_paused = "wave paused"
    """The wave of `week` was paused while `locations` waited in it: `words` (why); `ids`."""
    wave_went_on = "wave went on"
    """The wave of `week` went on with `locations` that waited in it: `words` (why); `ids`."""


class TimelineRow(Table, table=True):
    """One event of a customer, or of one of its locations. `facts` are what the words are made of."""

    __tablename__ = "timeline"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: str = Field(index=True)
    location_id: str | None = None
    event: str = Field(description="imported, promised, moved, ...")
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=DOCUMENT)
    actor: str
    happened_at: datetime = instant()
    """Business time."""
    recorded_at: datetime = instant(now=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it is told: without ids; for one location, only what concerns it.

    `location` is the name of the one location that it happened to, where it is of one. `actor` is
    a name where the directory has one.
    """

    event: str
    facts: Mapping[str, Any]
    location: str | None
    actor: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class NewEntry:
    """Something that happened to a customer, or to one of its locations."""

    customer_id: str
    event: Happening
    facts: Mapping[str, Any]
    location_id: str | None = None


OF_CUSTOMER = "timeline.customer_id = :customer"
OF_LOCATION = """
    timeline.customer_id = (SELECT customer_id FROM locations WHERE id = :location)
    AND CASE
        WHEN timeline.location_id IS NOT NULL THEN timeline.location_id = :location
        WHEN event = 'imported' THEN NOT EXISTS (
            SELECT FROM timeline AS later WHERE later.customer_id = timeline.customer_id
            AND later.event IN ('grew', 'joined') AND later.facts -> 'ids' ? :location)
        WHEN event IN ('renamed', 'handed over') THEN true
        WHEN event IN ('feature slipped', 'feature released') THEN facts ->> 'feature' = ANY (
            SELECT unnest(requires) FROM locations WHERE id = :location)
        ELSE jsonb_path_exists(
            facts, '$.**.ids[*] ? (@ == $id)', jsonb_build_object('id', CAST(:location AS text)))
    END
"""


def _entries(condition: str, way: str) -> TextClause:
    """A page of the entries that the condition chooses, in one order of time."""
    return text(f"""
    SELECT event, facts, coalesce(people.name, actor) AS actor, happened_at,
        (SELECT name FROM locations WHERE locations.id = timeline.location_id) AS location,
        count(*) OVER () AS total
    FROM timeline LEFT JOIN people ON people.id = actor
    WHERE {condition} ORDER BY happened_at {way}, timeline.id {way} LIMIT :most OFFSET :skip
""")


ADD = text("""
    INSERT INTO timeline (customer_id, location_id, event, facts, actor, happened_at)
    SELECT customer_id, location_id, event, facts, :actor, :at
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
        customer_id text, location_id text, event text, facts jsonb)
""")
NEWEST_FIRST, OLDEST_FIRST = "DESC", "ASC"
QUERIES = {
    (condition, way): _entries(condition, way)
    for condition in (OF_CUSTOMER, OF_LOCATION)
    for way in (NEWEST_FIRST, OLDEST_FIRST)
}


class Timeline:
    """What happened to customers and locations."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_customer(
        self, customer_id: str, *, skip: int, most: int, oldest_first: bool = False
    ) -> tuple[list[Entry], int]:
        """What happened to a customer and all its locations; and how many entries there are in all."""
        values = {"customer": customer_id, "skip": skip, "most": most}
        return await self._entries(OF_CUSTOMER, values, oldest_first=oldest_first)

    async def of_location(
        self, location_id: str, *, skip: int, most: int, oldest_first: bool = False
    ) -> tuple[list[Entry], int]:
        """What happened to one location, and to its customer as a whole; and how many in all."""
        values = {"location": location_id, "skip": skip, "most": most}
        return await self._entries(OF_LOCATION, values, oldest_first=oldest_first)

    async def add(self, entries: Sequence[NewEntry], *, actor: str, at: datetime) -> None:
        """Keep what somebody did; `at` is business time."""
        rows = [
            {
                "customer_id": each.customer_id,
                "location_id": each.location_id,
                "event": each.event,
                "facts": each.facts,
            }
            for each in entries
        ]
        document = json.dumps(rows, default=str)
        await self._connection.execute(ADD, {"rows": document, "actor": actor, "at": at})

    async def _entries(
        self, condition: str, values: dict[str, Any], *, oldest_first: bool
    ) -> tuple[list[Entry], int]:
        query = QUERIES[condition, OLDEST_FIRST if oldest_first else NEWEST_FIRST]
        rows = (await self._connection.execute(query, values)).all()
        location = values.get("location")
        entries = [
            Entry(row.event, _told(row.facts, location), row.location, row.actor, row.happened_at)
            for row in rows
        ]
        return entries, rows[0].total if rows else 0


def _told(facts: Mapping[str, Any], location: str | None) -> dict[str, Any]:
    """Facts without ids; for one location, without what is about others."""
    told = {
        name: _about(value, location) if isinstance(value, list) else value
        for name, value in facts.items()
        if name != IDS
    }
    return told | {"locations": 1} if location and IDS in facts else told


def _about(parts: Sequence[Any], location: str | None) -> list[Any]:
    return [
        _told(part, location) if isinstance(part, dict) else part
        for part in parts
        if not (location and isinstance(part, dict)) or location in part.get(IDS, ())
    ]
