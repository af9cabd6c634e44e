"""The tables of deliveries: one file to one recipient, its links, and what is proven of it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Identity, Index, Text, UniqueConstraint
from sqlmodel import Field

from rules.receipts import Kind, Refusal
from store.tables import Table, instant


class DeliveryRow(Table, table=True):
    """One edition of a file to one recipient, through one of its spaces. `made_at` is business time.

    `message_id` is the message in the outbox that told them, `mail_id` the mail; None for neither
    (yet). `fetches` counts against the file's limit.
    """

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("file_id", "recipient_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="shared_files.id")
    recipient_id: UUID = Field(foreign_key="recipients.id", index=True)
    space_id: UUID = Field(foreign_key="spaces.id")
    made_at: datetime = instant()
    message_id: UUID | None = Field(default=None, index=True)
    mail_id: UUID | None = Field(default=None, index=True)
    fetches: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class DeliveryLinkRow(Table, table=True):
    """A link to a delivery; of its token only a hash is kept. It opens nothing by itself."""

    __tablename__ = "delivery_links"

    token_hash: bytes = Field(primary_key=True)
    delivery_id: UUID = Field(foreign_key="deliveries.id", index=True)
    made_by: str = Field(description="a Slack id, or the recipient who passed it on")
    made_at: datetime = instant(now=True)


class DeliveryEvidenceRow(Table, table=True):
    """Something that happened to a delivery, in business time; only ever added.

    `by` is the recipient who proved to have done it. `via` says by which way, `agent` what a program
    said of itself.
    """

    __tablename__ = "delivery_evidence"
    __table_args__ = (Index(None, "delivery_id", "at"),)

    id: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    delivery_id: UUID = Field(foreign_key="deliveries.id")
    kind: Kind = Field(sa_type=Text)
    at: datetime = instant()
    by: UUID | None = Field(default=None, foreign_key="recipients.id")
    why: Refusal | None = Field(default=None, sa_type=Text)
    via: str = ""
    agent: str = ""
