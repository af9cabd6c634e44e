"""Tallies: counts over all locations, kept whenever these change: of a million they take seconds."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Text, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.tables import DOCUMENT, Table


class Tally(StrEnum):
    """What is counted.

    `waiting`: for each feature how many active locations need it that are in no wave that was
    started, of how many customers. `alike`: all locations, those together that are alike, see
    `Roadmap.alike`. `promised`: the locations of each week. `to_move`: how many are or were to move,
    in one row.
    """

    waiting = "waiting"
    alike = "alike"
    promised = "promised"
    to_move = "to_move"


class TallyRow(Table, table=True):
    """What was counted of one tally, and what it was counted as of: what `MOMENT` gave then."""

    __tablename__ = "tallies"

    name: Tally = Field(primary_key=True, sa_type=Text)
    as_of: list[Any] = Field(sa_type=DOCUMENT)
    counted: list[dict[str, Any]] = Field(sa_type=DOCUMENT)


MOMENT = """
    SELECT jsonb_build_array(
        (SELECT max(id) FROM imports WHERE kind = 'master'),
        (SELECT max(id) FROM scorings),
        (SELECT max(id) FROM plans WHERE state = 'published'),
        (SELECT max(id) FROM moves),
        (SELECT jsonb_agg(week ORDER BY week) FROM waves
         WHERE started_at IS NOT NULL OR state = 'closed')
    )
"""
"""Another one whenever a tally may be. Who is given back by a wave is moved to no week."""

MOVED = """
    SELECT location_id FROM wave_locations WHERE state <> 'back in the plan'
    UNION ALL
    SELECT location_id FROM promises JOIN waves ON waves.week = promises.week
    WHERE waves.state = 'closed' AND started_at IS NULL
"""
"""Who has migrated, or is in a wave that was started: they wait for nothing any more."""
ROWS = {
    Tally.waiting: f"""
        WITH same AS (
            SELECT customer_id, requires, count(*) AS locations FROM locations
            WHERE status = 'active' AND requires <> '{{}}' AND id NOT IN ({MOVED})
            GROUP BY customer_id, requires
        )
        SELECT feature, sum(locations)::int AS locations, count(DISTINCT customer_id) AS customers
        FROM same, unnest(requires) AS feature GROUP BY feature
    """,
    Tally.alike: f"""
        SELECT array_to_string(requires, ';') AS requires, region,
            greatest(CASE WHEN status = 'active' THEN 0 ELSE 2 END, coalesce(scores.state, 0))
                AS state,
            locations.id IN ({MOVED}) AS migrated, count(*) AS locations
        FROM locations LEFT JOIN scores ON scores.location_id = locations.id
            AND scoring_id = (SELECT max(id) FROM scorings)
        GROUP BY 1, 2, 3, 4
    """,
    Tally.promised: "SELECT week, count(*) AS locations FROM promises GROUP BY week ORDER BY week",
    Tally.to_move: """
        SELECT (SELECT count(*) FROM locations) - (
            SELECT count(*) FROM locations WHERE status <> 'active'
            AND NOT EXISTS (SELECT FROM promises WHERE location_id = locations.id)) AS locations
    """,
}
COUNTED = {
    tally: f"SELECT coalesce(jsonb_agg(to_jsonb(one)), '[]') AS counted FROM ({rows}) AS one"
    for tally, rows in ROWS.items()
}
COUNT = {tally: text(counted) for tally, counted in COUNTED.items()}
KEEP = {
    tally: text(f"""
        INSERT INTO tallies (name, as_of, counted) VALUES (:name, ({MOMENT}), ({counted}))
        ON CONFLICT (name) DO UPDATE SET as_of = excluded.as_of, counted = excluded.counted
    """)
    for tally, counted in COUNTED.items()
}
KEPT = text(f"SELECT counted FROM tallies WHERE name = :name AND as_of = ({MOMENT})")
ONE_AT_A_TIME = text("LOCK TABLE tallies IN SHARE ROW EXCLUSIVE MODE")


class Tallies:
    """Counts over all locations."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, tally: Tally) -> list[dict[str, Any]]:
        """A tally as of now: as it was kept, or counted where what it counts has changed since."""
        kept = (await self._connection.execute(KEPT, {"name": tally})).scalar_one_or_none()
        if kept is not None:
            return list(kept)
        return list((await self._connection.execute(COUNT[tally])).scalar_one())

    async def keep(self) -> None:
        """Count everything, after locations, scores or promises changed; some seconds for a million.

        Whoever else does waits until the commit, so that what is kept last has seen the others.
        """
        await self._connection.execute(ONE_AT_A_TIME)
        for tally, statement in KEEP.items():
            await self._connection.execute(statement, {"name": tally})
