"""Whose the locations of a wave are: people and customers, with how many of theirs still wait."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.location_life import State
from store.driver import all_found

WAITING = frozenset({State.planned, State.migrating, State.failed})
"""Where a location stands that is still to move."""

PEOPLE = """
    SELECT people.id, count(*) AS locations FROM wave_locations
    JOIN people ON lower(people.email) = lower(csa_email) AND active AND kind = 'member'
    WHERE week = $1 AND state = ANY ($2::text[]) GROUP BY people.id ORDER BY people.id
"""
CUSTOMERS = """
    SELECT customer_id, count(*) AS locations FROM wave_locations
    WHERE week = $1 AND state = ANY ($2::text[]) GROUP BY customer_id ORDER BY customer_id
"""
BY_EMAIL = """
    SELECT lower(email) AS email, id FROM people
    WHERE lower(email) = ANY ($1::text[]) AND active AND kind = 'member'
"""


class WaveOwners:
    """Whose the locations of a wave are."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def people(self, week: date, states: Collection[State] = WAITING) -> dict[str, int]:
        """The ids of the CSAs who own locations in these states, with how many; those who are here."""
        rows = await all_found(self._connection, PEOPLE, week, list(states))
        return {row["id"]: row["locations"] for row in rows}

    async def customers(self, week: date, states: Collection[State] = WAITING) -> dict[str, int]:
        """The ids of the customers with locations in these states, with how many."""
        rows = await all_found(self._connection, CUSTOMERS, week, list(states))
        return {row["customer_id"]: row["locations"] for row in rows}

    async def here(self, emails: Collection[str]) -> dict[str, str]:
        """The id of the active member with each of these e-mail addresses, by address in small letters."""
        rows = await all_found(self._connection, BY_EMAIL, [each.lower() for each in emails])
        return {row["email"]: row["id"] for row in rows}
