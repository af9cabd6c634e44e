"""Files whose day has come: those to remind of, those that expire, and those whose bytes go."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.file_days import KEPT_AFTER, REMINDED_BEFORE
from store.driver import all_found, looked_up
from store.shared_files import SharedFile, SharedFiles

TO_EXPIRE = """
    SELECT id FROM shared_files WHERE state = 'released' AND expires_at <= $1 ORDER BY expires_at, id
"""
TO_REMOVE = """
    SELECT id, state_since FROM shared_files
    WHERE removed_at IS NULL AND NOT is_held AND (state = 'refused' OR (
        state IN ('superseded', 'revoked', 'expired', 'dropped')
        AND state_since <= $1::timestamptz - $2::interval
        AND (retained_until IS NULL OR retained_until < ($1::timestamptz AT TIME ZONE 'UTC')::date)
    ))
    UNION ALL
    SELECT id, state_since FROM shared_files WHERE wiped_at IS NULL AND removed_at IS NOT NULL
    ORDER BY state_since, id
"""
TO_DROP = """
    SELECT id FROM shared_files WHERE state = 'draft' AND state_since <= $1::timestamptz - $2::interval
    ORDER BY state_since, id
"""
TO_REMIND = """
    SELECT id FROM shared_files, LATERAL (
        SELECT max(expires_at - before) AS due_at FROM unnest($3::interval[]) AS before
        WHERE expires_at - before <= $1
            AND expires_at - before >= released_at + (expires_at - released_at) / 2
    ) AS newest
    WHERE state = 'released' AND expires_at > $1::timestamptz
        AND expires_at <= $1::timestamptz + $2::interval
        AND newest.due_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM file_reminders
            WHERE file_id = shared_files.id AND file_reminders.due_at >= newest.due_at
        )
    ORDER BY expires_at, id
"""
"""As `rules.file_days.reminder_due` says: what was reminded of is not held again at each knock."""
REMINDED = "SELECT due_at FROM file_reminders WHERE file_id = $1 ORDER BY due_at"
REMIND = """
    INSERT INTO file_reminders (file_id, due_at, at) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING RETURNING file_id
"""


class DueFiles:
    """Files by what is due, and which reminders were given. All times are business time.

    Whoever does what is due takes each `for_change`, and looks at it again: it may be done by then.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def to_expire(self, now: datetime) -> list[SharedFile]:
        """Released ones whose day has come."""
        return await self._files(TO_EXPIRE, now)

    async def to_remove(self, now: datetime) -> list[SharedFile]:
        """Those whose bytes go, as `rules.file_days.removed_at` says; what was refused goes at once.

        Those are among them whose bytes were to go before, and may still be in the store.
        """
        return await self._files(TO_REMOVE, now, KEPT_AFTER)

    async def to_drop(self, now: datetime) -> list[SharedFile]:
        """Drafts that nobody sent for so long that they are dropped."""
        return await self._files(TO_DROP, now, KEPT_AFTER)

    async def to_remind(self, now: datetime) -> list[SharedFile]:
        """Released ones of which a reminder is due that was not given; see `rules.file_days`."""
        before = list(REMINDED_BEFORE)
        return await self._files(TO_REMIND, now, max(before), before)

    async def reminded(self, file_id: UUID) -> list[datetime]:
        """The reminders of a file that were given, by the times for which they were meant."""
        return [row["due_at"] for row in await all_found(self._connection, REMINDED, file_id)]

    async def remind(self, file_id: UUID, due_at: datetime, at: datetime) -> bool:
        """Keep that a reminder is given; of two at once one gets True."""
        return await looked_up(self._connection, REMIND, file_id, due_at, at) is not None

    async def _files(self, query: str, *values: object) -> list[SharedFile]:
        ids = [row["id"] for row in await all_found(self._connection, query, *values)]
        return await SharedFiles(self._connection).all_of(ids)
