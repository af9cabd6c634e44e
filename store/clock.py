"""Business time: machine time plus an offset, so that the example can live in January 2022."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Interval, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.driver import looked_up
from store.tables import Table


class BusinessClockRow(Table, table=True):
    """The one row that says how far business time is ahead of machine time (behind: negative)."""

    __tablename__ = "business_clock"

    id: int = Field(default=1, primary_key=True)
    ahead: timedelta = Field(sa_type=Interval)


def business_now(ahead: timedelta) -> datetime:
    """Business time, in UTC."""
    return datetime.now(UTC) + ahead


class BusinessClock:
    """Business time as kept in the database. Only `bot` moves it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def now(self) -> datetime:
        """Business time, in UTC."""
        row = await looked_up(self._connection, "SELECT ahead FROM business_clock")
        return business_now(row["ahead"])

    async def set_today(self, today: date) -> None:
        """Shift business time by whole days, so that it is `today` (in UTC) now."""
        await self._run_ahead(timedelta(days=(today - datetime.now(UTC).date()).days))

    async def set_now(self, now: datetime) -> None:
        """Shift business time, so that it is `now` (of a zone) now."""
        await self._run_ahead(now - datetime.now(UTC))

    async def _run_ahead(self, ahead: timedelta) -> None:
        statement = text("UPDATE business_clock SET ahead = :ahead")
        await self._connection.execute(statement, {"ahead": ahead})
