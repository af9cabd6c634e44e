"""Who may be the application's role, and what a wrong one cost is given back by a right one."""

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.embedded_postgres import EmbeddedPostgres
from bot.sealer import seal
from store.audit import Change
from store.migrate import migrate
from store.rights import UnfitRole
from store.seals import Seals
from store.session import Store

WITHHOLD_FROM_OWNER = [
    "REVOKE UPDATE, DELETE, TRUNCATE ON audit, audit_seals, audit_sealed FROM wavepost_owner",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM wavepost_owner",
]
"""What an earlier `wavepost migrate` did where the owner was named as the application's role."""


@pytest.fixture
def owner_url(store: Store) -> str:
    """The database of this test, as its owner."""
    return store.url.set(username="wavepost_owner").render_as_string(hide_password=False)


async def tell(url: str, *statements: str) -> None:
    engine = create_async_engine(make_url(url), poolclass=NullPool)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def change(store: Store) -> None:
    async with store.transaction(actor="U1") as tx:
        tx.audit(Change("moved", "a", reason="ill"))


async def sealed(store: Store) -> int:
    async with store.reading() as reading:
        return sum(head.rows for head in await Seals(reading.connection).all())


@pytest.mark.parametrize(
    ("role", "why"),
    [
        ("wavepost_owner", "owns the tables"),
        ("postgres", "is a superuser"),
        ("nobody_here", "has no role nobody_here"),
    ],
)
async def test_a_role_that_could_rewrite_the_audit_is_refused_and_sealing_goes_on(
    store: Store, owner_url: str, role: str, why: str
) -> None:
    with pytest.raises(UnfitRole, match=why):
        await migrate(owner_url, application_role=role)

    await change(store)
    await seal(store, None)
    assert await sealed(store) == 1


async def test_a_member_of_the_owners_role_is_refused(
    store: Store, owner_url: str, postgres_server: EmbeddedPostgres, worker_id: str
) -> None:
    member = f"member_{worker_id}"
    superuser = postgres_server.url("postgres", str(store.url.database))
    await tell(superuser, f"CREATE ROLE {member} IN ROLE wavepost_owner")
    try:
        with pytest.raises(UnfitRole, match="a member of the role that does"):
            await migrate(owner_url, application_role=member)
    finally:
        await tell(superuser, f"DROP ROLE {member}")


async def test_a_right_migrate_gives_the_owner_back_what_a_wrong_one_took(
    store: Store, owner_url: str
) -> None:
    await tell(owner_url, *WITHHOLD_FROM_OWNER)
    await migrate(owner_url, application_role="wavepost_app")

    await change(store)
    await seal(store, None)
    assert await sealed(store) == 1


async def test_who_does_not_own_the_tables_cannot_migrate(store: Store) -> None:
    lesser = store.url.render_as_string(hide_password=False)

    with pytest.raises(UnfitRole, match="the tables belong to wavepost_owner"):
        await migrate(lesser, application_role="wavepost_app")


async def test_who_may_not_make_tables_cannot_migrate_an_empty_database(
    postgres_server: EmbeddedPostgres, worker_id: str
) -> None:
    name = f"bare_{worker_id}"
    postgres_server.create_database(name)
    try:
        with pytest.raises(UnfitRole, match="may not make tables"):
            await migrate(
                postgres_server.url("wavepost_app", name), application_role="wavepost_app"
            )
    finally:
        postgres_server.drop_database(name)
