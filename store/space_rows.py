"""The tables of spaces: organisations, what is theirs, and who gets what is sent there."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from store.tables import Table, instant


class OrganisationRow(Table, table=True):
    """A customer's company, or a part of it that gets files of its own."""

    __tablename__ = "organisations"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str
    folded: str = Field(unique=True, description="its name as `rules.naming.fold` has it")
    made_by: str
    made_at: datetime = instant(now=True)


class SpaceRow(Table, table=True):
    """Where files for one organisation are sent. `is_proxied`: its bytes go out through Wavepost."""

    __tablename__ = "spaces"
    __table_args__ = (UniqueConstraint("organisation_id", "folded"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisations.id")
    name: str
    folded: str = Field(description="its name as `rules.naming.fold` has it")
    is_proxied: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    made_by: str
    made_at: datetime = instant(now=True)
    closed_at: datetime | None = instant(nullable=True)


class RecipientRow(Table, table=True):
    """Somebody of an organisation who may get files, for ever of that one.

    They are in Slack (`person_id`), or reached by e-mail (lower case), or both.
    """

    __tablename__ = "recipients"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR email IS NOT NULL", name="reachable"),
        Index("recipients_email_key", text("lower(email)"), unique=True),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisations.id", index=True)
    person_id: str | None = Field(default=None, unique=True)
    email: str | None = None
    name: str
    made_at: datetime = instant(now=True)


class SpaceMemberRow(Table, table=True):
    """Somebody who gets what is sent to a space, until they are removed."""

    __tablename__ = "space_members"

    space_id: UUID = Field(primary_key=True, foreign_key="spaces.id")
    recipient_id: UUID = Field(primary_key=True, foreign_key="recipients.id", index=True)
    added_by: str
    added_at: datetime = instant(now=True)
    removed_by: str | None = None
    removed_at: datetime | None = instant(nullable=True)
