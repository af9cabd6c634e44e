"""Rollbacks: which are under way, their tasks, and who has what to do."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from rules.location_life import MOVED, State
from rules.rollback import TASKS, Item, Rollback
from store.driver import all_found, looked_up
from store.rollback_rows import RollbackRow

CAN_GO_BACK = MOVED | {State.failed}
BY_KEY = {task.key: task for task in TASKS}

ONE = "SELECT * FROM rollbacks WHERE id = $1"
FOR_CHANGE = " FOR NO KEY UPDATE"
OPEN = "SELECT * FROM rollbacks WHERE ended_at IS NULL ORDER BY id DESC"
ENDED = (
    "SELECT * FROM rollbacks WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC LIMIT $1"
)
ITEMS = "SELECT * FROM rollback_items WHERE rollback_id = $1 ORDER BY location_id, position"
WAITING = """
    SELECT DISTINCT ON (rollback_id, location_id) rollback_id, owner
    FROM rollback_items JOIN rollbacks ON rollbacks.id = rollback_id AND ended_at IS NULL
    WHERE rollback_items.by IS NULL ORDER BY rollback_id, location_id, position
"""
WAITING_FOR = f"""
    SELECT rollback_id, count(*) AS tasks FROM ({WAITING}) AS next
    WHERE owner = $1 GROUP BY rollback_id ORDER BY rollback_id
"""
LEFT_BEHIND = """
    SELECT DISTINCT rollback_id, owner FROM rollback_items
    JOIN rollbacks ON rollbacks.id = rollback_id AND ended_at IS NULL
    JOIN people ON people.id = owner AND NOT (active AND kind = 'member')
    WHERE rollback_items.by IS NULL ORDER BY rollback_id, owner LIMIT 1
"""
ADD = text("""
    INSERT INTO rollback_items (rollback_id, location_id, task, position, owner)
    SELECT :id, row ->> 0, row ->> 1, CAST(row ->> 2 AS smallint), row ->> 3
    FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS row
""")
KEEP = text("""
    UPDATE rollback_items SET owner = new.owner, by = new.by, at = new.at
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (
        location_id text, task text, owner text, by text, at timestamptz)
    WHERE rollback_id = :id AND rollback_items.location_id = new.location_id
    AND rollback_items.task = new.task
""")
END = text("UPDATE rollbacks SET ended_at = :at WHERE id = :id")
LIKE = """
    SELECT location_id, locations.name, customers.name AS customer FROM wave_locations
    JOIN locations ON locations.id = location_id
    JOIN customers ON customers.id = wave_locations.customer_id
    WHERE week = $1 AND state = ANY ($2::text[]) AND (
        location_id ILIKE $3 OR locations.name ILIKE $3 OR customers.name ILIKE $3)
    ORDER BY locations.name, location_id LIMIT $4
"""


class Rollbacks:
    """Rollbacks and rehearsals."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, row: RollbackRow, rollback: Rollback) -> int:
        """Keep a rollback that begins, with all its tasks; returns its number."""
        values = row.model_dump(exclude={"id"})
        kept = insert(RollbackRow).values(values).returning(col(RollbackRow.id))
        number: int = (await self._connection.execute(kept)).scalars().one() or 0
        position = {task.key: at for at, task in enumerate(TASKS)}
        items = [
            [item.location, item.task.key, position[item.task.key], item.owner]
            for item in rollback.items
        ]
        await self._connection.execute(ADD, {"id": number, "rows": json.dumps(items)})
        return number

    async def get(self, number: int, *, for_change: bool = False) -> RollbackRow | None:
        """The rollback with this number; `for_change` holds it until the commit."""
        query = ONE + (FOR_CHANGE if for_change else "")
        row = await looked_up(self._connection, query, number)
        return RollbackRow.model_validate(dict(row)) if row else None

    async def open(self) -> list[RollbackRow]:
        """Those that are not over, the newest first."""
        rows = await all_found(self._connection, OPEN)
        return [RollbackRow.model_validate(dict(row)) for row in rows]

    async def ended(self, *, most: int) -> list[RollbackRow]:
        """Those that are over, the one that ended last first."""
        rows = await all_found(self._connection, ENDED, most)
        return [RollbackRow.model_validate(dict(row)) for row in rows]

    async def tasks(self, row: RollbackRow) -> Rollback:
        """All tasks of a rollback, as the rules take them."""
        rows = await all_found(self._connection, ITEMS, row.id)
        items = (
            Item(each["location_id"], BY_KEY[each["task"]], each["owner"], each["by"], each["at"])
            for each in rows
        )
        return Rollback(tuple(items), row.is_rehearsal)

    async def keep(self, number: int, before: Rollback, after: Rollback) -> None:
        """Keep what changed in the tasks of a rollback, which is held since they were read."""
        pairs = zip(before.items, after.items, strict=True)
        rows = [_kept(now) for was, now in pairs if now is not was and now != was]
        document = json.dumps(rows, default=str)
        await self._connection.execute(KEEP, {"id": number, "rows": document})

    async def end(self, number: int, at: datetime) -> None:
        """Say that all is confirmed."""
        await self._connection.execute(END, {"id": number, "at": at})

    async def waiting_for(self, person: str) -> dict[int, int]:
        """How many tasks a person can do now, by the number of the rollback."""
        rows = await all_found(self._connection, WAITING_FOR, person)
        return {row["rollback_id"]: row["tasks"] for row in rows}

    async def left_behind(self) -> tuple[int, str] | None:
        """A rollback with open tasks of somebody who is not here any more, and who that is."""
        row = await looked_up(self._connection, LEFT_BEHIND)
        return (row["rollback_id"], row["owner"]) if row else None

    async def like(
        self, week: date, typed: str, *, most: int, states: Collection[State] = CAN_GO_BACK
    ) -> list[tuple[str, str, str]]:
        """Locations of a wave that can go back and whose names have these letters: id, name, customer."""
        letters = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = await all_found(self._connection, LIKE, week, list(states), f"%{letters}%", most)
        return [(row["location_id"], row["name"], row["customer"]) for row in rows]


def _kept(item: Item) -> dict[str, Any]:
    return {
        "location_id": item.location,
        "task": item.task.key,
        "owner": item.owner,
        "by": item.by,
        "at": item.at,
    }
