"""A CSA's customers in numbers, however many there are: all from one index."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.finding import Named
from store.driver import all_found, looked_up


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A CSA's customers in numbers, the next week that one of them begins in, and the next wave of all."""

    customers: int
    dated: int
    next_week: date | None
    next_customers: int
    next_wave: date | None

    @property
    def waiting(self) -> int:
        """How many have no date."""
        return self.customers - self.dated


PORTFOLIO = """
    WITH weeks AS MATERIALIZED (SELECT first_week FROM customers WHERE csa_email = $1),
    next AS (SELECT min(first_week) AS week FROM weeks WHERE first_week >= $2)
    SELECT count(*) AS customers, count(first_week) AS dated, (SELECT week FROM next) AS next_week,
        count(*) FILTER (WHERE first_week = (SELECT week FROM next)) AS next_customers,
        (SELECT min(week) FROM promises WHERE week >= $2) AS next_wave
    FROM weeks
"""
SOMEBODY = text("""
    (SELECT name FROM customers WHERE csa_email = :email
     ORDER BY first_week, lower(name), id LIMIT 1)
    UNION ALL (SELECT name FROM customers ORDER BY id LIMIT 1) LIMIT 1
""")
FIRST = """
    SELECT id, name FROM customers WHERE csa_email = $1
    ORDER BY first_week, lower(name), id LIMIT $2
"""
AMONG = "SELECT id FROM customers WHERE id = ANY ($1::text[]) AND csa_email = $2"


class Portfolios:
    """Who owns what."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, email: str, today: date) -> Portfolio:
        """A CSA's customers in numbers."""
        return Portfolio(**await looked_up(self._connection, PORTFOLIO, email, today))

    async def somebody(self, email: str) -> str | None:
        """The name of a customer to try things with: a CSA's next one, or any; None without any."""
        return (await self._connection.execute(SOMEBODY, {"email": email})).scalar_one_or_none()

    async def first(self, email: str, *, most: int) -> list[Named]:
        """A CSA's next customers by date."""
        rows = await all_found(self._connection, FIRST, email.lower(), most)
        return [Named("customer", row["id"], row["id"], row["name"]) for row in rows]

    async def among(self, email: str, customers: Collection[str]) -> set[str]:
        """Those of these customers that are a CSA's own."""
        if not customers:
            return set()
        rows = await all_found(self._connection, AMONG, list(customers), email.lower())
        return {row["id"] for row in rows}
