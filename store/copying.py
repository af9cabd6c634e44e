"""COPY, out of the database to Polars and in from it: for a million rows, seconds instead of a minute."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from io import BytesIO

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from store.driver import driver_of

ROWS_AT_ONCE = 50_000

Progress = Callable[[int], None]
"""Told how many more rows were written."""


def unheard(_rows: int) -> None:
    """Nobody watches."""


async def copied_out(
    connection: AsyncConnection,
    query: str,
    schema: Mapping[str, pl.DataType | type[pl.DataType]],
    *values: object,
) -> pl.DataFrame:
    """What a query gives, by COPY; `values` are its $1, $2, ... The schema is in its columns' order."""
    buffer = BytesIO()

    async def take(chunk: bytes) -> None:
        buffer.write(chunk)

    driver = await driver_of(connection)
    await driver.copy_from_query(query, *values, output=take, format="csv")
    return await asyncio.to_thread(_parsed, buffer, schema)


def _parsed(buffer: BytesIO, schema: Mapping[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    if not buffer.tell():
        return pl.DataFrame(schema=schema)
    buffer.seek(0)
    return pl.read_csv(buffer, has_header=False, schema=dict(schema))


async def copied_in(
    connection: AsyncConnection, table: str, rows: pl.DataFrame, progress: Progress = unheard
) -> None:
    """Add rows to a table by COPY; the columns of the frame are named as the table's.

    Lists of text become arrays. Raises what asyncpg raises, when a row breaks a constraint.
    """
    if rows.is_empty():
        return
    driver = await driver_of(connection)
    await driver.copy_to_table(
        table, source=_chunks(rows, progress), columns=rows.columns, format="csv"
    )


async def _chunks(rows: pl.DataFrame, progress: Progress) -> AsyncIterator[bytes]:
    """The rows as CSV, the next chunk made while the last one is on its way."""
    slices = rows.iter_slices(ROWS_AT_ONCE)
    coming = asyncio.create_task(asyncio.to_thread(_written, next(slices)))
    for part in (*slices, None):
        chunk, length = await coming
        if part is not None:
            coming = asyncio.create_task(asyncio.to_thread(_written, part))
        yield chunk
        progress(length)


def _written(rows: pl.DataFrame) -> tuple[bytes, int]:
    lists = [name for name, dtype in rows.schema.items() if isinstance(dtype, pl.List)]
    return rows.with_columns(_array(name) for name in lists).write_csv(
        include_header=False
    ).encode(), rows.height


def _array(name: str) -> pl.Expr:
    """A list of text as PostgreSQL writes an array, every element in quotes."""
    escaped = pl.element().str.replace_all(r'["\\]', r"\${0}")
    elements = pl.col(name).list.eval(pl.lit('"') + escaped + pl.lit('"'))
    return (pl.lit("{") + elements.list.join(",") + pl.lit("}")).alias(name)
