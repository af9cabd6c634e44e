"""The tables of what partners are told of a wave: versions, the steps of each, and who copied which."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from rules.life import FIRST_VERSION
from rules.partner_message import Audience, State, Step
from store.tables import Table, instant


class PartnerMessageRow(Table, table=True):
    """One version of what an audience is told of a wave. Its times are business time."""

    __tablename__ = "partner_messages"

    week: date = Field(primary_key=True)
    audience: Audience = Field(primary_key=True, sa_type=Text)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str
    writers: list[str] = Field(sa_type=ARRAY(Text))
    state: State = Field(default=State.draft, sa_type=Text)
    version: int = FIRST_VERSION
    written_at: datetime = instant()


class PartnerStepRow(Table, table=True):
    """A step that was taken with a version of a message."""

    __tablename__ = "partner_steps"
    __table_args__ = (
        ForeignKeyConstraint(
            ["week", "audience", "number"],
            ["partner_messages.week", "partner_messages.audience", "partner_messages.number"],
        ),
    )

    week: date = Field(primary_key=True)
    audience: Audience = Field(primary_key=True, sa_type=Text)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    step: Step = Field(sa_type=Text)
    by: str
    at: datetime = instant()
    words: str = ""


class PartnerCopyRow(Table, table=True):
    """Somebody copied a version of a message, to tell it; `via` says where they pressed."""

    __tablename__ = "partner_copies"
    __table_args__ = (
        ForeignKeyConstraint(
            ["week", "audience", "number"],
            ["partner_messages.week", "partner_messages.audience", "partner_messages.number"],
        ),
        Index(None, "week", "audience"),
    )

    id: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    week: date
    audience: Audience = Field(sa_type=Text)
    number: int
    person_id: str = Field(index=True)
    at: datetime = instant()
    via: str = ""
