"""The timeline: what happened to a customer or location, in order, with who and why."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from store.tables import DOCUMENT, Table, instant


class TimelineRow(Table, table=True):
    """One event of a customer, or of one of its locations. `facts` are what the words are made of."""

    __tablename__ = "timeline"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: str = Field(index=True)
    location_id: str | None = None
    event: str = Field(description="imported, promised, moved, ...")
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=DOCUMENT)
    actor: str
    happened_at: datetime = instant()
    """Business time."""
    recorded_at: datetime = instant(now=True)
