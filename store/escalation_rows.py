"""The tables of escalations: what was asked, for which locations, every step, who joined, what shows it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, SmallInteger, Text, text
from sqlmodel import Field

from rules.escalation import FIRST_VERSION, Category, Origin, Standing, State, Step, Taken, Who
from store.tables import DOCUMENT, Table, instant


class EscalationRow(Table, table=True):
    """What somebody asked for, where it stands, and what was decided. Its times are business time.

    `due_on` and `points` are what an approval granted, `csa_email` the CSA who owned the customer
    then, for the quota. `clock_ends_at` is when triage should have decided; of its reminders
    `reminded` were sent, and `knocks_at` is when its clock wants to be looked at next. `weighed` is
    whom it would displace, None until that is known. `told_week` is the Monday that the requester was
    told last.
    """

    __tablename__ = "escalations"
    __table_args__ = (
        Index(
            "escalations_open_index",
            "state",
            "clock_ends_at",
            postgresql_where=text("state NOT IN ('declined', 'withdrawn', 'done', 'missed')"),
        ),
        Index(None, "sent_by", "id"),
        Index(
            "escalations_knocks_at_index",
            "knocks_at",
            postgresql_where=text("knocks_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    sent_at: datetime = instant()
    sent_by: str = Field(description="a person's id, or what a sheet says where nobody has it")
    origin: Origin = Field(default=Origin.slack, sa_type=Text)
    state: State = Field(default=State.new, sa_type=Text)
    version: int = FIRST_VERSION
    in_hand_of: str | None = None
    category: Category = Field(sa_type=Text)
    explanation: str
    wished_on: date
    is_urgent: bool = False
    urgent_because: str | None = None
    link: str | None = None
    due_on: date | None = None
    decided_words: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = instant(nullable=True)
    points: float | None = None
    csa_email: str | None = None
    clock_began_at: datetime | None = instant(nullable=True)
    clock_ends_at: datetime | None = instant(nullable=True)
    knocks_at: datetime | None = instant(nullable=True)
    reminded: int = Field(default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": "0"})
    weighed: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)
    told_week: date | None = None

    @property
    def number(self) -> int:
        """What people call it by: its id, which every row has that was read."""
        return self.id or 0

    @property
    def is_over(self) -> bool:
        """Whether nothing can happen to it any more."""
        return State(self.state).is_final

    def standing(self, last: Taken | None) -> Standing:
        """Where it stands after its `last` step."""
        return Standing(self.sent_by, State(self.state), self.version, self.in_hand_of, last)


class EscalatedLocationRow(Table, table=True):
    """A location that an escalation is about, its customer then, and whether it was granted."""

    __tablename__ = "escalated_locations"

    escalation_id: int = Field(primary_key=True, foreign_key="escalations.id")
    location_id: str = Field(primary_key=True, index=True)
    customer_id: str = Field(index=True)
    granted: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})


class EscalationStepRow(Table, table=True):
    """A step that was taken at a `version`; all of them replay to where the escalation stands."""

    __tablename__ = "escalation_steps"

    escalation_id: int = Field(primary_key=True, foreign_key="escalations.id")
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    step: Step = Field(sa_type=Text)
    by: str
    who: Who = Field(sa_type=Text)
    at: datetime = instant()
    words: str = ""
    to: str | None = None
    details: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)

    @property
    def taken(self) -> Taken:
        """The step as the rules take it."""
        return Taken(
            Step(self.step), self.by, Who(self.who), self.version, self.at, self.words, self.to
        )


class EscalationJoinerRow(Table, table=True):
    """Somebody who asks for the same, and hears what the requester hears."""

    __tablename__ = "escalation_joiners"

    escalation_id: int = Field(primary_key=True, foreign_key="escalations.id")
    person: str = Field(primary_key=True, index=True)
    joined_at: datetime = instant()
    words: str = ""


class EscalationPostRow(Table, table=True):
    """A message that shows an escalation to triage: in which lane, and its id in the outbox."""

    __tablename__ = "escalation_posts"

    escalation_id: int = Field(primary_key=True, foreign_key="escalations.id")
    lane: str = Field(primary_key=True)
    message: UUID
