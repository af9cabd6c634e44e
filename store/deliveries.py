"""Deliveries: which file went to whom, how often it was fetched, and by which links it is reached."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.delivery_rows import DeliveryRow
from store.driver import all_found, looked_up
from store.shared_files import SharedFile, SharedFiles
from store.tokens import hashed, new_token

ONE = "SELECT * FROM deliveries WHERE id = $1"
OF_FILE = "SELECT * FROM deliveries WHERE file_id = $1 ORDER BY made_at, id"
OF_FILES = "SELECT * FROM deliveries WHERE file_id = ANY ($1) ORDER BY made_at, id"
TOLD_BY = "SELECT * FROM deliveries WHERE message_id = ANY ($1) ORDER BY made_at, id"
MAILED_BY = "SELECT * FROM deliveries WHERE mail_id = $1 ORDER BY made_at, id"
TO = "SELECT * FROM deliveries WHERE recipient_id = $1 ORDER BY made_at DESC, id"
OF = "SELECT * FROM deliveries WHERE file_id = $1 AND recipient_id = $2"
MAKE = """
    INSERT INTO deliveries (id, file_id, recipient_id, space_id, made_at)
    SELECT id, $1, recipient, space, $2
    FROM unnest($3::uuid[], $4::uuid[], $5::uuid[]) AS new (id, recipient, space)
    ORDER BY recipient
    ON CONFLICT (file_id, recipient_id) DO NOTHING RETURNING *
"""
TOLD = text("""
    UPDATE deliveries SET message_id = coalesce(:message, message_id),
        mail_id = coalesce(:mail, mail_id)
    WHERE id = ANY (:deliveries)
""")
HAD_BEFORE = """
    WITH RECURSIVE before (file_id, id) AS (
        SELECT id, supersedes FROM shared_files WHERE id = ANY ($1) AND supersedes IS NOT NULL
        UNION
        SELECT file_id, supersedes FROM before JOIN shared_files USING (id)
        WHERE supersedes IS NOT NULL
    )
    SELECT before.file_id, recipient_id, max(edition) AS edition
    FROM before JOIN shared_files AS older USING (id)
    JOIN deliveries ON deliveries.file_id = older.id
    GROUP BY before.file_id, recipient_id
"""
TO_MEMBERS = """
    SELECT id FROM deliveries WHERE file_id = ANY ($1) AND EXISTS (
        SELECT FROM file_spaces JOIN spaces ON spaces.id = file_spaces.space_id AND closed_at IS NULL
            JOIN space_members AS member ON member.space_id = spaces.id
                AND member.recipient_id = deliveries.recipient_id AND removed_at IS NULL
        WHERE file_spaces.file_id = deliveries.file_id)
"""
CONCERNED = """
    SELECT recipient_id FROM (
        SELECT recipient_id FROM deliveries WHERE file_id = ANY ($1)
        UNION SELECT recipient_id FROM file_spaces
            JOIN space_members USING (space_id) WHERE file_id = ANY ($1) AND removed_at IS NULL
    ) AS concerned
    WHERE recipient_id > $2 ORDER BY recipient_id LIMIT $3
"""
NEW_LINK = text("""
    INSERT INTO delivery_links (token_hash, delivery_id, made_by) VALUES (:hash, :delivery, :by)
""")
BY_LINK = """
    SELECT deliveries.* FROM deliveries JOIN delivery_links ON delivery_id = deliveries.id
    WHERE token_hash = $1
"""


class Deliveries:
    """Which file went to whom. Times are business time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def make(
        self, file_id: UUID, space_of: Mapping[UUID, UUID], at: datetime
    ) -> list[DeliveryRow]:
        """Deliver a file to recipients, each through one space; returns those that are new."""
        recipients, spaces = list(space_of), list(space_of.values())
        ids = [uuid4() for _ in recipients]
        rows = await all_found(self._connection, MAKE, file_id, at, ids, recipients, spaces)
        return [DeliveryRow.model_validate(dict(row)) for row in rows]

    async def get(self, delivery_id: UUID) -> DeliveryRow | None:
        """One delivery."""
        row = await looked_up(self._connection, ONE, delivery_id)
        return DeliveryRow.model_validate(dict(row)) if row else None

    async def of_file(self, file_id: UUID) -> list[DeliveryRow]:
        """The deliveries of a file, the first first."""
        rows = await all_found(self._connection, OF_FILE, file_id)
        return [DeliveryRow.model_validate(dict(row)) for row in rows]

    async def of_files(self, file_ids: Collection[UUID]) -> list[DeliveryRow]:
        """The deliveries of several files, the first first."""
        rows = await all_found(self._connection, OF_FILES, list(file_ids))
        return [DeliveryRow.model_validate(dict(row)) for row in rows]

    async def to(self, recipient_id: UUID) -> list[tuple[DeliveryRow, SharedFile]]:
        """What was delivered to a recipient, the newest first, whatever became of it since."""
        rows = await all_found(self._connection, TO, recipient_id)
        deliveries = [DeliveryRow.model_validate(dict(row)) for row in rows]
        kept = SharedFiles(self._connection)
        files = {file.id: file for file in await kept.all_of([each.file_id for each in deliveries])}
        return [(each, files[each.file_id]) for each in deliveries]

    async def of(self, file_id: UUID, recipient_id: UUID) -> DeliveryRow | None:
        """The delivery of a file to a recipient."""
        row = await looked_up(self._connection, OF, file_id, recipient_id)
        return DeliveryRow.model_validate(dict(row)) if row else None

    async def had_before(self, file_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], int]:
        """By file and recipient, the newest edition before that file which was delivered to them."""
        rows = await all_found(self._connection, HAD_BEFORE, list(file_ids))
        return {(row["file_id"], row["recipient_id"]): row["edition"] for row in rows}

    async def to_members(self, file_ids: Collection[UUID]) -> set[UUID]:
        """Those deliveries of files whose recipients are members still of a space they are sent to."""
        rows = await all_found(self._connection, TO_MEMBERS, list(file_ids))
        return {row["id"] for row in rows}

    async def concerned(self, file_ids: Collection[UUID], *, after: UUID, most: int) -> list[UUID]:
        """Up to `most` recipients who have these files or are to get them, in the order of their ids.

        They come after one, so that all are found in several goes, each once.
        """
        rows = await all_found(self._connection, CONCERNED, list(file_ids), after, most)
        return [row["recipient_id"] for row in rows]

    async def told(
        self,
        delivery_ids: Collection[UUID],
        *,
        message_id: UUID | None = None,
        mail_id: UUID | None = None,
    ) -> None:
        """Keep which message, or which mail, tells their recipients."""
        values = {"deliveries": list(delivery_ids), "message": message_id, "mail": mail_id}
        await self._connection.execute(TOLD, values)

    async def told_by(self, message_ids: Collection[UUID]) -> list[DeliveryRow]:
        """The deliveries of which these messages tell."""
        rows = await all_found(self._connection, TOLD_BY, list(message_ids))
        return [DeliveryRow.model_validate(dict(row)) for row in rows]

    async def mailed_by(self, mail_id: UUID) -> list[DeliveryRow]:
        """The deliveries of which this mail tells."""
        rows = await all_found(self._connection, MAILED_BY, mail_id)
        return [DeliveryRow.model_validate(dict(row)) for row in rows]

    async def new_link(self, delivery_id: UUID, by: str) -> str:
        """The token of a new link to a delivery, which is nowhere else; others hold as before."""
        token = new_token()
        values = {"hash": hashed(token), "delivery": delivery_id, "by": by}
        await self._connection.execute(NEW_LINK, values)
        return token

    async def by_link(self, token: str) -> DeliveryRow | None:
        """The delivery to which a link leads; None where there is no such link."""
        row = await looked_up(self._connection, BY_LINK, hashed(token))
        return DeliveryRow.model_validate(dict(row)) if row else None
