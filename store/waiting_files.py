"""Files that were looked at while the scanner was away: nobody gets them before it answers."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from store.driver import all_found

WAITING = """
    SELECT parcel_id, uploaded_by, array_agg(id ORDER BY number) AS ids,
        array_agg(version ORDER BY number) AS versions, min(title) AS title
    FROM shared_files
    WHERE state = 'scanning' AND scan = 'waiting' AND checked_at IS NOT NULL
    GROUP BY parcel_id, uploaded_by ORDER BY min(state_since), parcel_id
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Those of one sending: their versions by id, who sent them, and the title of one."""

    parcel_id: UUID
    by: str
    versions: dict[UUID, int]
    title: str


async def waiting_for_scanner(connection: AsyncConnection) -> list[Waiting]:
    """All of them, by what was sent together; what waits longest comes first."""
    return [
        Waiting(
            row["parcel_id"],
            row["uploaded_by"],
            dict(zip(row["ids"], row["versions"], strict=True)),
            row["title"],
        )
        for row in await all_found(connection, WAITING)
    ]
