"""The locations of a customer in a list, each with its week."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.finding import Named
from rules.location_life import State
from store.driver import all_found, looked_up

OF_CUSTOMER = text("""
    SELECT locations.id, name, region, status, promises.week, state, migrated_on,
        count(*) OVER () AS total
    FROM locations LEFT JOIN promises ON promises.location_id = locations.id
    LEFT JOIN wave_locations AS run
        ON run.location_id = locations.id AND run.state <> 'back in the plan'
    WHERE locations.customer_id = :customer
    ORDER BY promises.week NULLS LAST, lower(name), locations.id LIMIT :most OFFSET :skip
""")

LIKE = """
    SELECT id, name FROM locations
    WHERE customer_id = $1 AND (position(lower($2) IN lower(name)) > 0 OR id ILIKE $3)
    ORDER BY lower(name), id LIMIT $4
"""
CALLED = """
    SELECT name FROM customers WHERE $1 = 'customer' AND id = $2
    UNION ALL SELECT name FROM locations WHERE $1 = 'location' AND id = $2
"""
REGIONS = text("SELECT DISTINCT region FROM locations WHERE region <> '' ORDER BY region")


@dataclass(frozen=True, slots=True)
class Place:
    """One location, the Monday of its week, if it has one, and where it stands in the wave of that."""

    location_id: str
    name: str
    region: str | None
    status: str
    week: date | None
    state: State | None = None
    migrated_on: date | None = None


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
        places = [
            Place(
                row.id,
                row.name,
                row.region,
                row.status,
                row.week,
                State(row.state) if row.state else None,
                row.migrated_on,
            )
            for row in rows
        ]
        return places, rows[0].total if rows else 0

    async def like(self, customer_id: str, typed: str, *, most: int) -> list[Named]:
        """The locations of a customer that have these letters in their name, or begin their id."""
        begun = typed.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        rows = await all_found(self._connection, LIKE, customer_id, typed, begun, most)
        return [Named("location", row["id"], customer_id, row["name"]) for row in rows]

    async def called(self, kind: str, id_: str) -> str | None:
        """What a customer or a location is called; None where there is none."""
        row = await looked_up(self._connection, CALLED, kind, id_)
        return row["name"] if row else None

    async def regions(self) -> list[str]:
        """The regions in which there are locations, by name."""
        return list((await self._connection.execute(REGIONS)).scalars())
