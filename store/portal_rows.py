"""The tables of the portal: who comes in from Slack or by a code, and who is signed in.

All their times are the database's.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Identity, Index
from sqlmodel import Field

from rules.one_time_code import Code
from store.tables import Table, instant


class PortalEntryRow(Table, table=True):
    """A one-time link that a recipient got by a press in Slack; of its token only a hash is kept."""

    __tablename__ = "portal_entries"

    token_hash: bytes = Field(primary_key=True)
    recipient_id: UUID = Field(foreign_key="recipients.id", index=True)
    path: str = Field(description="where it leads, in the portal")
    made_at: datetime = instant(now=True)
    used_at: datetime | None = instant(nullable=True)


class PortalSessionRow(Table, table=True):
    """One browser in which a recipient is signed in; of its token only a hash is kept."""

    __tablename__ = "portal_sessions"

    token_hash: bytes = Field(primary_key=True)
    recipient_id: UUID = Field(foreign_key="recipients.id", index=True)
    made_at: datetime = instant(now=True)
    seen_at: datetime = instant(now=True)


class OneTimeCodeRow(Table, table=True):
    """A code that was sent to an address, by the hash of the address (`address_hash`) and its digest."""

    __tablename__ = "one_time_codes"
    __table_args__ = (Index(None, "address", "sent_at"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    address: bytes
    digest: bytes
    is_long: bool
    sent_at: datetime = instant(now=True)
    used_at: datetime | None = instant(nullable=True)

    @property
    def code(self) -> Code:
        """The code as the rules take it."""
        return Code(self.digest, self.sent_at, self.is_long, self.used_at is not None)


class WrongCodeRow(Table, table=True):
    """A code that was typed for an address and was none of its own, whether the address is known or not."""

    __tablename__ = "wrong_codes"
    __table_args__ = (Index(None, "address", "at"), Index(None, "at"))

    id: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    address: bytes
    at: datetime = instant(now=True)
