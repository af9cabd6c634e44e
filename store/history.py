"""Weekly figures of each location: what scores and checks are computed from."""

from datetime import date

from sqlmodel import Field

from store.tables import Table


class HistoryRow(Table, table=True):
    """One location's week; the week is its Monday."""

    __tablename__ = "history"

    location_id: str = Field(primary_key=True)
    week_start: date = Field(primary_key=True)
    orders: int
    missed_orders: int | None = None
    cancelled_orders: int | None = None
    online_hours: float | None = None
    open_hours: float | None = None
