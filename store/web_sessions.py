"""Who is signed in on the web: sessions end after 12 idle hours, after 7 days, or when they are ended."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.tables import Table, instant
from store.tokens import hashed, new_token

DAYS = 7
IDLE_HOURS = 12
ALIVE = f"""
    ended_at IS NULL AND seen_at > now() - interval '{IDLE_HOURS} hours'
    AND made_at > now() - interval '{DAYS} days'
"""
SEEN_EVERY = "interval '1 minute'"
"""A session that was seen a moment ago is not written again."""


class WebSessionRow(Table, table=True):
    """One browser in which a person is signed in; of its token only a hash is kept."""

    __tablename__ = "web_sessions"

    token_hash: bytes = Field(primary_key=True)
    person_id: str = Field(index=True)
    made_at: datetime = instant(now=True)
    seen_at: datetime = instant(now=True)
    ended_at: datetime | None = instant(nullable=True)


BEGIN = text("INSERT INTO web_sessions (token_hash, person_id) VALUES (:hash, :person)")
WHOSE = text(f"""
    SELECT person_id, seen_at < now() - {SEEN_EVERY} AS is_stale FROM web_sessions
    WHERE token_hash = :hash AND {ALIVE}
""")
SEE = text(f"UPDATE web_sessions SET seen_at = now() WHERE token_hash = :hash AND {ALIVE}")
END = text("""
    UPDATE web_sessions SET ended_at = now() WHERE token_hash = :hash AND ended_at IS NULL
""")
END_ALL = text("""
    UPDATE web_sessions SET ended_at = now() WHERE person_id = :person AND ended_at IS NULL
""")
FORGET = text(f"DELETE FROM web_sessions WHERE made_at < now() - interval '{DAYS} days'")


class WebSessions:
    """Who is signed in on the web. All times are the database's."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, person_id: str) -> str:
        """Sign a person in; gives the token for their browser, which is nowhere else."""
        token = new_token()
        await self._connection.execute(BEGIN, {"hash": hashed(token), "person": person_id})
        return token

    async def whose(self, token: str) -> str | None:
        """The person who is signed in with this token; None where nobody is, or no longer."""
        row = (await self._connection.execute(WHOSE, {"hash": hashed(token)})).first()
        if row is None:
            return None
        if row.is_stale:
            await self._connection.execute(SEE, {"hash": hashed(token)})
        return str(row.person_id)

    async def end(self, token: str) -> None:
        """Sign out in one browser."""
        await self._connection.execute(END, {"hash": hashed(token)})

    async def end_all(self, person_id: str) -> None:
        """Sign a person out everywhere."""
        await self._connection.execute(END_ALL, {"person": person_id})

    async def forget_old(self) -> None:
        """Delete the sessions that have long ended."""
        await self._connection.execute(FORGET)
