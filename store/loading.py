"""Tables in bulk: what differs between rows that come and those that are there, and how to write it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.copying import ROWS_AT_ONCE, Progress, copied_in, unheard

TYPES: dict[pl.DataType, str] = {
    pl.String(): "text",
    pl.List(pl.String): "text[]",
    pl.Date(): "date",
    pl.Int64(): "integer",
    pl.Float64(): "float8",
}


@dataclass(frozen=True, eq=False)
class Comparison:
    """How rows differ from those that are there.

    `added` and `changed` have the columns of the rows; `vanished` has the keys that are there, but
    not among the rows; `before` is what is there now.
    """

    added: pl.DataFrame
    changed: pl.DataFrame
    vanished: pl.DataFrame
    before: pl.DataFrame

    @property
    def writes_something(self) -> bool:
        """Whether any row is new or other than before."""
        return bool(self.added.height or self.changed.height)

    @property
    def written(self) -> pl.DataFrame:
        """The rows that are new or other than before."""
        return pl.concat([self.added, self.changed])


def compare(rows: pl.DataFrame, before: pl.DataFrame, *, key: Sequence[str]) -> Comparison:
    """Compare rows with those that are there, by key; each key is there at most once in both.

    `before` has the key columns and those to compare. Missing equals missing.
    """
    if before.is_empty():
        nothing = rows.clear()
        return Comparison(rows, nothing, nothing.select(key), before)
    places = _places(rows, before, key)
    is_new = places.is_null()
    is_changed = _differs(rows, before, places, key) & ~is_new
    return Comparison(
        added=rows.filter(is_new),
        changed=rows.filter(is_changed),
        vanished=before.select(key).join(rows.select(key), on=list(key), how="anti"),
        before=before,
    )


def _places(rows: pl.DataFrame, before: pl.DataFrame, key: Sequence[str]) -> pl.Series:
    """For each row, where its key is in what is there; null where it is not."""
    asked = rows.lazy().select(key).with_row_index("asked")
    there = before.lazy().select(key).with_row_index("there")
    # The optimizer may forget the order that a join should maintain, so the place is carried along.
    return asked.join(there, on=list(key), how="left").sort("asked").collect()["there"]


def _differs(
    rows: pl.DataFrame, before: pl.DataFrame, places: pl.Series, key: Sequence[str]
) -> pl.Series:
    """Which rows differ from those at their places; column by column, to hold only one of them twice."""
    differs = pl.repeat(value=False, n=rows.height, dtype=pl.Boolean, eager=True)
    for name in before.columns:
        if name not in key:
            differs |= rows[name].ne_missing(before[name].gather(places))
    return differs


async def put(
    connection: AsyncConnection,
    table: str,
    *,
    added: pl.DataFrame,
    changed: pl.DataFrame,
    key: Sequence[str],
    types: Mapping[str, str] | None = None,
    progress: Progress = unheard,
) -> None:
    """Add rows to a table and change those that are there.

    The columns of both frames are named as the table's. `types` are PostgreSQL types of columns
    that the frames have as text.
    """
    await copied_in(connection, table, added, progress)
    if changed.is_empty():
        return
    statement = text(_update(table, changed.schema, key, types or {}))
    for part in changed.iter_slices(ROWS_AT_ONCE):
        document = await asyncio.to_thread(part.write_json)
        await connection.execute(statement, {"rows": document})
        progress(part.height)


def _update(table: str, schema: pl.Schema, key: Sequence[str], types: Mapping[str, str]) -> str:
    """Rows travel as one JSON text: the application may make no temporary table to COPY into."""
    record = ", ".join(
        f'"{name}" {types.get(name) or TYPES[dtype]}' for name, dtype in schema.items()
    )
    changes = ", ".join(f'"{name}" = new."{name}"' for name in schema if name not in key)
    same = " AND ".join(f'old."{name}" = new."{name}"' for name in key)
    return (
        f'UPDATE "{table}" AS old SET {changes} '
        f"FROM json_to_recordset(CAST(:rows AS json)) AS new ({record}) WHERE {same}"
    )
