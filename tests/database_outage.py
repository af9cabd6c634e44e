"""A database that lets nobody in for a while."""

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.embedded_postgres import SUPERUSER, EmbeddedPostgres


async def let_in(server: EmbeddedPostgres, url: str, *, allowed: bool) -> None:
    """Open a database to connections, or close it to them; those that it had are ended."""
    await altered(server, url, f"WITH ALLOW_CONNECTIONS {'true' if allowed else 'false'}")


async def altered(server: EmbeddedPostgres, url: str, change: str) -> None:
    """Change a database, and end the connections that it had before."""
    name = make_url(url).database
    elsewhere = server.url(SUPERUSER, "postgres")
    engine = create_async_engine(elsewhere, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f'ALTER DATABASE "{name}" {change}'))
        end = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        await connection.execute(end, {"name": name})
    await engine.dispose()
