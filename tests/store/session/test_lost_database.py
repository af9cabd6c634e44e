"""A database that is not there, or goes away: what was kept, and what nobody knows."""

from contextlib import nullcontext, suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store.driver import looked_up
from store.session import OutcomeUnknown, Store, StoreUnavailable
from tests.store.session.doings import KEY, ROUNDS, WHO_ELSE, count_and_add, do_everything, is_empty
from tests.world import counted


async def test_a_database_that_is_not_there_is_said_so() -> None:
    nowhere = Store("postgresql+asyncpg://wavepost_app@127.0.0.1:9/none")

    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        await nowhere.check()
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        async with nowhere.transaction(actor="U1"):
            pass
    await nowhere.close()


async def test_a_database_that_goes_away_before_the_commit_kept_nothing(
    store: Store, other: Store
) -> None:
    async def work() -> None:
        async with store.transaction(KEY, actor="U1") as tx:
            await do_everything(tx)
            await end_others(other)
            await tx.connection.execute(text("SELECT 1"))

    with pytest.raises(StoreUnavailable, match="went away"):
        await work()

    assert await is_empty(store)


async def test_a_database_that_goes_away_between_two_looks_is_said_so(
    store: Store, other: Store
) -> None:
    answered = 0
    while answered < ROUNDS:
        with suppress(StoreUnavailable):
            async with store.reading() as reading:
                assert await looked_up(reading.connection, "SELECT 1") is not None
            answered += 1
            await end_others(other)


@pytest.mark.parametrize("asks_again", [True, False])
async def test_a_database_that_goes_away_in_a_consistent_look_is_said_so_if_it_is_missed(
    database_url: str,
    other: Store,
    asks_again: bool,
) -> None:
    # More looks than it has connections: none may be lost to it.
    few = Store(database_url, pool_size=2)

    async def look() -> None:
        async with few.reading(consistent=True) as reading:
            assert await looked_up(reading.connection, "SELECT 1") is not None
            await end_others(other)
            if asks_again:
                await looked_up(reading.connection, "SELECT 1")

    for _ in range(ROUNDS):
        with pytest.raises(StoreUnavailable) if asks_again else nullcontext():
            await look()
    await few.close()


async def test_a_database_that_goes_away_during_the_commit_leaves_it_open(
    store: Store, other: Store
) -> None:
    async def work() -> None:
        async with store.transaction(actor="U1") as tx:
            await tx.connection.execute(text("SELECT 1"))
            await end_others(other)

    with pytest.raises(OutcomeUnknown):
        await work()


async def end_others(store: Store) -> None:
    async with store.reading() as reading:
        await reading.connection.execute(WHO_ELSE)


async def test_a_commit_that_the_database_refuses_is_known_to_have_failed(
    store: Store, other: Store
) -> None:
    async def overtaken() -> None:
        async with store.transaction(actor="U1") as tx:
            await count_and_add(tx)
            async with other.transaction(actor="U2") as rival:
                await count_and_add(rival)

    with pytest.raises(DBAPIError, match="could not serialize access"):
        await overtaken()

    assert await counted(store, "audit WHERE actor = 'U1'") == 0
    assert await counted(store, "audit WHERE actor = 'U2'") == 1
