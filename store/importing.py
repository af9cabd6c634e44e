"""Writing an import: each kind of sheet into its tables, and the record that it was made."""

from collections.abc import Sequence

import polars as pl
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.columns import KEYS, Kind
from store.copying import Progress, copied_in, unheard
from store.import_entries import Origin
from store.imports import ImportRow
from store.loading import Comparison, put
from store.master import keep_master
from store.sheets import kept_schema, split

END_LEAVE = text("DELETE FROM csa_leave WHERE email = ANY (CAST(:emails AS text[]))")
NOT_IN_TABLE = ("row", "sheet")


async def keep(
    connection: AsyncConnection,
    kind: Kind,
    found: Comparison,
    origin: Origin,
    progress: Progress = unheard,
) -> None:
    """Write the rows of a kind that are new or other. What vanished stays.

    Escalated stores and marks are not written here: they become escalations and steps, see
    `handlers.wished_stores` and `handlers.marks_sheet`.
    """
    if found.written.is_empty() or kind in (Kind.escalated_stores, Kind.marks):
        return
    match kind:
        case Kind.master:
            await keep_master(connection, found, origin, progress)
        case Kind.csas:
            await _put(connection, kind, found, progress, pl.exclude("leave_weeks", *NOT_IN_TABLE))
            await _keep_leave(connection, found)
        case Kind.blackouts:
            dates = pl.col("from").alias("from_date"), pl.col("to").alias("to_date")
            await _put(connection, kind, found, progress, "region", *dates, "why")
        case _:
            await _put(connection, kind, found, progress, *kept_schema(kind))


async def _put(
    connection: AsyncConnection,
    kind: Kind,
    found: Comparison,
    progress: Progress,
    *columns: str | pl.Expr,
) -> None:
    names = {"from": "from_date", "to": "to_date"}
    await put(
        connection,
        kind.value,
        added=found.added.select(columns),
        changed=found.changed.select(columns),
        key=[names.get(name, name) for name in KEYS[kind]],
        progress=progress,
    )


async def _keep_leave(connection: AsyncConnection, found: Comparison) -> None:
    """The sheet's weeks of leave replace those of the CSAs that it changes."""
    await connection.execute(END_LEAVE, {"emails": found.changed["email"].to_list()})
    weeks = found.written.select("email", split("leave_weeks").alias("week")).explode("week")
    await copied_in(connection, "csa_leave", weeks.drop_nulls())


async def record(connection: AsyncConnection, imports: Sequence[ImportRow]) -> None:
    """Note the imports that changed something."""
    if imports:
        rows = [row.model_dump(exclude={"id", "at"}) for row in imports]
        await connection.execute(insert(ImportRow), rows)
