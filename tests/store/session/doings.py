"""What a transaction does, and what is left of it."""

from sqlalchemy import text

from handlers.blocks import built, section
from handlers.reply import Reply, note
from store.audit import Change
from store.interactions import InteractionKey
from store.outbox import Message
from store.session import Store, Transaction
from tests.world import counted

KEY = InteractionKey.of("command", "1", b"payload")
ROUNDS = 20
"""What the driver says depends on when the server hangs up: so many times it is one or another."""
WHO_ELSE = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def message(words: str = "x") -> Message:
    return Message("C1", words, built(section(words)), cause="test")


def reply(words: str) -> Reply:
    return note(built(section(words)), words)


async def do_everything(tx: Transaction) -> None:
    tx.say(message())
    tx.audit(Change("test", "C-1"))
    tx.answers(reply("done"))
    await tx.write_down(KEY)


async def is_empty(store: Store) -> bool:
    return not any([await counted(store, name) for name in ("outbox", "audit", "interactions")])


async def count_and_add(tx: Transaction) -> None:
    """Depend on what another transaction changes at the same time."""
    await tx.connection.execute(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
    await tx.connection.execute(text("SELECT count(*) FROM audit"))
    tx.audit(Change("test", "C-1"))
    await tx.write_down(None)
    tx._changes.clear()  # noqa: SLF001 - written already; the commit is what is tested
