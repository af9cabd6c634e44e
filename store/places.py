"""The locations of a customer in a list, each with its week."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

OF_CUSTOMER = text("""
    SELECT locations.id, name, region, status, week, count(*) OVER () AS total
    FROM locations LEFT JOIN promises ON promises.location_id = locations.id
    WHERE locations.customer_id = :customer
    ORDER BY week NULLS LAST, lower(name), locations.id LIMIT :most OFFSET :skip
""")


@dataclass(frozen=True, slots=True)
class Place:
    """One location, and the Monday of its week, if it has one."""

    location_id: str
    name: str
    region: str | None
    status: str
    week: date | None


class Places:
    """The locations of customers."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_customer(
        self, customer_id: str, *, skip: int, most: int
    ) -> tuple[list[Place], int]:
        """The locations of a customer by date; and how many there are in all."""
        values = {"customer": customer_id, "skip": skip, "most": most}
        rows = (await self._connection.execute(OF_CUSTOMER, values)).all()
        places = [Place(row.id, row.name, row.region, row.status, row.week) for row in rows]
        return places, rows[0].total if rows else 0
