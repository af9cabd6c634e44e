"""What customers, locations, CSAs and people are called, many at once."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from store.driver import all_found

CUSTOMERS = "SELECT id, name FROM customers WHERE id = ANY ($1::text[])"
LOCATIONS = "SELECT id, name FROM locations WHERE id = ANY ($1::text[])"
PEOPLE = "SELECT id, name FROM people WHERE id = ANY ($1::text[])"
CSAS = """
    SELECT wanted.email, coalesce(csas.name, people.name) AS name
    FROM unnest($1::text[]) AS wanted (email) LEFT JOIN csas ON csas.email = wanted.email
    LEFT JOIN people ON lower(people.email) = lower(wanted.email) AND people.active
"""


class Called:
    """Names by id."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def customers(self, ids: Collection[str]) -> dict[str, str]:
        """The names of these customers by id; one that is not there is called by its id."""
        rows = await all_found(self._connection, CUSTOMERS, list(ids))
        return dict(zip(ids, ids, strict=True)) | {row["id"]: row["name"] for row in rows}

    async def locations(self, ids: Collection[str]) -> dict[str, str]:
        """The names of these locations by id; one that is not there is called by its id."""
        rows = await all_found(self._connection, LOCATIONS, list(ids))
        return dict(zip(ids, ids, strict=True)) | {row["id"]: row["name"] for row in rows}

    async def people(self, ids: Collection[str]) -> dict[str, str]:
        """The names of these people by id, also of who left; who is not known is called by the id."""
        rows = await all_found(self._connection, PEOPLE, list(ids))
        return dict(zip(ids, ids, strict=True)) | {row["id"]: row["name"] for row in rows}

    async def csas(self, emails: Collection[str]) -> dict[str, str]:
        """The names of these CSAs by e-mail address; one without a name is called by the address."""
        rows = await all_found(self._connection, CSAS, list(emails))
        return {row["email"]: row["name"] or row["email"] for row in rows}
