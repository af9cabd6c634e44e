"""Editions of one file: of all that came of the same first one, by whichever way, one is out at most."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from store.advisory_locks import Lock
from store.driver import all_found, looked_up

FAMILIES = """
    WITH RECURSIVE before AS (
        SELECT id, supersedes FROM shared_files
        WHERE parcel_id = ANY ($1) AND supersedes IS NOT NULL
            AND state IN ('draft', 'scanning', 'in review')
        UNION
        SELECT older.id, older.supersedes FROM shared_files AS older
        JOIN before ON older.id = before.supersedes
    )
    SELECT DISTINCT hashtext(id::text) AS key FROM before WHERE supersedes IS NULL ORDER BY key
"""
"""The locks of those that could still be released, in the order in which everybody takes them."""
HOLD_FAMILY = "SELECT pg_advisory_xact_lock($1, $2)"
OUT_BEFORE = """
    WITH RECURSIVE before AS (
        SELECT id, supersedes FROM shared_files WHERE id = $1 AND supersedes IS NOT NULL
        UNION
        SELECT older.id, older.supersedes FROM shared_files AS older
        JOIN before ON older.id = before.supersedes
    ), family AS (
        SELECT id FROM before WHERE supersedes IS NULL
        UNION
        SELECT newer.id FROM shared_files AS newer JOIN family ON newer.supersedes = family.id
    )
    SELECT id FROM shared_files JOIN family USING (id)
    WHERE state IN ('released', 'expired') AND id <> $1 ORDER BY number DESC LIMIT 1
"""
PARCELS = "SELECT DISTINCT parcel_id FROM shared_files WHERE id = ANY ($1)"
UNRELEASED = """
    SELECT id FROM shared_files WHERE parcel_id = ANY ($1) AND supersedes IS NOT NULL
        AND state IN ('draft', 'scanning', 'in review')
"""


class Editions:
    """Which edition of a file is out."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hold_families(self, parcels: Collection[UUID]) -> list[UUID]:
        """Have others wait who release an edition of what files of these parcels are editions of.

        Gives the ids of those editions that are out, and whose place these files would take: no other
        comes out before the commit. Whoever holds files as well takes these locks first.
        """
        for row in await all_found(self._connection, FAMILIES, list(parcels)):
            await looked_up(self._connection, HOLD_FAMILY, Lock.releasing_editions, row["key"])
        unreleased = await all_found(self._connection, UNRELEASED, list(parcels))
        out = [await self.out_before(row["id"]) for row in unreleased]
        return [each for each in out if each]

    async def out_before(self, file_id: UUID) -> UUID | None:
        """The edition that is out, and whose place a file would take; None where none is.

        It need not be the one that the file was made of: another may have taken its place since.
        """
        row = await looked_up(self._connection, OUT_BEFORE, file_id)
        return row["id"] if row else None

    async def parcels_of(self, file_ids: Collection[UUID]) -> set[UUID]:
        """What these files were sent in."""
        found = await all_found(self._connection, PARCELS, list(file_ids))
        return {row["parcel_id"] for row in found}
