"""A test finds its database as the migrations left it, whatever the test before it did to it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from asyncpg import InvalidCatalogNameError, connect

from bot.embedded_postgres import SUPERUSER, EmbeddedPostgres
from tests.databases import Databases

Tell = Callable[..., object]

CHANGE = "INSERT INTO audit (actor, action, subject) VALUES ('U1', 'moved', 'a') RETURNING id"
SETTING = """
    DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET work_mem = 1024', current_database());
    END $$"""
LARGE = """
    INSERT INTO customers (id, name, csa_email)
    SELECT n, repeat('x', 200), 'ana@northwind.example' FROM generate_series(1, 10000) AS n"""


@pytest.fixture
def databases(
    postgres_server: EmbeddedPostgres, template_database: str, worker_id: str
) -> Iterator[Databases]:
    with closing(Databases(postgres_server, template_database, f"{worker_id}_own")) as databases:
        yield databases


@pytest.fixture
def tell(postgres_server: EmbeddedPostgres) -> Tell:
    """Tell a database something, as the application or as another role; gives the answer."""

    async def answer(name: str, statement: str, role: str) -> object:
        connection = await connect(postgres_server.url(role, name).replace("+asyncpg", ""))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return lambda name, statement, role="wavepost_app": asyncio.run(answer(name, statement, role))


def same(databases: Databases, tell: Tell, deed: str, role: str) -> bool:
    """Whether the database in which a test did this is handed to the next test."""
    which = "SELECT oid FROM pg_database WHERE datname = current_database()"
    with databases.one() as first:
        number = tell(first, which)
        tell(first, deed, role)
    with databases.one() as second:
        return tell(second, which) == number


def test_the_next_test_finds_no_row_and_no_number_of_the_last(
    databases: Databases, tell: Tell
) -> None:
    with databases.one() as first:
        numbers = tell(first, CHANGE), tell(first, CHANGE)
        tell(first, "UPDATE business_clock SET ahead = interval '1 day'")
    with databases.one() as second:
        assert tell(second, "SELECT count(*) FROM audit") == 0
        assert tell(second, "SELECT array_agg(ahead = interval '0') FROM business_clock") == [True]
        assert (tell(second, CHANGE), tell(second, CHANGE)) == numbers
        with pytest.raises(InvalidCatalogNameError):
            tell(first, CHANGE)


def test_rows_are_cleared_away_and_the_database_is_used_again(
    databases: Databases, tell: Tell
) -> None:
    assert same(databases, tell, CHANGE, "wavepost_app")


@pytest.mark.parametrize(
    "deed",
    [
        "ALTER TABLE customers ADD COLUMN x int",
        "GRANT DELETE ON audit TO wavepost_app",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        SETTING,
        LARGE,
    ],
)
def test_what_was_altered_or_is_large_is_not_used_again(
    databases: Databases, tell: Tell, deed: str
) -> None:
    assert not same(databases, tell, deed, SUPERUSER)
