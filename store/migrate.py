"""Bring the database to this version's tables, as its owner, and give the application its lesser rights."""

from contextlib import aclosing
from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from store.advisory_locks import Lock
from store.rights import admit, grant, restore_owner
from store.schema import metadata
from store.session import StoreUnavailable


def configuration() -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


async def migrate(owner_url: str, *, application_role: str) -> None:
    """Run what is missing of the migrations, then grant `application_role` what it may do.

    The application may read and write everything, except that it cannot change or delete what is in
    the audit, nor any table's shape.

    Raises:
        UnfitRole: the URL is not the owner's, or the application's role is not a lesser one.
        StoreUnavailable: the database cannot be reached.
    """
    engine = create_async_engine(make_url(owner_url), poolclass=NullPool)
    try:
        async with aclosing(await _connected(engine)) as connection:
            await connection.execute(text(f"SELECT pg_advisory_lock({Lock.migrating:d})"))
            # The owner's work has transactions of its own; the lock is the session's, and outlasts them.
            await connection.commit()
            await connection.run_sync(admit, application_role)
            await connection.run_sync(restore_owner)
            await connection.run_sync(_upgrade)
            await connection.run_sync(grant, application_role)
            await connection.commit()
    finally:
        await engine.dispose()


async def _connected(engine: AsyncEngine) -> AsyncConnection:
    try:
        return await engine.connect()
    except (OSError, DBAPIError) as error:
        raise StoreUnavailable("the database cannot be reached") from error


def _upgrade(connection: Connection) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def is_current(connection: Connection) -> bool:
    """Whether the database is at this version's newest migration."""
    return MigrationContext.configure(connection).get_current_revision() == newest_revision()


@cache
def newest_revision() -> str | None:
    """The newest migration of this version; all are read to find it, so that is done once (26 ms)."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


async def is_as_described(owner_url: str) -> bool:
    """Whether the tables are those that this version describes.

    They are after `migrate`, unless a version that was never released made them.

    Raises:
        StoreUnavailable: the database cannot be reached.
    """
    engine = create_async_engine(make_url(owner_url), poolclass=NullPool)
    try:
        async with aclosing(await _connected(engine)) as connection:
            return await connection.run_sync(_is_as_described)
    finally:
        await engine.dispose()


def _is_as_described(connection: Connection) -> bool:
    return not compare_metadata(MigrationContext.configure(connection), metadata)
