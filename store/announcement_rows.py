"""The tables of announcements: schedules with all that they said, what was announced, who confirmed it."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from rules.announced import Breadth, Scope
from rules.announcement import Topic
from rules.carrying import Carries
from rules.catching_up import Why
from rules.life import FIRST_VERSION
from rules.occurrences import Version, Weekly
from store.tables import DOCUMENT, Table, instant


class Kind(StrEnum):
    """What had something announced."""

    weekly = "weekly"  # its schedule
    now = "now"  # a lead, out of turn
    event = "event"  # something that happened


class AnnouncementScheduleRow(Table, table=True):
    """A schedule, and a lead's note for its next announcement. Its times are business time."""

    __tablename__ = "announcement_schedules"

    id: int | None = Field(default=None, primary_key=True)
    version: int = FIRST_VERSION
    removed_at: datetime | None = instant(nullable=True)
    note: str | None = None
    note_by: str | None = None


class ScheduleVersionRow(Table, table=True):
    """What a schedule says since an instant of business time: what, of whom, where and when.

    `channel` is Slack's id, `language` that of its dates ("en-GB"), `weekday` 0 for Monday to 6.
    """

    __tablename__ = "announcement_schedule_versions"

    schedule_id: int = Field(
        default=0,
        primary_key=True,
        foreign_key="announcement_schedules.id",
        description="0: not kept",
    )
    version: int = Field(
        default=FIRST_VERSION, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    since: datetime = instant()
    by: str
    channel: str = Field(index=True)
    topic: Topic = Field(sa_type=Text)
    breadth: Breadth = Field(default=Breadth.everything, sa_type=Text)
    of: str = ""
    language: str = "en-GB"
    weekday: int = Field(sa_type=SmallInteger)
    at_time: time
    zone: str
    is_paused: bool = False

    @property
    def scope(self) -> Scope:
        """Whom it speaks of."""
        return Scope(Breadth(self.breadth), self.of)

    @property
    def told(self) -> dict[str, Any]:
        """What an announcement has of it, by name."""
        of_announcement = {"channel", "topic", "breadth", "of", "language"}
        return self.model_dump(include=of_announcement) | {"schedule_id": self.schedule_id or None}

    @property
    def there(self) -> ZoneInfo:
        """The zone whose clock it goes by; raises ZoneInfoNotFoundError where it is none."""
        return ZoneInfo(self.zone)

    @property
    def weekly(self) -> Weekly:
        """When it is due, paused or not."""
        return Weekly(self.weekday, self.at_time, self.there)

    @property
    def rule(self) -> Version:
        """The same as the rules take it."""
        return Version(self.since, None if self.is_paused else self.weekly)


class AnnouncementContentRow(Table, table=True):
    """What was known when something was announced, and the facts that it tells: kept once for all.

    `digest` is the SHA-256 of the content, a `rules.announcement_content.Content` as JSON.
    """

    __tablename__ = "announcement_contents"

    digest: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_type=DOCUMENT)
    facts: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))


class AnnouncementRow(Table, table=True):
    """One announcement in one channel: said, or skipped with why. Its times are business time.

    What was said has `carries`, its message, its blocks as `said`, and the `members` of the channel
    then, the active ones. `key` says what can be announced once only.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        Index(
            "announcements_schedule_id_week_key",
            "schedule_id",
            "week",
            unique=True,
            postgresql_where=text("kind = 'weekly'"),
        ),
        Index(None, "schedule_id", "due_at"),
        Index(None, "decided_at"),
    )

    id: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    key: str = Field(unique=True)
    kind: Kind = Field(sa_type=Text)
    schedule_id: int | None = Field(default=None, foreign_key="announcement_schedules.id")
    week: date | None = None
    channel: str = Field(index=True)
    topic: Topic = Field(sa_type=Text)
    breadth: Breadth = Field(default=Breadth.everything, sa_type=Text)
    of: str = ""
    language: str = "en-GB"
    due_at: datetime = instant()
    decided_at: datetime = instant()
    why: Why | None = Field(default=None, sa_type=Text)
    carries: Carries | None = Field(default=None, sa_type=Text)
    content: str | None = Field(default=None, foreign_key="announcement_contents.digest")
    note: str | None = None
    message_id: UUID | None = Field(default=None, index=True)
    said: list[dict[str, Any]] | None = Field(default=None, sa_type=DOCUMENT)
    members: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )

    @property
    def scope(self) -> Scope:
        """Whom it speaks of."""
        return Scope(Breadth(self.breadth), self.of)


class AnnouncementPressRow(Table, table=True):
    """Somebody pressed Got it on an announcement; at an instant of business time."""

    __tablename__ = "announcement_presses"

    announcement_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_args=(ForeignKey("announcements.id"),),
        sa_column_kwargs={"autoincrement": False},
    )
    person_id: str = Field(primary_key=True, index=True)
    at: datetime = instant()
