"""A database for each test that holds what the template holds, under a name that no other test had.

To make a database and drop it costs a quarter of a second of the machine; to empty one, a hundredth.
So what a test leaves is emptied, named anew and handed to the next test. What a test altered (a
table's shape, a right, a setting) or made large is dropped.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import count

import asyncpg

from bot.embedded_postgres import DATABASE, SUPERUSER, EmbeddedPostgres

LARGE = 2**20
"""Bytes of a table, with the rows that were deleted, from which a new database is cheaper."""

END_CONNECTIONS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1"

TABLES = """
    SELECT quote_ident(relname), pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""

SEQUENCES = """
    SELECT format('SELECT setval(%L, %s, %L)', format('public.%I', sequencename),
                  coalesce(last_value, start_value), last_value IS NOT NULL)
    FROM pg_sequences WHERE schemaname = 'public'"""

# Whatever changes a table's shape, or who may use it, writes a row in one of these.
CATALOGS = (
    "pg_attribute",
    "pg_class",
    "pg_constraint",
    "pg_index",
    "pg_namespace",
    "pg_proc",
    "pg_trigger",
    "pg_type",
)
CHANGED = "(SELECT (count(*), max(xmin::text::bigint)) FROM {})"
DEFINITIONS = f"""
    SELECT row({", ".join(map(CHANGED.format, CATALOGS))}, datacl, datconnlimit, (
        SELECT count(*) FROM pg_db_role_setting WHERE setdatabase = pg_database.oid
    ))::text FROM pg_database WHERE datname = current_database()"""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy of the template holds before a test uses it."""

    definitions: str
    rows: dict[str, bytes]
    """Of the tables that are not empty, as COPY writes them."""
    sequences: list[str]


class Databases:
    """Copies of a template, handed out one after another to the tests of one worker."""

    def __init__(self, server: EmbeddedPostgres, template: str, worker: str) -> None:
        self._server = server
        self._template = template
        self._names = (f"test_{worker}_{number}" for number in count())
        self._waiting: str | None = None
        self._contents: Contents | None = None
        # A loop of its own, since each test brings another and this works between them.
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)

    @contextmanager
    def one(self) -> Iterator[str]:
        """The name of a database for a test."""
        name = self._waiting or self._made()
        self._waiting = None
        try:
            yield name
        finally:
            self._waiting = self._runner.run(self._emptied(name))

    def close(self) -> None:
        """Drop what is left."""
        if self._waiting:
            self._server.drop_database(self._waiting)
        self._runner.close()

    def _made(self) -> str:
        name = next(self._names)
        self._server.create_database(name, template=self._template)
        if self._contents is None:
            self._contents = self._runner.run(self._read(name))
        return name

    async def _emptied(self, name: str) -> str | None:
        """The new name of a database that is as good as new; None where it had to be dropped."""
        new = next(self._names)
        try:
            async with self._connected(DATABASE) as connection:
                await connection.execute(END_CONNECTIONS, name)
                # Whoever still runs and knows the old name finds nothing, as if it was dropped.
                await connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{new}"')
        except asyncpg.ObjectInUseError:
            self._server.drop_database(name)
            return None
        if await self._empty(new):
            return new
        self._server.drop_database(new)
        return None

    async def _empty(self, name: str) -> bool:
        """Bring the contents back; False where what is there is not only rows, or too many."""
        contents = self._contents
        assert contents
        try:
            async with self._connected(name) as connection:
                if await connection.fetchval(DEFINITIONS) != contents.definitions:
                    return False
                tables = {table: size for table, size in await connection.fetch(TABLES) if size}
                if any(size > LARGE for size in tables.values()):
                    return False
                deletes = [f"DELETE FROM {table}" for table in tables]
                # As a replica does: without foreign keys and triggers, the audit's among them.
                alone = "SET session_replication_role = replica"
                await connection.execute("; ".join([alone, *deletes, *contents.sequences]))
                for table, rows in contents.rows.items():
                    await connection.copy_to_table(table, source=BytesIO(rows), format="binary")
        except asyncpg.ObjectNotInPrerequisiteStateError:  # the test let nobody in any more
            return False
        return True

    async def _read(self, name: str) -> Contents:
        async with self._connected(name) as connection:
            rows = {}
            for table, size in await connection.fetch(TABLES):
                if size:
                    kept = BytesIO()
                    await connection.copy_from_table(table, output=kept, format="binary")
                    rows[table] = kept.getvalue()
            return Contents(
                definitions=await connection.fetchval(DEFINITIONS),
                rows=rows,
                sequences=[statement for (statement,) in await connection.fetch(SEQUENCES)],
            )

    @asynccontextmanager
    async def _connected(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        url = self._server.url(SUPERUSER, database).replace("+asyncpg", "")
        connection = await asyncpg.connect(url)
        try:
            yield connection
        finally:
            await connection.close()
