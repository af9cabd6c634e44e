"""What was imported, from which file, by whom."""

from datetime import date, datetime

from sqlmodel import Field

from store.tables import Table, instant


class ImportRow(Table, table=True):
    """One import that changed something, and what it did.

    `taken_on` is the business date that its figures are taken to be of.
    """

    __tablename__ = "imports"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    file: str
    added: int
    changed: int
    unchanged: int
    rejected: int
    actor: str
    taken_on: date | None = None
    at: datetime = instant(now=True)
