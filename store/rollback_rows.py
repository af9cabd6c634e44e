"""The tables of rollbacks: which wave goes back and why, and each task at each location."""

from datetime import date, datetime

from sqlalchemy import Index, SmallInteger, text
from sqlmodel import Field

from store.tables import Table, instant


class RollbackRow(Table, table=True):
    """A rollback of a whole wave or of some of its locations, or the rehearsal of one."""

    __tablename__ = "rollbacks"

    id: int | None = Field(default=None, primary_key=True)
    week: date = Field(foreign_key="waves.week", index=True)
    by: str
    words: str
    began_at: datetime = instant()
    """Business time, as `ended_at`."""
    ended_at: datetime | None = instant(nullable=True)
    is_rehearsal: bool = False
    is_whole_wave: bool = False


class RollbackItemRow(Table, table=True):
    """One task (`rules.rollback.TASKS`) at one location; confirmed once `by` is somebody."""

    __tablename__ = "rollback_items"
    __table_args__ = (
        Index("rollback_items_waiting_index", "owner", postgresql_where=text("by IS NULL")),
    )

    rollback_id: int = Field(primary_key=True, foreign_key="rollbacks.id")
    location_id: str = Field(primary_key=True, index=True)
    task: str = Field(primary_key=True)
    position: int = Field(sa_type=SmallInteger)
    owner: str
    by: str | None = None
    at: datetime | None = instant(nullable=True)
