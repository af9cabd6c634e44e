"""Escalations as lists show them, and which of them a list shows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from store.driver import all_found
from store.escalation_rows import EscalationRow


@dataclass(frozen=True, slots=True)
class Line:
    """One escalation in a list.

    `name` is the customer's with most of its locations, beside `others` more customers; `whole` says
    that every location of that one is asked for, and `location` is the name of an only one.
    `granted` are all locations until somebody decides otherwise.
    """

    row: EscalationRow
    name: str
    locations: int
    granted: int
    others: int
    whole: bool
    location: str | None
    joiners: int


OPEN = "state NOT IN ('declined', 'withdrawn', 'done', 'missed')"
AMONG = f"""
    SELECT escalations.id FROM escalations
    JOIN escalated_locations ON escalation_id = escalations.id
    WHERE {OPEN} AND location_id = ANY ($1::text[])
    GROUP BY escalations.id ORDER BY count(*) DESC, escalations.id
"""
OF_CUSTOMER = """
    SELECT id FROM escalations WHERE id IN (
        SELECT escalation_id FROM escalated_locations WHERE customer_id = $1
    ) ORDER BY id DESC
"""
OF_PERSON = f"""
    WITH mine AS (
        SELECT id FROM escalations WHERE sent_by = $1
        UNION SELECT escalation_id FROM escalation_joiners WHERE person = $1
    )
    SELECT id, count(*) OVER () AS total FROM escalations WHERE id IN (SELECT id FROM mine)
    ORDER BY NOT ({OPEN}), id DESC LIMIT $2 OFFSET $3
"""
BETWEEN = """
    SELECT id FROM escalations WHERE sent_at >= $1 AND sent_at < $2
    UNION SELECT id FROM escalations WHERE decided_at >= $1 AND decided_at < $2 ORDER BY id
"""
WAITING_FOR = """
    SELECT id, count(*) OVER () AS total FROM escalations
    WHERE state IN ('new', 'in triage')
        AND (in_hand_of = $1 OR in_hand_of IS NULL AND $2)
    ORDER BY clock_ends_at NULLS LAST, id LIMIT $3
"""
ALL_OPEN = f"""
    SELECT id, count(*) OVER () AS total FROM escalations WHERE {OPEN}
    ORDER BY state NOT IN ('new', 'in triage', 'waiting for the requester'),
        clock_ends_at NULLS LAST, id
    LIMIT $1 OFFSET $2
"""
LINES = """
    WITH asked AS (
        SELECT escalation_id, customer_id, count(*) AS locations, min(location_id) AS location_id,
            count(*) FILTER (WHERE granted) AS granted
        FROM escalated_locations WHERE escalation_id = ANY ($1::int[])
        GROUP BY escalation_id, customer_id
    ), most AS (
        SELECT DISTINCT ON (escalation_id) *,
            sum(locations) OVER (PARTITION BY escalation_id)::int AS in_all,
            sum(granted) OVER (PARTITION BY escalation_id)::int AS granted_in_all,
            count(*) OVER (PARTITION BY escalation_id)::int - 1 AS others
        FROM asked ORDER BY escalation_id, locations DESC, customer_id
    )
    SELECT escalations.*, coalesce(customers.name, most.customer_id) AS customer_name,
        most.in_all, most.granted_in_all, most.others,
        most.locations >= (SELECT count(*) FROM locations WHERE customer_id = most.customer_id)
            AS whole,
        CASE WHEN in_all = 1 THEN (SELECT name FROM locations WHERE id = most.location_id) END
            AS location_name,
        (SELECT count(*) FROM escalation_joiners WHERE escalation_id = escalations.id) AS joiners
    FROM unnest($1::int[]) WITH ORDINALITY AS wanted (id, place)
    JOIN escalations ON escalations.id = wanted.id JOIN most ON most.escalation_id = wanted.id
    LEFT JOIN customers ON customers.id = most.customer_id ORDER BY place
"""


class EscalationLines:
    """Which escalations a list shows, each with what it is about."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def one(self, escalation_id: int) -> Line | None:
        """One as a list shows it."""
        lines = await self._lines([escalation_id])
        return lines[0] if lines else None

    async def open_about(self, locations: Collection[str]) -> list[Line]:
        """The open ones about any of these locations, those about most of them first."""
        rows = await all_found(self._connection, AMONG, list(locations))
        return await self._lines([row["id"] for row in rows])

    async def of_customer(self, customer_id: str) -> list[Line]:
        """All that were ever about a customer, the newest first."""
        rows = await all_found(self._connection, OF_CUSTOMER, customer_id)
        return await self._lines([row["id"] for row in rows])

    async def of_person(self, person: str, *, skip: int, most: int) -> tuple[list[Line], int]:
        """Those that a person sent or joined, open ones first, then the newest; and how many."""
        return await self._page(OF_PERSON, person, most, skip)

    async def open(self, *, skip: int, most: int) -> tuple[list[Line], int]:
        """All open ones, first those to decide by the end of their clock; and how many."""
        return await self._page(ALL_OPEN, most, skip)

    async def between(self, begins: datetime, ends: datetime) -> list[Line]:
        """Those that were sent or decided in a time, in the order in which they were sent."""
        rows = await all_found(self._connection, BETWEEN, begins, ends)
        return await self._lines([row["id"] for row in rows])

    async def waiting_for(
        self, person: str, *, is_on_duty: bool, most: int
    ) -> tuple[list[Line], int]:
        """Those that wait for a person's decision: in their hand, or on duty in nobody's; and how many."""
        return await self._page(WAITING_FOR, person, is_on_duty, most)

    async def _page(self, query: str, *values: object) -> tuple[list[Line], int]:
        rows = await all_found(self._connection, query, *values)
        lines = await self._lines([row["id"] for row in rows])
        return lines, rows[0]["total"] if rows else 0

    async def _lines(self, ids: Collection[int]) -> list[Line]:
        return [_line(row) for row in await all_found(self._connection, LINES, list(ids))]


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        row=EscalationRow.model_validate(dict(row)),
        name=row["customer_name"],
        locations=row["in_all"],
        granted=row["granted_in_all"],
        others=row["others"],
        whole=row["whole"],
        location=row["location_name"],
        joiners=row["joiners"],
    )
