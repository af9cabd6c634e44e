"""Mails that must arrive: rows written with what made them true, as the outbox is for Slack."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.driver import all_found, looked_up
from store.tables import Table, instant


@dataclass(frozen=True, slots=True)
class Mail:
    """What is to be mailed, in plain text; `cause` says what for."""

    to: str
    subject: str
    text: str
    cause: str


class MailRow(Table, table=True):
    """A mail on its way. Its end is `sent_at`, or `failed_why` once it was given up.

    Its Message-ID is made from its id. All times are the database's. Its text, with the links in it,
    is kept only until its end.
    """

    __tablename__ = "mails"
    __table_args__ = (
        Index(
            "mails_waiting_index",
            "next_try_at",
            postgresql_where=text("sent_at IS NULL AND failed_why IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    to_address: str
    subject: str
    text: str
    made_at: datetime = instant(now=True)
    cause: str
    sent_at: datetime | None = instant(nullable=True)
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    next_try_at: datetime = instant(now=True)
    leased_until: datetime | None = instant(nullable=True)
    failed_why: str | None = None
    failed_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True, slots=True)
class Leased:
    """A mail that one carrier has to itself for a while, and how long ago it was said."""

    row: MailRow
    age: timedelta


ONE = "SELECT * FROM mails WHERE id = $1"
LEASE = """
    WITH due AS (
        SELECT id FROM mails
        WHERE sent_at IS NULL AND failed_why IS NULL AND next_try_at <= now()
          AND (leased_until IS NULL OR leased_until <= now())
        ORDER BY next_try_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
    )
    UPDATE mails SET leased_until = clock_timestamp() + $2::interval, tries = tries + 1
    FROM due WHERE mails.id = due.id RETURNING mails.*, now() - made_at AS age
"""
SENT = """
    UPDATE mails SET sent_at = now(), text = '', leased_until = NULL
    WHERE id = $1 AND sent_at IS NULL AND failed_why IS NULL RETURNING id
"""
"""Whoever holds it by now: a server took it."""
AGAIN = """
    UPDATE mails SET next_try_at = now() + $3::interval, leased_until = NULL
    WHERE id = $1 AND leased_until = $2 AND sent_at IS NULL AND failed_why IS NULL RETURNING id
"""
FAILED = """
    UPDATE mails SET failed_why = $3, failed_at = now(), text = '', leased_until = NULL
    WHERE id = $1 AND leased_until = $2 AND sent_at IS NULL AND failed_why IS NULL RETURNING id
"""
WAITING = "SELECT count(*) AS mails FROM mails WHERE sent_at IS NULL AND failed_why IS NULL"

FORGET = text("""
    DELETE FROM mails WHERE coalesce(sent_at, failed_at) < now() - make_interval(days => :days)
        AND NOT EXISTS (SELECT FROM deliveries WHERE mail_id = mails.id)
""")
"""A mail that told of a delivery is its proof."""


class Mails:
    """Mails that must arrive."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def say(self, mail: Mail) -> UUID:
        """Mail something when, and only when, this transaction commits."""
        row = MailRow(to_address=mail.to, subject=mail.subject, text=mail.text, cause=mail.cause)
        values = row.model_dump(include={"id", "to_address", "subject", "text", "cause"})
        await self._connection.execute(insert(MailRow).values(values))
        return row.id

    async def get(self, mail: UUID) -> MailRow | None:
        """One mail, and what became of it."""
        row = await looked_up(self._connection, ONE, mail)
        return MailRow.model_validate(dict(row)) if row else None

    async def lease(self, *, most: int, duration: timedelta) -> list[Leased]:
        """What is due, for whoever asks alone until the duration is over: then others may take it."""
        leased = []
        for row in await all_found(self._connection, LEASE, most, duration):
            found = dict(row)
            age = found.pop("age")
            leased.append(Leased(MailRow.model_validate(found), age))
        return leased

    async def sent(self, mail: MailRow) -> bool:
        """Keep that a server took a mail; False where it had come to an end before."""
        return await looked_up(self._connection, SENT, mail.id) is not None

    async def again(self, mail: MailRow, *, pause: timedelta) -> bool:
        """Put a leased mail back, to be tried again after a pause; False where the lease was over."""
        values = (mail.id, mail.leased_until, pause)
        return await looked_up(self._connection, AGAIN, *values) is not None

    async def failed(self, mail: MailRow, *, why: str) -> bool:
        """Give a leased mail up; False where the lease was over."""
        values = (mail.id, mail.leased_until, why)
        return await looked_up(self._connection, FAILED, *values) is not None

    async def waiting(self) -> int:
        """How many mails have come to no end yet."""
        row = await looked_up(self._connection, WAITING)
        return int(row["mails"])

    async def forget_older_than(self, days: int) -> int:
        """Forget those that ended so many days ago, but what told of deliveries; returns how many."""
        return (await self._connection.execute(FORGET, {"days": days})).rowcount
