"""News that are told: by one of several replicas, again after a crash, and in the morning."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from handlers.digests import tell, tell_due
from rules.following import EVERY_WAVE, Pace
from rules.roles import Kind as PersonKind
from store.people import PersonRow
from store.session import Store
from tests.handlers.news.tidings import (
    JOES,
    OMAR,
    OMARS,
    U_ANA,
    U_OMAR,
    imported,
    master,
    messages,
    now_is,
    planned,
    told,
)
from tests.world import run


async def test_several_replicas_tell_everybody_once(store: Store, tmp_path: Path) -> None:
    people = [f"U{number:02}" for number in range(20)]
    async with store.transaction(actor="test") as tx:
        for person in people:
            row = PersonRow(id=person, name=person, kind=PersonKind.member)
            await tx.people.keep([row])
            await tx.subscriptions.choose(person, EVERY_WAVE, Pace.daily)
    await imported(store, tmp_path, master=master(*JOES))
    await planned(store)
    await now_is(store, datetime(2022, 1, 17, 9, tzinfo=UTC))

    await asyncio.gather(*(tell_due(store) for _ in range(4)))

    for person in [*people, U_ANA]:
        assert len(await messages(store, person)) == 1


async def test_what_dies_before_its_commit_is_told_by_the_next(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tmp_path, master=master(*JOES))
    await planned(store)
    now = datetime(2022, 1, 17, 9, tzinfo=UTC)

    async def tell_and_die() -> None:
        async with store.transaction(actor="clock") as tx:
            assert await tx.tidings.next_person(now) == U_ANA
            await tell(tx, U_ANA, await tx.tidings.due_for(U_ANA, now), now)
            raise LookupError

    with pytest.raises(LookupError):
        await tell_and_die()
    await told(store, now)

    assert len(await messages(store, U_ANA)) == 1


async def test_who_is_being_told_is_left_to_the_one_who_does_it(
    store: Store, tmp_path: Path
) -> None:
    of_omar = f"L3,C2,Sam's,{OMAR},active,"
    await imported(store, tmp_path, master=master(*JOES, of_omar))
    await planned(store)
    now = datetime(2022, 1, 17, 9, tzinfo=UTC)
    async with store.transaction(actor="clock") as first, store.transaction(actor="clock") as other:
        assert await first.tidings.next_person(now) == U_ANA
        assert await other.tidings.next_person(now) == U_OMAR


async def test_what_is_due_since_long_waits_for_the_morning(store: Store, tmp_path: Path) -> None:
    await imported(store, tmp_path, master=master(*JOES))
    await planned(store)
    await told(store, datetime(2022, 2, 1, 3, tzinfo=UTC))
    assert await messages(store, U_ANA) == []
    await told(store, datetime(2022, 2, 1, 8, 59, tzinfo=UTC))
    assert await messages(store, U_ANA) == []
    await told(store, datetime(2022, 2, 1, 9, tzinfo=UTC))
    assert len(await messages(store, U_ANA)) == 1


async def test_news_that_cannot_be_told_keep_nobody_else_waiting(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tmp_path, master=master(*JOES, OMARS))
    await planned(store)
    await run(store, "UPDATE tidings SET news = '[{}]' WHERE person_id = :ana", ana=U_ANA)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(datetime(2022, 1, 18, 12, tzinfo=UTC))

    await tell_due(store)

    async with store.reading() as reading:
        said = await reading.connection.execute(text("SELECT lane FROM outbox"))
        assert said.scalars().all() == [U_OMAR]
        kept = text("SELECT due_at FROM tidings WHERE person_id = :ana AND message_id IS NULL")
        due_at = (await reading.connection.execute(kept, {"ana": U_ANA})).scalar_one()
        assert due_at > await reading.clock.now()
