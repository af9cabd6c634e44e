"""asyncpg itself, for what SQLAlchemy does not do (COPY) or makes dear (what is asked at every turn)."""

from typing import Any

from asyncpg import Connection, Record
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

BEGIN = text("SELECT 1")


async def driver_of(connection: AsyncConnection) -> Connection:
    """The asyncpg connection, inside the transaction that SQLAlchemy begins with a statement."""
    connected: Any = connection.sync_connection
    pooled = connected.connection
    driver = pooled.driver_connection
    if pooled.dbapi_connection.isolation_level != "autocommit" and not driver.is_in_transaction():
        await connection.execute(BEGIN)
    return driver


async def all_found(connection: AsyncConnection, query: str, *values: object) -> list[Record]:
    """All rows of a query; see `looked_up`."""
    driver = await driver_of(connection)
    rows: list[Record] = await driver.fetch(query, *values)
    return rows


async def looked_up(connection: AsyncConnection, query: str, *values: object) -> Any:  # noqa: ANN401 - a row, or None: who asks knows which can be
    """The first row of a query; `values` are its $1, $2, ...

    asyncpg keeps the query prepared, so it takes a quarter of the time that SQLAlchemy needs beside it.
    """
    driver = await driver_of(connection)
    return await driver.fetchrow(query, *values)
