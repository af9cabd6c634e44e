"""Pictures that were drawn: which file in Slack shows which figures."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.tables import Table, instant


class PictureRow(Table, table=True):
    """A picture in Slack, by the digest of the figures it was drawn from."""

    __tablename__ = "pictures"

    digest: str = Field(primary_key=True)
    file_id: str
    drawn_at: datetime = instant(now=True)


class Pictures:
    """Pictures by what they show: the same figures are drawn once."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def file(self, digest: str) -> str | None:
        """Slack's id of the file that shows these figures; None before it is drawn."""
        query = text("SELECT file_id FROM pictures WHERE digest = :digest")
        return (await self._connection.execute(query, {"digest": digest})).scalar_one_or_none()

    async def drawn_lately(self, digest: str, within: timedelta) -> str | None:
        """The same, unless it was drawn so long ago that it may be gone from Slack."""
        query = text("""
            SELECT file_id FROM pictures
            WHERE digest = :digest AND drawn_at > now() - CAST(:within AS interval)
        """)
        values = {"digest": digest, "within": within}
        return (await self._connection.execute(query, values)).scalar_one_or_none()

    async def forget(self, file_id: str) -> None:
        """Let a picture be drawn anew whose file is not in Slack any more."""
        statement = text("DELETE FROM pictures WHERE file_id = :file")
        await self._connection.execute(statement, {"file": file_id})

    async def keep(self, digest: str, file_id: str) -> None:
        """Note a picture; the newest of the same figures counts."""
        statement = text("""
            INSERT INTO pictures (digest, file_id) VALUES (:digest, :file)
            ON CONFLICT (digest) DO UPDATE SET file_id = :file, drawn_at = now()
        """)
        await self._connection.execute(statement, {"digest": digest, "file": file_id})
