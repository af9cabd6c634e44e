"""One import at a time, and who is at it."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from store.advisory_locks import Lock

WAIT = "2s"
LOCK_NOT_AVAILABLE = "55P03"
SIGN = "wavepost import by "
"""How a connection is called while it imports: the others read there who it is."""

TAKE = text(f"SELECT pg_advisory_xact_lock({Lock.importing:d})")
SET = text("SELECT set_config(:name, :value, true)")
HOLDER = text(f"""
    SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)
    WHERE locktype = 'advisory' AND granted AND objid = {Lock.importing:d}
    AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")


class ImportGoingOn(Exception):
    """Somebody else imports just now; `actor` is who, where the database tells."""

    def __init__(self, actor: str | None) -> None:
        super().__init__(f"{actor or 'somebody'} imports just now")
        self.actor = actor


async def take_turn(connection: AsyncConnection, actor: str) -> None:
    """Wait two seconds at most for the others, then be the one who imports, until the commit.

    Raises ImportGoingOn.
    """
    try:
        async with connection.begin_nested():
            await connection.execute(SET, {"name": "lock_timeout", "value": WAIT})
            await connection.execute(TAKE)
            await connection.execute(SET, {"name": "lock_timeout", "value": "0"})
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        holder = (await connection.execute(HOLDER)).scalars().first() or ""
        raise ImportGoingOn(holder.removeprefix(SIGN) if SIGN in holder else None) from error
    await connection.execute(SET, {"name": "application_name", "value": SIGN + actor})
