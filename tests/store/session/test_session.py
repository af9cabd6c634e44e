"""What belongs together is kept together, once, or not at all."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from handlers.reply import Reply
from store.audit import Change
from store.interactions import AlreadyDone
from store.session import Store, Transaction, deadline
from tests.store.session.doings import KEY, do_everything, is_empty, message, reply
from tests.world import counted


async def test_what_is_said_changed_and_answered_is_kept_together(store: Store) -> None:
    async with store.transaction(KEY, actor="U1") as tx:
        tx.say(message())
        tx.audit(Change("test", "C-1", before={"a": 1}, after={"a": 2}, reason="why"))
        tx.answers(reply("done"))

    assert [await counted(store, name) for name in ("outbox", "audit", "interactions")] == [1, 1, 1]
    async with store.reading() as reading:
        row = (await reading.connection.execute(text("SELECT * FROM audit"))).one()
    assert (row.actor, row.action, row.subject, row.reason) == ("U1", "test", "C-1", "why")
    assert (row.before, row.after) == ({"a": 1}, {"a": 2})


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, asyncio.CancelledError])
async def test_leaving_without_success_rolls_back(
    failure: type[BaseException], store: Store
) -> None:
    async def fail() -> None:
        async with store.transaction(KEY, actor="U1") as tx:
            await do_everything(tx)
            raise failure

    with pytest.raises(failure):
        await fail()

    assert await is_empty(store)


async def test_the_courier_is_woken_only_when_something_was_said(store: Store) -> None:
    woken = []
    store.on_say = lambda: woken.append(True)

    async def fail() -> None:
        async with store.transaction(actor="U1") as tx:
            tx.say(message())
            raise ValueError("no")

    async with store.transaction(actor="U1") as tx:
        tx.audit(Change("test", "C-1"))
    with pytest.raises(ValueError, match="no"):
        await fail()
    assert not woken
    async with store.transaction(actor="U1") as tx:
        tx.say(message())

    assert woken == [True]


def when_it_commits(store: Store, act: Callable[[], object]) -> None:
    """Have something happen when a commit has begun and is not through."""
    event.listen(store.engine.sync_engine, "commit", lambda _: act())


async def test_a_commit_that_began_is_finished_although_the_deadline_strikes(
    store: Store,
) -> None:
    task = asyncio.current_task()
    assert task

    async with deadline(60), store.transaction(KEY, actor="U1") as tx:
        tx.say(message())
        when_it_commits(store, task.cancel)
    task.uncancel()

    assert await counted(store, "outbox") == 1


async def test_a_program_that_ends_finishes_its_commit_and_then_ends(store: Store) -> None:
    async def work() -> None:
        task = asyncio.current_task()
        assert task
        async with store.transaction(KEY, actor="U1") as tx:
            tx.say(message())
            when_it_commits(store, task.cancel)

    task = asyncio.create_task(work())
    await asyncio.wait({task})

    assert task.cancelled()
    assert await counted(store, "outbox") == 1


async def test_a_deadline_before_the_commit_keeps_nothing(store: Store) -> None:
    async def work() -> None:
        async with deadline(0.05), store.transaction(KEY, actor="U1") as tx:
            await do_everything(tx)
            await tx.connection.execute(text("SELECT pg_sleep(60)"))

    with pytest.raises(TimeoutError):
        await work()

    assert await is_empty(store)


async def test_nobody_gets_a_connection_that_a_deadline_stopped_at_work(database_url: str) -> None:
    store = Store(database_url, pool_size=1)

    async def backend(seconds: float) -> object:
        async with store.reading(consistent=True) as reading:
            pid = await reading.connection.execute(text("SELECT pg_backend_pid()"))
            await reading.connection.execute(text("SELECT pg_sleep(:long)"), {"long": seconds})
            return pid.scalar_one()

    first = await backend(0)
    assert await backend(0) == first
    with pytest.raises(TimeoutError):
        async with deadline(0.05):
            await backend(60)
    assert await backend(0) != first
    await store.close()


async def test_the_same_key_at_the_same_time_is_done_once(store: Store, other: Store) -> None:
    runs = []

    async def act(where: Store) -> Reply:
        try:
            async with where.transaction(KEY, actor="U1") as tx:
                runs.append(True)
                tx.say(message())
                return tx.answers(reply(f"run {len(runs)}"))
        except AlreadyDone as done:
            return Reply.from_json(done.reply or {})

    replies = await asyncio.gather(*(act(where) for where in (store, other, store, other, store)))

    assert len(runs) == 1
    assert {reply.fallback for reply in replies} == {"run 1"}
    assert await counted(store, "outbox") == 1


async def test_who_waited_for_a_key_that_was_given_up_takes_it(store: Store, other: Store) -> None:
    holds = asyncio.Event()

    async def give_up() -> None:
        async with store.transaction(KEY, actor="U1") as tx:
            await do_everything(tx)
            holds.set()
            await someone_waits(tx)
            raise ValueError("given up")

    async def take() -> None:
        await holds.wait()
        async with other.transaction(KEY, actor="U2") as tx:
            tx.say(message())

    given_up, taken = await asyncio.gather(give_up(), take(), return_exceptions=True)

    assert (str(given_up), taken) == ("given up", None)

    assert await counted(store, "outbox") == 1
    assert await counted(store, "interactions WHERE actor = 'U2'") == 1


async def someone_waits(tx: Transaction) -> None:
    """Return when another transaction waits for this one."""
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while not (await tx.connection.execute(query)).scalar_one():
        await asyncio.sleep(0)


FORBIDDEN = (
    "UPDATE audit SET actor = 'U2'",
    "DELETE FROM audit",
    "TRUNCATE audit",
    "UPDATE audit_seals SET rows = 0",
    "DELETE FROM audit_seals",
    "DELETE FROM audit_sealed",
    "UPDATE scores SET health = 100",
    "DELETE FROM plan_questions",
    "UPDATE plan_questions SET parts = ''",
    "DELETE FROM parameter_versions",
    "UPDATE parameter_versions SET saved_by = 'U2'",
    "CREATE TABLE mine (id int)",
    "CREATE SCHEMA other",
    "ALTER TABLE audit ADD COLUMN x int",
    "DROP TABLE audit",
    "ALTER TABLE audit DISABLE TRIGGER ALL",
    "SET ROLE wavepost_owner",
    "UPDATE alembic_version SET version_num = '0'",
    "DELETE FROM alembic_version",
)


async def test_the_application_cannot_rewrite_the_audit_nor_shape_tables(store: Store) -> None:
    async def execute(statement: str) -> None:
        async with store.transaction(actor="U1") as tx:
            await tx.connection.execute(text(statement))

    async with store.transaction(actor="U1") as tx:
        tx.audit(Change("test", "C-1"))

    for statement in FORBIDDEN:
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            await execute(statement)

    assert await counted(store, "audit WHERE actor = 'U1'") == 1


async def test_a_consistent_reading_sees_one_moment_and_changes_nothing(store: Store) -> None:
    async with store.reading(consistent=True) as reading:
        query = text("SELECT count(*) FROM audit")
        before = (await reading.connection.execute(query)).scalar_one()
        async with store.transaction(actor="U1") as tx:
            tx.audit(Change("test", "C-1"))
        after = (await reading.connection.execute(query)).scalar_one()
        with pytest.raises(DBAPIError, match="read-only"):
            await reading.connection.execute(text("DELETE FROM customers"))

    assert before == after == 0
