"""What was imported, from which file, by whom."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.driver import looked_up
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


@dataclass(frozen=True, slots=True)
class CameIn:
    """The newest import of a master sheet: the day of its figures, and who brought it, by name."""

    taken_on: date | None
    by: str


NEWEST_MASTER = """
    SELECT taken_on, coalesce(people.name, actor) AS by
    FROM imports LEFT JOIN people ON people.id = actor
    WHERE imports.kind = 'master' ORDER BY imports.id DESC LIMIT 1
"""


class Imports:
    """What was imported."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def newest_master(self) -> CameIn | None:
        """The import that brought the newest customers and locations; None before the first."""
        row = await looked_up(self._connection, NEWEST_MASTER)
        return CameIn(row["taken_on"], row["by"]) if row else None
