"""The tables of the catalogue: why locations fail, each failure, and what was done about it."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, SmallInteger, UniqueConstraint
from sqlmodel import Field

from store.tables import Table, instant


class CauseRow(Table, table=True):
    """Why locations fail, in the words of whoever met it first; `plain` is `rules.naming.fold` of them.

    One that is `merged_into` another stands for its words alone: they name that other one.
    """

    __tablename__ = "causes"
    __table_args__ = (UniqueConstraint("plain"),)

    id: int | None = Field(default=None, primary_key=True)
    words: str
    plain: str
    first_by: str
    first_at: datetime = instant()
    merged_into: int | None = Field(default=None, foreign_key="causes.id")


class FailureRow(Table, table=True):
    """A try of a location that failed, by which cause, what was done about it, and did it work.

    `worked` is None while that is not known; `withdrawn` says that it was marked by mistake.
    """

    __tablename__ = "failures"
    __table_args__ = (
        UniqueConstraint("week", "location_id", "attempt"),
        ForeignKeyConstraint(
            ["week", "location_id"], ["wave_locations.week", "wave_locations.location_id"]
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    week: date
    location_id: str = Field(index=True)
    attempt: int = Field(sa_type=SmallInteger)
    cause_id: int = Field(foreign_key="causes.id", index=True)
    failed_on: date
    by: str
    lost_orders: bool = False
    remedy: str | None = None
    remedied_by: str | None = None
    remedied_at: datetime | None = instant(nullable=True)
    worked: bool | None = None
    withdrawn: bool = False
