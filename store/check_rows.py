"""The table of checks: each verdict on a location that moved, with all that it was made from."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, SmallInteger, UniqueConstraint
from sqlmodel import Field

from store.tables import DOCUMENT, Table, instant


class CheckRow(Table, table=True):
    """A verdict on one look at a location; see `rules.verdicts.Check` for its numbers.

    `data` are what it was made from and `data_name` their name, so that the same is kept once.
    `revises` is the check of the same look that it takes the place of. Those of one `batch` were made
    together, and are told together.
    """

    __tablename__ = "checks"
    __table_args__ = (
        # Figures may come back to what they were: that revises another check.
        UniqueConstraint(
            *("week", "location_id", "attempt", "look", "data_name", "revises"),
            postgresql_nulls_not_distinct=True,
        ),
        ForeignKeyConstraint(
            ["week", "location_id"], ["wave_locations.week", "wave_locations.location_id"]
        ),
    )

    id: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    week: date
    location_id: str = Field(index=True)
    attempt: int = Field(sa_type=SmallInteger)
    look: int = Field(sa_type=SmallInteger)
    data_name: str
    verdict: int = Field(sa_type=SmallInteger)
    why: int = Field(sa_type=SmallInteger)
    is_for_a_person: bool = False
    change: float | None = None
    low: float | None = None
    high: float | None = None
    volume: float | None = None
    data: dict[str, Any] = Field(sa_type=DOCUMENT)
    judged_at: datetime = instant()
    """Business time."""
    revises: int | None = Field(default=None, foreign_key="checks.id", sa_type=BigInteger)
    batch: UUID = Field(index=True)
