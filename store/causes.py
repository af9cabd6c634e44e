"""The catalogue of causes: why locations fail, in people's words."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.naming import fold
from store.driver import all_found
from store.failure_rows import CauseRow

ALL = "SELECT * FROM causes WHERE merged_into IS NULL ORDER BY words, id"
SOME = "SELECT * FROM causes WHERE id = ANY ($1::int[]) AND merged_into IS NULL"
NAMED = "SELECT coalesce(merged_into, id) AS id, plain FROM causes WHERE plain = ANY ($1::text[])"
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

    async def some(self, ids: Collection[int]) -> dict[int, CauseRow]:
        """Those of these ids that are there."""
        rows = await all_found(self._connection, SOME, list(ids))
        return {row["id"]: CauseRow.model_validate(dict(row)) for row in rows}

    async def named(self, words: Collection[str], *, by: str, at: datetime) -> Mapping[str, int]:
        """The id of the cause that each of these words names; those that name none are added.

        Words are the same but for case, accents and marks; none of these is blank.
        """
        plain = {each: fold(each) for each in words}
        new = {folded: each.strip() for each, folded in sorted(plain.items(), reverse=True)}
        rows = [{"words": each, "plain": folded} for folded, each in new.items()]
        values = {"rows": json.dumps(rows), "by": by, "at": at}
        await self._connection.execute(ADD, values)
        found = await all_found(self._connection, NAMED, list(new))
        ids: dict[str, int] = {row["plain"]: row["id"] for row in found}
        return {each: ids[folded] for each, folded in plain.items()}
