"""How many people are in each space."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from store.driver import all_found

SIZES = """
    SELECT space_id, count(*) AS size FROM space_members
    WHERE space_id = ANY ($1) AND removed_at IS NULL GROUP BY space_id
"""


async def space_sizes(connection: AsyncConnection, space_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many people are in each of these spaces; those without anybody count 0."""
    found = {
        row["space_id"]: row["size"] for row in await all_found(connection, SIZES, list(space_ids))
    }
    return {space: found.get(space, 0) for space in space_ids}
