"""What was told to each person by DM, and when last: what no other DM needs to tell within a window."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from rules.retelling import Told
from store.tables import Table, instant


class ToldFactRow(Table, table=True):
    """Somebody was told a fact (`rules.facts`) by DM, the last time at this instant of business time."""

    __tablename__ = "told_facts"

    person_id: str = Field(primary_key=True)
    fact: str = Field(primary_key=True)
    at: datetime = instant()
    message_id: UUID | None = None
    cause: str


KEEP = text("""
    INSERT INTO told_facts (person_id, fact, at, message_id, cause)
    VALUES (:person, :fact, :at, :message, :cause)
    ON CONFLICT (person_id, fact) DO UPDATE SET at = excluded.at,
        message_id = excluded.message_id, cause = excluded.cause
    WHERE told_facts.at < excluded.at
""")


class ToldFacts:
    """What was told to whom by DM."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, told: Iterable[Told], *, message: UUID | None, cause: str) -> None:
        """Note what somebody was told; of what they were told before, the newest instant is kept."""
        rows = [
            {"person": each.person, "fact": each.fact, "at": each.at}
            for each in sorted(told, key=_key)
        ]
        if rows:
            common = {"message": message, "cause": cause}
            await self._connection.execute(KEEP, [row | common for row in rows])


def _key(told: Told) -> tuple[str, str]:
    return told.person, told.fact
