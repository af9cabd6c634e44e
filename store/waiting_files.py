"""Files that wait: for the scanner, which was away when they were looked at; for a second person."""

from dataclasses import dataclass
from datetime import datetime
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
IN_REVIEW = """
    SELECT id FROM shared_files
    WHERE state = 'in review' AND removed_at IS NULL AND expires_at > $1 ORDER BY state_since, number
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


async def in_review(connection: AsyncConnection, now: datetime) -> list[UUID]:
    """The ids of the files in review whose day has not passed; what waits longest comes first."""
    return [row["id"] for row in await all_found(connection, IN_REVIEW, now)]
