"""Customers, their locations, and the CSAs who own them."""

from datetime import date

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from store.tables import Table


class CustomerRow(Table, table=True):
    """A merchant brand; owns 1..n locations and belongs to one CSA.

    Its weeks are those of its locations' promises. They are kept here so that a page of a CSA's
    customers by date is read from the index in that order, however many customers and locations.
    """

    __tablename__ = "customers"
    __table_args__ = (
        Index("customers_by_date_index", "csa_email", "first_week", text("lower(name)"), "id"),
    )

    id: str = Field(primary_key=True)
    name: str
    csa_email: str
    first_week: date | None = None
    last_week: date | None = None


class LocationRow(Table, table=True):
    """One store, the unit that migrates, as the master sheet last had it.

    Its customer is written in the same transaction, before it, and is never deleted. A foreign key
    would look that up row by row: half of the time that a million locations take to be written.
    """

    __tablename__ = "locations"
    __table_args__ = (
        Index("locations_inactive_index", "id", postgresql_where=text("status <> 'active'")),
    )

    id: str = Field(primary_key=True)
    name: str
    customer_id: str = Field(index=True)
    region: str | None = None
    timezone: str | None = None
    status: str = Field(default="active", sa_column_kwargs={"server_default": "active"})
    requires: list[str] = Field(
        default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"}
    )
    signed_up_on: date | None = None
    last_order_on: date | None = None
    orders_28d: int | None = None
    missed_orders_28d: int | None = None
    cancelled_orders_28d: int | None = None
    orders_prev_28d: int | None = None
    open_hours_28d: float | None = None
    online_hours_28d: float | None = None
    gmv_28d: float | None = None


class CsaRow(Table, table=True):
    """A customer success associate; known by e-mail, so that a sheet can name one who is not in Slack."""

    __tablename__ = "csas"

    email: str = Field(primary_key=True)
    name: str | None = None
    weekly_capacity: int | None = None


class CsaLeaveRow(Table, table=True):
    """A week (its Monday) in which a CSA moves nobody."""

    __tablename__ = "csa_leave"

    email: str = Field(primary_key=True, foreign_key="csas.email")
    week: date = Field(primary_key=True)
