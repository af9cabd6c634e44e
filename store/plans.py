"""Plans, the promises they made, and the moves of those promises."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from store.tables import DOCUMENT, Table, instant


class MoveReason(StrEnum):
    """Why a promise moved: a closed list, so that reasons can be counted."""

    capacity = "capacity"
    blackout = "blackout"
    feature_slipped = "feature slipped"
    displaced = "displaced by an escalation"
    failed_check = "failed check"
    wave_paused = "wave paused"
    customer_asked = "customer asked"
    corrected_data = "corrected data"


NOT_BY_US = (MoveReason.customer_asked, MoveReason.corrected_data)
"""The reasons for which a later date is not a punt: the customer's wish, or the truth."""


class PlanState(StrEnum):
    """What became of a version of the plan. Only what is published says anything about dates."""

    draft = "draft"
    published = "published"
    discarded = "discarded"


class PlanRow(Table, table=True):
    """A version of the plan, with the parameters it was made with and what it costs.

    `based_on` is the plan that was in force when it was made, `why` what it was made for. There is
    one draft at most. `decided_by` published or discarded it, at `decided_at` of business time.
    """

    __tablename__ = "plans"
    __table_args__ = (
        Index(
            "plans_one_draft_index",
            "state",
            unique=True,
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    state: PlanState = Field(sa_type=Text)
    made_on: date = Field(description="business date")
    first_monday: date
    made_by: str
    parameters: dict[str, Any] = Field(sa_type=DOCUMENT)
    cost: float
    bound: float
    placed: int = Field(description="locations")
    unplaced: int = Field(description="locations")
    made_at: datetime = instant(now=True)
    why: str | None = None
    based_on: int | None = Field(default=None, foreign_key="plans.id")
    scoring_id: int | None = Field(default=None, foreign_key="scorings.id")
    decided_by: str | None = None
    decided_at: datetime | None = instant(nullable=True)


class PlacementRow(Table, table=True):
    """Where a plan puts a customer: so many of its locations in a week, and why not earlier.

    A customer without a place has one row with no week.
    """

    __tablename__ = "placements"
    __table_args__ = (
        Index(
            "placements_without_week_index",
            "binding",
            "plan_id",
            "locations",
            postgresql_where=text("week IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plans.id", index=True)
    customer_id: str = Field(index=True)
    week: date | None = None
    locations: int
    binding: str


class PromiseRow(Table, table=True):
    """The date that a location was promised, last."""

    __tablename__ = "promises"

    location_id: str = Field(primary_key=True)
    customer_id: str = Field(index=True)
    week: date = Field(index=True)
    plan_id: int


class MoveRow(Table, table=True):
    """A change of a promise; it always has a reason. No `to_week`: the promise was withdrawn."""

    __tablename__ = "moves"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: str = Field(index=True)
    from_week: date
    to_week: date | None = None
    locations: int
    reason: MoveReason = Field(sa_type=Text)
    actor: str
    moved_on: date = Field(description="business date")
    recorded_at: datetime = instant(now=True)
