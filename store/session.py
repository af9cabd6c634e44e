"""One way in and out of the database: `reading()` to look up, `transaction()` to change."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, Protocol, Self, TypeVar

from asyncpg import (
    AdminShutdownError,
    CrashShutdownError,
    InternalClientError,
    PostgresConnectionError,
)
from asyncpg import InterfaceError as DriverInterfaceError
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from rules.finding import NameIndex
from store.audit import Change, append
from store.interactions import InteractionKey
from store.nouns import Nouns
from store.outbox import Message, Outbox
from store.outside import NOBODY, Outside
from store.plan_shelf import PlanShelf
from store.search import NameShelf

STATEMENT_SECONDS = 900
"""No statement and no transaction of the application lives longer; the audit's sealer relies on it."""


WENT_AWAY = (
    PostgresConnectionError,
    AdminShutdownError,
    CrashShutdownError,
    DriverInterfaceError,
    InternalClientError,
    ConnectionError,
)
"""What asyncpg raises when the server ends the connection: its internal error where that happens
between two calls."""

_under_deadline: ContextVar[bool] = ContextVar("under_deadline", default=False)


class StoreUnavailable(Exception):
    """The database cannot be reached, or went away before the commit; nothing was changed."""


class OutcomeUnknown(Exception):
    """The database went away during the commit: what was asked for may have been kept, or not."""


class Recordable(Protocol):
    """A reply that can be kept as JSON and given again."""

    def to_json(self) -> dict[str, object]:
        """The reply as JSON."""


Reply = TypeVar("Reply", bound=Recordable)


class Reading(Nouns):
    """What can be looked up over one connection; `outside` says how those not in Slack are reached."""

    def __init__(
        self,
        connection: AsyncConnection,
        shelf: NameShelf,
        plans: PlanShelf,
        outside: Outside,
    ) -> None:
        super().__init__(connection, shelf, plans)
        self.outside = outside


class Transaction(Reading):
    """One unit of work. What is said, changed and answered in it is kept together or not at all."""

    def __init__(
        self,
        connection: AsyncConnection,
        shelf: NameShelf,
        plans: PlanShelf,
        outside: Outside,
        actor: str,
    ) -> None:
        super().__init__(connection, shelf, plans, outside)
        self.actor = actor
        self._messages: list[Message] = []
        self._changes: list[Change] = []
        self._reply: Recordable | None = None

    @classmethod
    def within(cls, whole: "Transaction", actor: str) -> Self:
        """A part of a unit of work that somebody else does, to be written down before its commit."""
        return cls(whole.connection, whole._shelf, whole._plans, whole.outside, actor)  # noqa: SLF001 - another of its own kind

    def say(self, message: Message) -> None:
        """Say something when, and only when, this transaction commits."""
        self._messages.append(message)

    def audit(self, change: Change) -> None:
        """Append a change to the audit, with the actor of this transaction."""
        self._changes.append(change)

    def answers(self, reply: Reply) -> Reply:
        """Keep the reply with the interaction's key, for when the same interaction comes again."""
        self._reply = reply
        return reply

    async def write_down(self, key: InteractionKey | None) -> bool:
        """Write what was gathered, messages last because they lock lanes; True if there were any."""
        if key and self._reply:
            await self.interactions.record(key, self._reply.to_json())
        if self._changes:
            await append(self.connection, self._changes, actor=self.actor)
        await Outbox(self.connection).say(self._messages, by=self.actor)
        return bool(self._messages)


class Store:
    """What is kept. Holds a pool of connections; opens the first one when it is first needed.

    What it raises names no value of a query: these are people's words, and secrets among them.
    """

    def __init__(self, url: str, *, pool_size: int = 20, outside: Outside = NOBODY) -> None:
        self.url = make_url(url)
        self.outside = outside
        connecting = {
            "timeout": 2,
            "server_settings": {
                "application_name": "wavepost",
                "TimeZone": "UTC",
                "jit": "off",
                "transaction_timeout": f"{STATEMENT_SECONDS}s",
            },
        }
        self.engine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=2,
            # The one used last has the statements prepared that are asked for now.
            pool_use_lifo=True,
            connect_args=connecting,
            hide_parameters=True,
        )
        event.listen(self.engine.sync_engine, "checkout", _refuse_closed)
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._snapshot = self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        # Those who wait for the names may hold all connections of the pool: it has one of its own.
        apart = create_async_engine(
            self.url, poolclass=NullPool, connect_args=connecting, hide_parameters=True
        )
        self._shelf = NameShelf(partial(_connection, apart))
        self._plans = PlanShelf()
        self.on_say: Callable[[], None] = lambda: None
        self.on_job: Callable[[], None] = lambda: None

    @asynccontextmanager
    async def reading(self, *, consistent: bool = False) -> AsyncIterator[Reading]:
        """Look things up; `consistent` where several queries must see the same moment.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        async with _connection(self._snapshot if consistent else self._autocommit) as connection:
            yield Reading(connection, self._shelf, self._plans, self.outside)

    @asynccontextmanager
    async def transaction(
        self, key: InteractionKey | None = None, *, actor: str
    ) -> AsyncIterator[Transaction]:
        """Change things: commits at the end of the block, rolls back if anything is raised in it.

        Raises:
            AlreadyDone: the interaction with this key was committed before; the block does not run.
            StoreUnavailable: the database cannot be reached; nothing was changed.
            OutcomeUnknown: the database went away while it committed.

        Cancelled during the commit, it finishes the commit first.
        """
        async with _connection(self.engine) as connection:
            work = Transaction(connection, self._shelf, self._plans, self.outside, actor)
            if key:
                await work.interactions.claim(key, actor)
            yield work
            said = await work.write_down(key)
            await _commit(connection)
        if said:
            self.on_say()
        if work.jobs.started:
            self.on_job()

    async def names(self, newest_import: int) -> NameIndex:
        """Customers and locations by what people call them, as of an import or a later one.

        Raises:
            StoreUnavailable: they were not read yet, and the database cannot be reached.
        """
        return await self._shelf.index(newest_import)

    async def read_names(self) -> None:
        """Read the names of customers and locations, for the searches to come.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        await self.names(0)

    @property
    def knows_names(self) -> bool:
        """Whether the names were read, so that a search need not wait."""
        return self._shelf.is_ready

    async def check(self) -> None:
        """Raises StoreUnavailable where the database does not answer."""
        async with self.reading() as reading:
            await reading.connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close all connections."""
        await self._shelf.close()
        await self._plans.close()
        await self.engine.dispose()


@asynccontextmanager
async def deadline(seconds: float) -> AsyncIterator[None]:
    """Stop what takes longer, except a commit that began: what it kept counts, so it is in time.

    Raises:
        TimeoutError: it took longer; no transaction in the block was kept.
    """
    mark = _under_deadline.set(True)
    try:
        async with asyncio.timeout(seconds):
            yield
    finally:
        _under_deadline.reset(mark)


@asynccontextmanager
async def _connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    try:
        connection = await engine.connect()
    except (OSError, OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise StoreUnavailable("the database cannot be reached") from error
    except DBAPIError as error:
        raise StoreUnavailable("the database does not accept the connection") from error
    try:
        yield connection
    except asyncio.CancelledError:
        # What was on its way may have arrived or not, a BEGIN among it: nobody else gets this one.
        await asyncio.shield(connection.invalidate())
        raise
    except WENT_AWAY as error:
        raise StoreUnavailable("the database went away") from error
    except DBAPIError as error:
        if _went_away(error):
            await asyncio.shield(connection.invalidate())
            raise StoreUnavailable("the database went away") from error
        raise
    finally:
        await asyncio.shield(_let_go(connection))


async def _let_go(connection: AsyncConnection) -> None:
    """Give a connection back. What is lost of one whose server hung up was never to be kept."""
    try:
        await connection.close()
    except DBAPIError as error:
        if not _went_away(error):
            raise


async def _commit(connection: AsyncConnection) -> None:
    """Commit to the end, whoever cancels meanwhile: the outcome must not stay open."""
    commit = asyncio.ensure_future(connection.commit())
    cancelled = False
    while not commit.done():
        try:
            await asyncio.wait({commit})
        except asyncio.CancelledError:
            cancelled = True
    try:
        commit.result()
    except (OSError, DBAPIError) as error:
        if isinstance(error, DBAPIError) and not _went_away(error):
            raise
        raise OutcomeUnknown("the database went away during the commit") from error
    if cancelled and not _under_deadline.get():
        raise asyncio.CancelledError


def _went_away(error: DBAPIError) -> bool:
    """Whether the connection is lost: a server may say so before it hangs up, when SQLAlchemy looks."""
    driver = error.orig.__cause__ if error.orig else None
    return error.connection_invalidated or isinstance(driver, WENT_AWAY)


def _refuse_closed(driver: Any, *_: object) -> None:  # noqa: ANN401 - SQLAlchemy's event
    """Have the pool connect anew where the server has hung up, after a restart, say."""
    if driver.driver_connection.is_closed():
        raise DisconnectionError
