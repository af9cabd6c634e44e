"""The catalogue of causes: why locations fail, in people's words."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.naming import fold
from store.driver import all_found
from store.failure_rows import CauseRow

ALL = "SELECT * FROM causes WHERE merged_into IS NULL ORDER BY words, id"
SOME = """
    SELECT named.id AS named, whole.* FROM causes AS named
    JOIN causes AS whole ON whole.id = coalesce(named.merged_into, named.id)
    WHERE named.id = ANY ($1::int[])
"""
NAMED = "SELECT coalesce(merged_into, id) AS id, plain FROM causes WHERE plain = ANY ($1::text[])"
HOLD = """
    SELECT id FROM causes WHERE id = ANY ($1::int[]) AND merged_into IS NULL
    ORDER BY id FOR KEY SHARE
"""
"""A merge takes them FOR UPDATE: each waits for the other."""
ADD = text("""
    INSERT INTO causes (words, plain, first_by, first_at)
    SELECT words, plain, :by, :at
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (words text, plain text)
    ORDER BY plain ON CONFLICT (plain) DO NOTHING
""")


class Causes:
    """The catalogue of causes."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[CauseRow]:
        """All causes by their words, but those that are part of another."""
        return [
            CauseRow.model_validate(dict(row)) for row in await all_found(self._connection, ALL)
        ]

    async def some(self, ids: Collection[int], *, hold: bool = False) -> dict[int, CauseRow]:
        """Those of these ids that are there, each as the cause that it is part of by now.

        `hold` keeps them from becoming part of others until the commit.
        """
        rows = await self._found(SOME, ids, hold=hold)
        return {row["named"]: CauseRow.model_validate(dict(row)) for row in rows}

    async def named(self, words: Collection[str], *, by: str, at: datetime) -> Mapping[str, int]:
        """The id of the cause that each of these words names; those that name none are added.

        Words are the same but for case, accents and marks; none of these is blank. The causes are
        held until the commit, as by `some`.
        """
        plain = {each: fold(each) for each in words}
        new = {folded: each.strip() for each, folded in sorted(plain.items(), reverse=True)}
        rows = [{"words": each, "plain": folded} for folded, each in new.items()]
        values = {"rows": json.dumps(rows), "by": by, "at": at}
        await self._connection.execute(ADD, values)
        found = await self._found(NAMED, list(new), hold=True)
        ids: dict[str, int] = {row["plain"]: row["id"] for row in found}
        return {each: ids[folded] for each, folded in plain.items()}

    async def _found(
        self, query: str, named: Collection[int] | Collection[str], *, hold: bool
    ) -> list[Any]:
        """The causes that a query finds by what names them; read anew where a merge was faster."""
        found = await all_found(self._connection, query, list(named))
        while hold and not await self._held({row["id"] for row in found}):
            found = await all_found(self._connection, query, list(named))
        return found

    async def _held(self, ids: Collection[int]) -> bool:
        """Hold causes until the commit; False where one is part of another meanwhile."""
        return len(await all_found(self._connection, HOLD, list(ids))) == len(ids)
