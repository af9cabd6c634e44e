"""A CSA's customers in numbers, however many there are: all from one index."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A CSA's customers in numbers, and the next week that one of them begins in."""

    customers: int
    dated: int
    next_week: date | None
    next_customers: int

    @property
    def waiting(self) -> int:
        """How many have no date."""
        return self.customers - self.dated


PORTFOLIO = text("""
    WITH weeks AS MATERIALIZED (SELECT first_week FROM customers WHERE csa_email = :email),
    next AS (SELECT min(first_week) AS week FROM weeks WHERE first_week >= :today)
    SELECT count(*) AS customers, count(first_week) AS dated, (SELECT week FROM next) AS next_week,
        count(*) FILTER (WHERE first_week = (SELECT week FROM next)) AS next_customers
    FROM weeks
""")
SOMEBODY = text("""
    (SELECT name FROM customers WHERE csa_email = :email
     ORDER BY first_week, lower(name), id LIMIT 1)
    UNION ALL (SELECT name FROM customers ORDER BY id LIMIT 1) LIMIT 1
""")


class Portfolios:
    """Who owns what."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, email: str, today: date) -> Portfolio:
        """A CSA's customers in numbers."""
        row = (await self._connection.execute(PORTFOLIO, {"email": email, "today": today})).one()
        return Portfolio(row.customers, row.dated, row.next_week, row.next_customers)

    async def somebody(self, email: str) -> str | None:
        """The name of a customer to try things with: a CSA's next one, or any; None without any."""
        return (await self._connection.execute(SOMEBODY, {"email": email})).scalar_one_or_none()
