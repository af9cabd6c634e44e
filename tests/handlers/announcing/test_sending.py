"""What people have said with an announcement, see before, and send now."""

import pytest

from handlers.announcing import NotCarried, announce_now, preview
from handlers.errors import NotThere
from rules.catching_up import Why
from store.session import Store
from tests.handlers.announcing.schedules import (
    FRIDAY,
    LEA,
    NINE,
    WEEK,
    kept,
    knock,
    moves_to,
    said,
    says,
    scheduled,
)
from tests.world import run


async def test_a_note_is_said_with_the_next_announcement_alone(store: Store) -> None:
    id_ = await scheduled(store)
    async with store.transaction(actor=LEA) as tx:
        await tx.announcement_schedules.note(id_, "Cake at noon", by=LEA)
    for weeks in (0, 1):
        await moves_to(store, NINE + weeks * WEEK)
        await knock(store)

    first, second = await said(store)
    assert "Cake at noon" in first
    assert "Cake at noon" not in second
    assert [row.note for row in await kept(store)] == ["Cake at noon", None]


async def test_what_is_sent_now_is_sent_once_and_the_week_still_comes(store: Store) -> None:
    id_ = await scheduled(store)
    for key, is_new in (("press 1", True), ("press 1", False), ("press 2", True)):
        async with store.transaction(actor=LEA) as tx:
            assert bool(await announce_now(tx, id_, key=key)) is is_new
    assert len(await said(store)) == 2

    await moves_to(store, NINE)
    await knock(store)
    assert len(await said(store)) == 3
    assert [row.kind for row in await kept(store)] == ["now", "now", "weekly"]


async def test_nothing_is_sent_now_where_it_cannot_be(store: Store) -> None:
    id_ = await scheduled(store)
    await run(store, "UPDATE channels SET joined = false WHERE name = 'roadmap'")
    with pytest.raises(NotCarried) as refused:
        async with store.transaction(actor=LEA) as tx:
            await announce_now(tx, id_, key="press 1")
    assert refused.value.why is Why.not_in_channel
    assert "Invite me" in refused.value.words
    async with store.transaction(actor=LEA) as tx:
        await tx.announcement_schedules.remove(id_, FRIDAY)
    with pytest.raises(NotThere):
        async with store.transaction(actor=LEA) as tx:
            await announce_now(tx, id_, key="press 2")
    assert await kept(store) == []


async def test_a_preview_says_the_same_and_keeps_nothing(store: Store) -> None:
    async with store.reading() as reading:
        shown = await preview(reading, says(), note="Cake at noon")
    assert "Joe's Pizza" in str(shown.blocks)
    assert "Cake at noon" in str(shown.blocks)
    assert await said(store) == []
    assert await kept(store) == []
