"""Mails that must arrive: rows written with what made them true, as the outbox is for Slack."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.driver import looked_up
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

    Its Message-ID is made from its id. All times are the database's.
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


ONE = "SELECT * FROM mails WHERE id = $1"


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
