"""Waves: where each stands, every step that it took, and how many of its locations stand where."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from rules.location_life import State as LocationState
from rules.wave_life import Taken
from store.driver import all_found, looked_up
from store.wave_rows import WaveRow, WaveStepRow

ONE = "SELECT * FROM waves WHERE week = $1"
ALL = "SELECT * FROM waves ORDER BY week"
STEPS = "SELECT * FROM wave_steps WHERE week = $1 ORDER BY version"
COUNTS = """
    SELECT state, count(*) AS locations FROM wave_locations WHERE week = $1 GROUP BY state
"""
PLAN = text("""
    INSERT INTO waves (week, state) SELECT :week, 'planned'
    WHERE EXISTS (SELECT FROM promises WHERE week = :week) ON CONFLICT DO NOTHING
""")


class Waves:
    """Waves, and what became of them.

    Where a wave stands is changed by `advance` alone, and `handlers.running` alone calls that; `note`
    keeps what is known of it besides.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, week: date, *, for_change: bool = False) -> WaveRow | None:
        """The wave of this Monday; `for_change` holds it, and all its locations, until the commit."""
        found = await looked_up(
            self._connection, ONE + (" FOR NO KEY UPDATE" if for_change else ""), week
        )
        return WaveRow.model_validate(dict(found)) if found else None

    async def all(self) -> list[WaveRow]:
        """All waves in order."""
        rows = await all_found(self._connection, ALL)
        return [WaveRow.model_validate(dict(row)) for row in rows]

    async def plan(self, week: date) -> None:
        """Let there be a wave of a week that locations are promised, where there is none."""
        await self._connection.execute(PLAN, {"week": week})

    async def steps(self, week: date) -> list[WaveStepRow]:
        """All steps that a wave took, in order."""
        rows = await all_found(self._connection, STEPS, week)
        return [WaveStepRow.model_validate(dict(row)) for row in rows]

    async def counts(self, week: date) -> dict[LocationState, int]:
        """How many locations of a wave stand where; those where none stands are not named."""
        rows = await all_found(self._connection, COUNTS, week)
        return {LocationState(row["state"]): row["locations"] for row in rows}

    async def advance(self, week: date, version: int, values: Mapping[str, Any]) -> bool:
        """Let a step change it; False where it is not at this version any more."""
        changed = update(WaveRow).where(col(WaveRow.week) == week, col(WaveRow.version) == version)
        reply = await self._connection.execute(changed.values(dict(values)))
        return reply.rowcount == 1

    async def keep_step(self, week: date, taken: Taken, details: dict[str, Any] | None) -> None:
        """Keep a step that was taken."""
        values = {
            "week": week,
            "version": taken.version,
            "step": taken.step,
            "by": taken.by,
            "who": taken.who,
            "at": taken.at,
            "words": taken.words,
            "to": taken.to,
            "details": details,
        }
        await self._connection.execute(insert(WaveStepRow).values(values))

    async def note(self, week: date, **values: object) -> None:
        """Keep what is known besides: likeness, counted_from, and what the brake says."""
        await self._connection.execute(
            update(WaveRow).where(col(WaveRow.week) == week).values(values)
        )
