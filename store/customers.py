"""Customers, their locations, and the CSAs who own them."""

from datetime import date

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlmodel import Field

from store.tables import Table


class CustomerRow(Table, table=True):
    """A merchant brand; owns 1..n locations and belongs to one CSA."""

    __tablename__ = "customers"

    id: str = Field(primary_key=True)
    name: str
    csa_email: str = Field(index=True)


class LocationRow(Table, table=True):
    """One store, the unit that migrates, as the master sheet last had it."""

    __tablename__ = "locations"

    id: str = Field(primary_key=True)
    name: str
    customer_id: str = Field(index=True, foreign_key="customers.id")
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


class NameRow(Table, table=True):
    """What a customer or location is found by: its name folded to plain lower-case words.

    `words` holds exactly those words, so that beginnings of words are found by an index. Customers
    and locations have one each: who looks for a customer does not pass over all locations.
    """

    __tablename__ = "names"
    __table_args__ = (
        Index("names_folded_index", text('folded COLLATE "C"'), "kind"),
        Index("names_id_index", "id"),
        *(
            Index(
                f"names_{kind}_words_index",
                "words",
                postgresql_using="gin",
                postgresql_where=text(f"kind = '{kind}'"),
            )
            for kind in ("customer", "location")
        ),
    )

    kind: str = Field(primary_key=True, description="customer or location")
    id: str = Field(primary_key=True)
    customer_id: str
    name: str
    folded: str
    words: str = Field(sa_type=TSVECTOR)


class WordRow(Table, table=True):
    """The distinct words of all names: what a word with a typo is compared with."""

    __tablename__ = "words"

    word: str = Field(primary_key=True)


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
