"""How recipients come into the portal: one-time links from Slack, codes by e-mail, and sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.one_time_code import ASKED_WITHIN
from store.driver import all_found, looked_up
from store.portal_rows import OneTimeCodeRow
from store.space_rows import RecipientRow
from store.tokens import hashed, new_token

ENTRY_MINUTES = 10
SESSION_HOURS = 12
"""A session ends so long after it began, whatever is done in it."""
GOOD = f"used_at IS NULL AND made_at > now() - interval '{ENTRY_MINUTES} minutes'"
ALIVE = f"portal_sessions.made_at > now() - interval '{SESSION_HOURS} hours'"

MAKE_ENTRY = text("""
    INSERT INTO portal_entries (token_hash, recipient_id, path) VALUES (:hash, :recipient, :path)
""")
LOOK = f"SELECT recipient_id, path FROM portal_entries WHERE token_hash = $1 AND {GOOD}"  # noqa: S608 - the constant above
USE_ENTRY = f"""
    UPDATE portal_entries SET used_at = now() WHERE token_hash = $1 AND {GOOD}
    RETURNING recipient_id, path
"""  # noqa: S608 - the same
BEGIN = text("""
    INSERT INTO portal_sessions (token_hash, recipient_id) VALUES (:hash, :recipient)
""")
WHOSE = f"""
    SELECT recipients.*, seen_at < now() - interval '1 minute' AS is_stale
    FROM portal_sessions JOIN recipients ON recipients.id = recipient_id
    WHERE token_hash = $1 AND {ALIVE}
"""  # noqa: S608 - the same
SEE = text("UPDATE portal_sessions SET seen_at = now() WHERE token_hash = :hash")
END = text("DELETE FROM portal_sessions WHERE token_hash = :hash")
END_ALL = text("DELETE FROM portal_sessions WHERE recipient_id = :recipient")
HOLD = text("SELECT FROM recipients WHERE id = :recipient FOR NO KEY UPDATE")
ASKED_LATELY = """
    SELECT sent_at FROM one_time_codes
    WHERE recipient_id = $1 AND sent_at > now() - $2::interval ORDER BY sent_at
"""
KEEP_CODE = """
    INSERT INTO one_time_codes (id, recipient_id, browser, digest)
    VALUES (gen_random_uuid(), $1, $2, $3)
    RETURNING id
"""
NEWEST_CODE = """
    SELECT * FROM one_time_codes WHERE recipient_id = $1 AND browser = $2
    ORDER BY sent_at DESC, id LIMIT 1
"""
TRY = text("UPDATE one_time_codes SET tries = tries + 1 WHERE id = :id")
USE_CODE = """
    UPDATE one_time_codes SET used_at = now() WHERE id = $1 AND used_at IS NULL RETURNING id
"""
FORGET = (
    text(f"DELETE FROM portal_entries WHERE made_at < now() - interval '{ENTRY_MINUTES} minutes'"),  # noqa: S608 - the same
    text(f"DELETE FROM portal_sessions WHERE NOT ({ALIVE})"),  # noqa: S608 - the same
    text("DELETE FROM one_time_codes WHERE sent_at < now() - interval '1 day'"),
)


class Portal:
    """How recipients come into the portal. All times are the database's."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def make_entry(self, recipient_id: UUID, path: str) -> str:
        """A new one-time link's token, which is nowhere else. It holds for ten minutes."""
        token = new_token()
        values = {"hash": hashed(token), "recipient": recipient_id, "path": path}
        await self._connection.execute(MAKE_ENTRY, values)
        return token

    async def look_entry(self, token: str) -> tuple[UUID, str] | None:
        """Whom a one-time link would let in, and where it leads; it can still be used then."""
        row = await looked_up(self._connection, LOOK, hashed(token))
        return (row["recipient_id"], row["path"]) if row else None

    async def use_entry(self, token: str) -> tuple[UUID, str] | None:
        """Use a one-time link up; None where it is not good any more. Of two at once, one gets it."""
        row = await looked_up(self._connection, USE_ENTRY, hashed(token))
        return (row["recipient_id"], row["path"]) if row else None

    async def begin_session(self, recipient_id: UUID) -> str:
        """Sign a recipient in; gives the token for their browser, which is nowhere else."""
        token = new_token()
        await self._connection.execute(BEGIN, {"hash": hashed(token), "recipient": recipient_id})
        return token

    async def whose(self, token: str) -> RecipientRow | None:
        """The recipient who is signed in with this token; None where nobody is, or no longer."""
        row = await looked_up(self._connection, WHOSE, hashed(token))
        if row is None:
            return None
        found = dict(row)
        if found.pop("is_stale"):
            await self._connection.execute(SEE, {"hash": hashed(token)})
        return RecipientRow.model_validate(found)

    async def end_session(self, token: str) -> None:
        """Sign out in one browser."""
        await self._connection.execute(END, {"hash": hashed(token)})

    async def end_all(self, recipient_id: UUID) -> None:
        """Sign a recipient out everywhere."""
        await self._connection.execute(END_ALL, {"recipient": recipient_id})

    async def moment(self) -> datetime:
        """What time it is for codes: the database's."""
        row = await looked_up(self._connection, "SELECT clock_timestamp() AS now")
        at: datetime = row["now"]
        return at

    async def asked_lately(self, recipient_id: UUID) -> list[datetime]:
        """When codes were sent to a recipient within `ASKED_WITHIN`.

        In a transaction, whoever asks for the same recipient waits for its end: several at once
        would each find too few.
        """
        await self._connection.execute(HOLD, {"recipient": recipient_id})
        rows = await all_found(self._connection, ASKED_LATELY, recipient_id, ASKED_WITHIN)
        return [row["sent_at"] for row in rows]

    async def keep_code(self, recipient_id: UUID, browser: str, digest: bytes) -> UUID:
        """Keep a code that is sent now, by its digest, for the browser with this secret."""
        row = await looked_up(self._connection, KEEP_CODE, recipient_id, hashed(browser), digest)
        kept: UUID = row["id"]
        return kept

    async def newest_code(
        self, recipient_id: UUID, browser: str, *, for_change: bool = False
    ) -> OneTimeCodeRow | None:
        """The code that a browser, by its secret, asked for last: its earlier ones do not hold any more.

        `for_change` has others who try it wait until the commit, so that each try counts.
        """
        query = NEWEST_CODE + (" FOR UPDATE" if for_change else "")
        row = await looked_up(self._connection, query, recipient_id, hashed(browser))
        return OneTimeCodeRow.model_validate(dict(row)) if row else None

    async def try_code(self, code_id: UUID) -> None:
        """Count a try that was wrong."""
        await self._connection.execute(TRY, {"id": code_id})

    async def use_code(self, code_id: UUID) -> bool:
        """Use a code up; of two at once one gets it, the other False."""
        return await looked_up(self._connection, USE_CODE, code_id) is not None

    async def forget_old(self) -> None:
        """Delete what is of no use any more."""
        for statement in FORGET:
            await self._connection.execute(statement)
