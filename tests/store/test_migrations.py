"""Migrations make exactly the tables that the models describe, however often and by however many."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.embedded_postgres import EmbeddedPostgres
from store.migrate import is_current, migrate, newest_revision
from store.schema import metadata
from store.session import Store


@pytest.fixture
def owner_url(postgres_server: EmbeddedPostgres, worker_id: str) -> Iterator[str]:
    """An empty database, as its owner."""
    name = f"empty_{worker_id}"
    postgres_server.create_database(name)
    yield postgres_server.url("wavepost_owner", name)
    postgres_server.drop_database(name)


def differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


SHAPE = (
    """SELECT table_name, column_name, data_type, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2""",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
    """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
    """SELECT grantee, table_name, privilege_type FROM information_schema.table_privileges
    WHERE table_schema = 'public' ORDER BY 1, 2, 3""",
)


def shape(connection: Connection) -> list[tuple[object, ...]]:
    """Every column, index and constraint, as PostgreSQL tells of them."""
    return [tuple(row) for query in SHAPE for row in connection.execute(text(query))]


async def run(url: str, look: Callable[[Connection], object]) -> object:
    engine = create_async_engine(make_url(url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(look)
    finally:
        await engine.dispose()


async def test_the_migrated_database_is_what_the_models_say(store: Store) -> None:
    async with store.reading() as reading:
        assert await reading.connection.run_sync(differences) == []
        assert await reading.connection.run_sync(is_current)


async def test_however_often_it_is_asked_the_migrations_are_read_once(store: Store) -> None:
    newest_revision.cache_clear()
    async with store.reading() as reading:
        for _ in range(3):
            assert await reading.connection.run_sync(is_current)
    assert newest_revision.cache_info().misses == 1


async def test_migrating_again_changes_nothing(owner_url: str) -> None:
    assert not await run(owner_url, is_current)
    await migrate(owner_url, application_role="wavepost_app")
    once = await run(owner_url, shape)

    await migrate(owner_url, application_role="wavepost_app")

    assert await run(owner_url, is_current)
    assert await run(owner_url, shape) == once


async def test_two_that_migrate_at_once_do_it_once(
    owner_url: str, database_url: str, postgres_server: EmbeddedPostgres
) -> None:
    await asyncio.gather(*(migrate(owner_url, application_role="wavepost_app") for _ in range(2)))

    usual = postgres_server.url("wavepost_owner", str(make_url(database_url).database))
    assert await run(owner_url, shape) == await run(usual, shape)
    assert await run(owner_url, differences) == []
