"""Messages that show something as it stands, so that they can be changed when it stands otherwise."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.driver import all_found, looked_up
from store.tables import Table


class PostRow(Table, table=True):
    """The newest message in a lane that shows something: a wave that is paused, tasks of a rollback."""

    __tablename__ = "posts"

    about: str = Field(primary_key=True, description="what it shows: 'rollback 3'")
    lane: str = Field(primary_key=True)
    message: UUID


OF = "SELECT lane, message FROM posts WHERE about = $1 ORDER BY lane"
IN = "SELECT message FROM posts WHERE about = $1 AND lane = $2"
KEEP = text("""
    INSERT INTO posts (about, lane, message) VALUES (:about, :lane, :message)
    ON CONFLICT (about, lane) DO UPDATE SET message = excluded.message
""")
FORGET = text("DELETE FROM posts WHERE about = :about")


class Posts:
    """Messages that show something as it stands."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, about: str) -> dict[str, UUID]:
        """The message that shows it, by lane."""
        rows = await all_found(self._connection, OF, about)
        return {row["lane"]: row["message"] for row in rows}

    async def shown_in(self, about: str, lane: str) -> UUID | None:
        """The message that shows it in a lane; None where none does."""
        found = await looked_up(self._connection, IN, about, lane)
        message: UUID | None = found["message"] if found else None
        return message

    async def keep(self, about: str, lane: str, message: UUID) -> None:
        """Remember the message that shows it in a lane, in place of one before."""
        values = {"about": about, "lane": lane, "message": message}
        await self._connection.execute(KEEP, values)

    async def forget(self, about: str) -> None:
        """Forget all messages about it: nothing changes in them any more."""
        await self._connection.execute(FORGET, {"about": about})
