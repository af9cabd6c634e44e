"""Jobs: long work as rows, each done by one worker at a time, however often workers die."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from store.tables import DOCUMENT, Table, instant


class JobState(StrEnum):
    """How far a job is. The last three are ends."""

    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"


UNFINISHED = "state IN ('waiting', 'running')"


class JobRow(Table, table=True):
    """One piece of long work: what is to be done, for whom, how far it is, and what came of it.

    `about` is what people call it in a list; `message` the message that shows it.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("jobs_due_index", "due_at", postgresql_where=text(UNFINISHED)),
        Index("jobs_asked_by_index", "asked_by", "asked_at"),
        Index("jobs_key_index", "key", unique=True, postgresql_where=text(UNFINISHED)),
    )

    id: UUID = Field(primary_key=True)
    kind: str
    about: str
    given: dict[str, Any] = Field(sa_type=DOCUMENT)
    asked_by: str
    key: str | None = None
    message: UUID | None = None
    state: JobState = Field(
        default=JobState.waiting,
        sa_type=Text,
        sa_column_kwargs={"server_default": JobState.waiting.value},
    )
    step: str | None = None
    done: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    total: int = Field(
        default=0, sa_column_kwargs={"server_default": "0"}, description="0: not known"
    )
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    due_at: datetime = instant(now=True)
    leased_by: UUID | None = Field(default=None, description="one taking of the job")
    leased_until: datetime | None = instant(nullable=True)
    result: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)
    problem: str | None = Field(default=None, description="why it failed, in words")
    asked_at: datetime = instant(now=True)
    started_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)
