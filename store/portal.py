"""How recipients come into the portal: one-time links from Slack, codes by e-mail, and sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.one_time_code import ASKED_WITHIN, MOST_TRIES_IN_ALL, TRIED_WITHIN
from store.advisory_locks import Lock
from store.clock import business_now
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
LOOK = f"SELECT recipient_id, path FROM portal_entries WHERE token_hash = $1 AND {GOOD}"
USE_ENTRY = f"""
    UPDATE portal_entries SET used_at = now() WHERE token_hash = $1 AND {GOOD}
    RETURNING recipient_id, path
"""
BEGIN = text("""
    INSERT INTO portal_sessions (token_hash, recipient_id) VALUES (:hash, :recipient)
""")
VISITING = f"""
    SELECT ahead, whose.* FROM business_clock LEFT JOIN (
        SELECT recipients.*, seen_at < now() - interval '1 minute' AS is_stale
        FROM portal_sessions JOIN recipients ON recipients.id = recipient_id
        WHERE token_hash = $1 AND {ALIVE}
    ) AS whose ON true
"""
SEE = text("UPDATE portal_sessions SET seen_at = now() WHERE token_hash = :hash")
END = text("DELETE FROM portal_sessions WHERE token_hash = :hash")
END_ALL = text("DELETE FROM portal_sessions WHERE recipient_id = :recipient")
HOLD = text(f"SELECT pg_advisory_xact_lock({Lock.proving_address:d}, hashtext(:address))")
CODES = """
    SELECT * FROM one_time_codes
    WHERE address = $1 AND sent_at > now() - $2::interval ORDER BY sent_at
"""
KEEP_CODE = """
    INSERT INTO one_time_codes (id, address, digest, is_long)
    VALUES (gen_random_uuid(), $1, $2, $3)
    RETURNING id
"""
TAKE_BACK = text("DELETE FROM one_time_codes WHERE id = :id")
USE_CODES = text("""
    UPDATE one_time_codes SET used_at = now() WHERE address = :address AND used_at IS NULL
""")
WRONG = text("INSERT INTO wrong_codes (address) VALUES (:address)")
TRIED = """
    SELECT count(*) AS wrong FROM wrong_codes WHERE address = $1 AND at > now() - $2::interval
"""
TRIED_IN_ALL = """
    SELECT count(*) AS wrong
    FROM (SELECT FROM wrong_codes WHERE at > now() - $1::interval LIMIT $2) AS lately
"""
FORGET = (
    text(f"DELETE FROM portal_entries WHERE made_at < now() - interval '{ENTRY_MINUTES} minutes'"),
    text(f"DELETE FROM portal_sessions WHERE NOT ({ALIVE})"),
    text("DELETE FROM one_time_codes WHERE sent_at < now() - interval '1 day'"),
    text("DELETE FROM wrong_codes WHERE at < now() - interval '1 day'"),
)


def address_hash(address: str) -> bytes:
    """By what the codes of an address are kept, known or not: what it is called is nowhere else."""
    return hashed(address.strip().lower())


class Portal:
    """How recipients come into the portal. All times but business time are the database's."""

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

    async def visiting(self, token: str) -> tuple[RecipientRow | None, datetime]:
        """The recipient who is signed in with this token, and business time, in one round trip.

        They are None where nobody is signed in with it, or no longer.
        """
        found = dict(await looked_up(self._connection, VISITING, hashed(token)))
        now = business_now(found.pop("ahead"))
        if found.pop("is_stale"):
            await self._connection.execute(SEE, {"hash": hashed(token)})
        return RecipientRow.model_validate(found) if found["id"] else None, now

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

    async def hold_address(self, address: bytes) -> None:
        """Have others who ask or try for the same address wait until the commit, so that each counts."""
        await self._connection.execute(HOLD, {"address": address.hex()})

    async def codes(self, address: bytes) -> list[OneTimeCodeRow]:
        """The codes that were sent to an address within `ASKED_WITHIN`, the newest last."""
        rows = await all_found(self._connection, CODES, address, ASKED_WITHIN)
        return [OneTimeCodeRow.model_validate(dict(row)) for row in rows]

    async def keep_code(self, address: bytes, digest: bytes, *, is_long: bool) -> UUID:
        """Keep a code that is sent now to an address, by its digest."""
        row = await looked_up(self._connection, KEEP_CODE, address, digest, is_long)
        kept: UUID = row["id"]
        return kept

    async def take_code_back(self, code_id: UUID) -> None:
        """Forget a code that could not be sent."""
        await self._connection.execute(TAKE_BACK, {"id": code_id})

    async def use_codes(self, address: bytes) -> None:
        """Use up an address's codes: one of them let its reader in."""
        await self._connection.execute(USE_CODES, {"address": address})

    async def note_wrong(self, address: bytes) -> None:
        """Count a code that was typed for an address and was wrong."""
        await self._connection.execute(WRONG, {"address": address})

    async def wrong_lately(self, address: bytes) -> int:
        """How many wrong ones were typed for an address within `TRIED_WITHIN`."""
        row = await looked_up(self._connection, TRIED, address, TRIED_WITHIN)
        return int(row["wrong"])

    async def wrong_in_all(self) -> int:
        """How many were typed for all addresses within `TRIED_WITHIN`: up to `MOST_TRIES_IN_ALL`."""
        row = await looked_up(self._connection, TRIED_IN_ALL, TRIED_WITHIN, MOST_TRIES_IN_ALL)
        return int(row["wrong"])

    async def forget_old(self) -> None:
        """Delete what is of no use any more."""
        for statement in FORGET:
            await self._connection.execute(statement)
