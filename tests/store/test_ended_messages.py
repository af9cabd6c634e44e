"""Messages that ended long ago are forgotten, unless something still needs them."""

from uuid import UUID

import pytest
from sqlalchemy import Uuid, text

from bot.assembly import MESSAGES_KEPT_DAYS, tidy
from store.ended_messages import REMEMBERED_BY
from store.outbox import Message
from store.schema import metadata
from store.session import Store
from tests.world import run

IDS_OF_OTHERS = {"id", "updates", "leased_by", "lease", "batch", "mail_id"}
"""Columns of this kind that name no message, and the one that says which message is replaced."""

REMEMBER = {
    "announcements": """
        INSERT INTO announcements (key, kind, channel, topic, due_at, decided_at, breadth, of,
            language, message_id)
        VALUES ('k', 'event', 'C1', 'waves', now(), now(), 'everything', '', 'en-GB', :message)
    """,
    "posts": "INSERT INTO posts (about, lane, message) VALUES ('wave', 'C1', :message)",
    "told_facts": """
        INSERT INTO told_facts (person_id, fact, at, message_id, cause)
        VALUES ('U1', 'wave', now() + interval '10 years', :message, 'test')
    """,
}


async def said(
    store: Store, words: str, *, updates: UUID | None = None, thread_of: UUID | None = None
) -> UUID:
    """A message that was delivered long ago."""
    message = Message("C1", words, [], cause="test", updates=updates, thread_of=thread_of)
    async with store.transaction(actor="test") as tx:
        tx.say(message)
    await ended(store, days=MESSAGES_KEPT_DAYS + 1)
    return message.id


async def ended(store: Store, *, days: int) -> None:
    """All messages that wait are delivered, so many days ago."""
    await run(
        store,
        """
        UPDATE outbox SET state = 'delivered', ended_at = now() - make_interval(days => :days)
        WHERE ended_at IS NULL
        """,
        days=days,
    )
    await run(store, "UPDATE lanes SET done_number = last_number")


async def left(store: Store) -> list[str]:
    async with store.reading() as reading:
        query = text("SELECT fallback FROM outbox ORDER BY number")
        return list((await reading.connection.execute(query)).scalars())


async def test_what_ended_long_ago_is_forgotten_and_the_lane_goes_on(store: Store) -> None:
    await said(store, "long ago")
    async with store.transaction(actor="test") as tx:
        tx.say(Message("C1", "lately", [], cause="test"))
    await ended(store, days=MESSAGES_KEPT_DAYS - 1)
    async with store.transaction(actor="test") as tx:
        tx.say(Message("C1", "waiting", [], cause="test"))
    await tidy(store)
    assert await left(store) == ["lately", "waiting"]
    async with store.reading() as reading:
        assert await reading.waiting_messages() == 1


@pytest.mark.parametrize("table", REMEMBER)
async def test_what_something_remembers_stays_with_all_that_replaced_it(
    store: Store, table: str
) -> None:
    shown = await said(store, "shown")
    await said(store, "shown better", updates=shown)
    await run(store, REMEMBER[table], message=shown)
    await tidy(store)
    assert await left(store) == ["shown", "shown better"]


async def test_what_was_replaced_goes_once_what_replaced_it_went(store: Store) -> None:
    shown = await said(store, "shown")
    await said(store, "shown better", updates=shown)
    await tidy(store)
    await tidy(store)
    assert await left(store) == []


async def test_what_was_answered_goes_once_the_answers_went(store: Store) -> None:
    begun = await said(store, "begun")
    await said(store, "an answer", thread_of=begun)
    await tidy(store)
    assert await left(store) == ["begun"]
    await tidy(store)
    assert await left(store) == []


def test_all_that_names_messages_is_asked_before_one_is_forgotten() -> None:
    naming = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Uuid)
        and column.name not in IDS_OF_OTHERS
        and {key.column.table.name for key in column.foreign_keys} <= {"outbox"}
    }
    assert naming == set(REMEMBERED_BY)
