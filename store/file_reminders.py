"""Reminders of files that expire soon, so that each is given once, whoever gives it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from store.driver import all_found, looked_up

REMINDED = "SELECT due_at FROM file_reminders WHERE file_id = $1 ORDER BY due_at"
REMIND = """
    INSERT INTO file_reminders (file_id, due_at, at) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING RETURNING file_id
"""


class FileReminders:
    """Which reminders were given. All times are business time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def reminded(self, file_id: UUID) -> list[datetime]:
        """The reminders of a file that were given, by the times for which they were meant."""
        return [row["due_at"] for row in await all_found(self._connection, REMINDED, file_id)]

    async def remind(self, file_id: UUID, due_at: datetime, at: datetime) -> bool:
        """Keep that a reminder is given; of two at once one gets True."""
        return await looked_up(self._connection, REMIND, file_id, due_at, at) is not None
