"""The tables of deliveries: one file to one recipient, its links, and what is proven of it."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Identity, Text, UniqueConstraint
from sqlmodel import Field

from rules.receipts import Kind, Refusal
from store.tables import Table, instant


class DeliveryRow(Table, table=True):
    """One edition of a file to one recipient, through one of its spaces. `made_at` is business time.

    `message_id` is the message in the outbox that told them, `mail_id` the mail; None for neither
    (yet). `fetches` counts against the file's limit; `given_back` are those taken from it again.
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
    given_back: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class DeliveryLinkRow(Table, table=True):
    """A link to a delivery; of its token only a hash is kept. It opens nothing by itself."""

    __tablename__ = "delivery_links"

    token_hash: bytes = Field(primary_key=True)
    delivery_id: UUID = Field(foreign_key="deliveries.id", index=True)
    made_by: str = Field(description="a Slack id, or the recipient who passed it on")
    made_at: datetime = instant(now=True)


class DeliveryEvidenceRow(Table, table=True):
    """Something that happened to a delivery, in business time; only ever added, or counted once more.

    `at` is when it happened first, `last_at` when it did last, `times` how often. `by` is the recipient
    who proved to have done it; `day` (UTC) is there of what is kept by the day. `via` says by which way
    it happened first, `agent` what a program said of itself then.
    """

    __tablename__ = "delivery_evidence"
    __table_args__ = (
        UniqueConstraint(
            *("delivery_id", "kind", "by", "why", "day"), postgresql_nulls_not_distinct=True
        ),
    )

    id: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    delivery_id: UUID = Field(foreign_key="deliveries.id")
    kind: Kind = Field(sa_type=Text)
    at: datetime = instant()
    by: UUID | None = Field(default=None, foreign_key="recipients.id")
    why: Refusal | None = Field(default=None, sa_type=Text)
    day: date | None = None
    last_at: datetime = instant()
    times: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    via: str = ""
    agent: str = ""
