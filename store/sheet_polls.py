"""Published sheets that are looked at every few minutes: when, how that went, and what leads were told."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Interval, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.tables import Table, instant


class SheetPollRow(Table, table=True):
    """How it went with one published sheet, by the hash of its address: whoever has that can read it.

    `mark` is what its host calls the state that was read last (ETag); None where it is to be read
    anew in any case. `away_since` is when it could not be had for the first time since it could.
    """

    __tablename__ = "sheet_polls"

    sheet: str = Field(primary_key=True)
    looked_at: datetime = instant(now=True)
    mark: str | None = None
    away_since: datetime | None = instant(nullable=True)
    away_told: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class ToldRowRow(Table, table=True):
    """A row of a published sheet that cannot be taken and that leads were told of, by its hash."""

    __tablename__ = "sheet_rows_told"

    sheet: str = Field(primary_key=True, foreign_key="sheet_polls.sheet")
    row: str = Field(primary_key=True)
    told_at: datetime = instant(now=True)


CLAIM = text("""
    INSERT INTO sheet_polls (sheet) VALUES (:sheet)
    ON CONFLICT (sheet) DO UPDATE SET looked_at = now()
        WHERE sheet_polls.looked_at <= now() - :pause
    RETURNING mark
""").bindparams(bindparam("pause", type_=Interval))
HAD = text("""
    UPDATE sheet_polls SET mark = :mark, away_since = NULL, away_told = false WHERE sheet = :sheet
""")
AWAY = text("""
    UPDATE sheet_polls SET away_since = coalesce(away_since, now()), mark = NULL
    WHERE sheet = :sheet RETURNING away_since <= now() - :patience AND NOT away_told AS is_long
""").bindparams(bindparam("patience", type_=Interval))
AWAY_TOLD = text("UPDATE sheet_polls SET away_told = true WHERE sheet = :sheet")
TELL = text("""
    INSERT INTO sheet_rows_told (sheet, row)
    SELECT :sheet, row FROM unnest(:rows) AS row ON CONFLICT DO NOTHING RETURNING row
""").bindparams(bindparam("rows", type_=ARRAY(Text)))
FORGET = text("""
    DELETE FROM sheet_rows_told WHERE sheet = :sheet AND row <> ALL (:rows)
""").bindparams(bindparam("rows", type_=ARRAY(Text)))


class SheetPolls:
    """Looks at published sheets. Times are machine time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def claim(self, sheet: str, *, pause: timedelta) -> tuple[bool, str | None]:
        """Whether it is our turn to look, the last look being so long ago; and the known mark."""
        values = {"sheet": sheet, "pause": pause}
        row = (await self._connection.execute(CLAIM, values)).one_or_none()
        return (True, row.mark) if row else (False, None)

    async def had(self, sheet: str, mark: str | None) -> None:
        """Note that it could be had, and by which mark it is known now."""
        await self._connection.execute(HAD, {"sheet": sheet, "mark": mark})

    async def is_long_away(self, sheet: str, *, patience: timedelta) -> bool:
        """Note that it could not be had; True once, when that has been so for so long."""
        values = {"sheet": sheet, "patience": patience}
        is_long = bool((await self._connection.execute(AWAY, values)).scalar_one())
        if is_long:
            await self._connection.execute(AWAY_TOLD, {"sheet": sheet})
        return is_long

    async def to_tell(self, sheet: str, rows: Collection[str]) -> set[str]:
        """Of what is wrong with it now, by its hash, what nobody was told of; it counts as told."""
        values = {"sheet": sheet, "rows": list(rows)}
        return set((await self._connection.execute(TELL, values)).scalars())

    async def forget_but(self, sheet: str, rows: Collection[str]) -> None:
        """Forget what is mended meanwhile, so that it is told when it is wrong again."""
        await self._connection.execute(FORGET, {"sheet": sheet, "rows": list(rows)})
