"""Failures of locations: each try that failed, by which cause, what was done about it, did it work."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.driver import all_found
from store.failure_rows import FailureRow

OF_WAVE = "SELECT * FROM failures WHERE week = $1 AND NOT withdrawn ORDER BY id"
ADD = text("""
    INSERT INTO failures
        (week, location_id, attempt, cause_id, failed_on, by, lost_orders, withdrawn)
    SELECT :week, new.*, false FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
        location_id text, attempt smallint, cause_id int, failed_on date, by text,
        lost_orders boolean)
    ORDER BY location_id
    ON CONFLICT (week, location_id, attempt) DO UPDATE SET
        cause_id = excluded.cause_id, failed_on = excluded.failed_on, by = excluded.by,
        lost_orders = excluded.lost_orders, withdrawn = false,
        remedy = NULL, remedied_by = NULL, remedied_at = NULL, worked = NULL
""")
"""A mark that was taken back and given again is of the same try."""
OF_TRIES = """
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
        location_id text, attempt smallint, words text)
    WHERE failures.week = :week AND failures.location_id = new.location_id
    AND failures.attempt = new.attempt
"""
WITHDRAW = text(f"UPDATE failures SET withdrawn = true {OF_TRIES}")
REMEDY = text(f"""
    UPDATE failures SET remedy = new.words, remedied_by = :by, remedied_at = :at {OF_TRIES}
""")
WORKED = text(f"""
    UPDATE failures SET worked = CAST(:worked AS boolean) {OF_TRIES} AND remedy IS NOT NULL
""")


@dataclass(frozen=True, slots=True)
class Try:
    """A try of a location in a wave; `words` are the remedy where one is told."""

    location_id: str
    attempt: int
    words: str = ""


class Failures:
    """Failures of locations."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_wave(self, week: date) -> list[FailureRow]:
        """Those of a wave that were not marked by mistake, in the order in which they were told."""
        rows = await all_found(self._connection, OF_WAVE, week)
        return [FailureRow.model_validate(dict(row)) for row in rows]

    async def add(self, week: date, failures: Sequence[Mapping[str, Any]]) -> None:
        """Keep tries that failed: location_id, attempt, cause_id, failed_on, by and lost_orders."""
        document = json.dumps(list(failures), default=str)
        await self._connection.execute(ADD, {"week": week, "rows": document})

    async def withdraw(self, week: date, tries: Sequence[Try]) -> None:
        """Say that these were marked by mistake."""
        await self._connection.execute(WITHDRAW, _values(week, tries))

    async def remedy(self, week: date, tries: Sequence[Try], *, by: str, at: datetime) -> None:
        """Keep what was done about these."""
        await self._connection.execute(REMEDY, _values(week, tries) | {"by": by, "at": at})

    async def worked(self, week: date, tries: Sequence[Try], *, worked: bool | None) -> None:
        """Keep whether what was done about these worked; None: that is not known any more."""
        await self._connection.execute(WORKED, _values(week, tries) | {"worked": worked})


def _values(week: date, tries: Sequence[Try]) -> dict[str, Any]:
    rows = [
        {"location_id": each.location_id, "attempt": each.attempt, "words": each.words}
        for each in tries
    ]
    return {"week": week, "rows": json.dumps(rows)}
