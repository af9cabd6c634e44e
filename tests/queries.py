"""What was asked of the database: every statement, whether by SQLAlchemy or by its driver alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from asyncpg.connection import LoggedQuery
from sqlalchemy import event

from store.session import Store


@asynccontextmanager
async def queries_of(store: Store) -> AsyncIterator[list[str]]:
    """The statements that a store runs in the block, each without its line breaks."""
    asked: list[str] = []

    def note(query: LoggedQuery) -> None:
        asked.append(" ".join(query.query.split()))

    def begin(connection: Any, *_: object) -> None:
        connection.driver_connection.add_query_logger(note)

    def end(connection: Any, *_: object) -> None:
        if connection:
            connection.driver_connection.remove_query_logger(note)

    def note_other(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(" ".join(statement.split()))

    pool = store.engine.sync_engine
    # The driver tells of what it is asked itself, SQLAlchemy of what it prepares.
    event.listen(pool, "before_cursor_execute", note_other)
    event.listen(pool, "checkout", begin)
    event.listen(pool, "checkin", end)
    try:
        yield asked
    finally:
        event.remove(pool, "checkout", begin)
        event.remove(pool, "checkin", end)
        event.remove(pool, "before_cursor_execute", note_other)
        # The driver tells of a query in the loop's next turn.
        await asyncio.sleep(0)
