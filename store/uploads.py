"""Uploads from browsers straight to S3, in parts: which are under way, and which were left."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.driver import all_found, looked_up
from store.tables import Table, instant


class UploadRow(Table, table=True):
    """An upload of one file. `upload_id` is S3's; sizes are in bytes; times are the database's."""

    __tablename__ = "uploads"
    __table_args__ = (
        Index("uploads_made_at_index", "made_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="shared_files.id", unique=True)
    upload_id: str
    size: int = Field(sa_type=BigInteger)
    part_size: int = Field(sa_type=BigInteger)
    made_at: datetime = instant(now=True)
    ended_at: datetime | None = instant(nullable=True)


class UploadPartRow(Table, table=True):
    """A part that a browser may send, with the SHA-256 in base64 that its bytes must have."""

    __tablename__ = "upload_parts"

    upload_id: UUID = Field(primary_key=True, foreign_key="uploads.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sha256: str


OF_FILE = "SELECT * FROM uploads WHERE file_id = $1"
ONE = "SELECT * FROM uploads WHERE id = $1"
END = "UPDATE uploads SET ended_at = now() WHERE id = $1 AND ended_at IS NULL RETURNING id"
ABANDONED = "SELECT * FROM uploads WHERE ended_at IS NULL AND made_at < $1 ORDER BY made_at, id"

UNFINISHED = """
    SELECT uploads.* FROM uploads JOIN shared_files ON shared_files.id = file_id
    WHERE uploaded_by = $1 AND ended_at IS NULL AND state = 'draft' ORDER BY made_at DESC, uploads.id
"""
KEEP_PART = """
    INSERT INTO upload_parts (upload_id, number, sha256) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""
PART = "SELECT sha256 FROM upload_parts WHERE upload_id = $1 AND number = $2"
PARTS = "SELECT number, sha256 FROM upload_parts WHERE upload_id = $1 ORDER BY number"


class Uploads:
    """Uploads that began, by the file that they are to become."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, file_id: UUID, upload_id: str, size: int, part_size: int) -> UploadRow:
        """Keep that an upload began. Of two for one file at once the second has to be given up.

        It is not kept then, and the first one's row is returned: its `upload_id` tells.
        """
        row = UploadRow(file_id=file_id, upload_id=upload_id, size=size, part_size=part_size)
        values = row.model_dump(exclude={"made_at", "ended_at"})
        await self._connection.execute(
            insert(UploadRow).values(values).on_conflict_do_nothing(index_elements=["file_id"])
        )
        found = await looked_up(self._connection, OF_FILE, file_id)
        return UploadRow.model_validate(dict(found))

    async def of_file(self, file_id: UUID) -> UploadRow | None:
        """The upload of a file."""
        row = await looked_up(self._connection, OF_FILE, file_id)
        return UploadRow.model_validate(dict(row)) if row else None

    async def get(self, upload: UUID, *, for_change: bool = False) -> UploadRow | None:
        """One upload; `for_change` has others who change it wait until the commit."""
        row = await looked_up(self._connection, ONE + (" FOR UPDATE" if for_change else ""), upload)
        return UploadRow.model_validate(dict(row)) if row else None

    async def end(self, upload: UUID) -> bool:
        """Say that it is over, finished or given up; False where that was said before."""
        return await looked_up(self._connection, END, upload) is not None

    async def abandoned(self, before: datetime) -> list[UploadRow]:
        """Those that began before a time of the database, and did not end; the oldest first."""
        rows = await all_found(self._connection, ABANDONED, before)
        return [UploadRow.model_validate(dict(row)) for row in rows]

    async def unfinished(self, person: str) -> list[UploadRow]:
        """What somebody began to upload and may go on with, the newest first."""
        rows = await all_found(self._connection, UNFINISHED, person)
        return [UploadRow.model_validate(dict(row)) for row in rows]

    async def keep_part(self, upload: UUID, number: int, sha256: str) -> str:
        """The SHA-256 that a part has to have: the first that was said of it, for good.

        So whatever the store has of a part is what was said of it, and no file is put together of two.
        """
        await all_found(self._connection, KEEP_PART, upload, number, sha256)
        return str((await looked_up(self._connection, PART, upload, number))["sha256"])

    async def digests(self, upload: UUID) -> dict[int, str]:
        """What each part has to have, by its number; a part of which nothing was said is not there."""
        rows = await all_found(self._connection, PARTS, upload)
        return {row["number"]: row["sha256"] for row in rows}
