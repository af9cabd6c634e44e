"""Where another organisation reads, only what was approved is said."""

from datetime import time, timedelta

import pytest

from handlers.announcing import NotCarried, announce_now
from rules.announcement import Topic
from rules.catching_up import Why
from store.session import Store
from tests.handlers.announcing.schedules import (
    LEA,
    LEADS,
    NINE,
    SHARED,
    WEEK,
    approved,
    kept,
    knock,
    moves_to,
    outcomes,
    said,
    scheduled,
)
from tests.world import run


async def test_where_another_organisation_reads_only_the_approved_message_is_said(
    store: Store,
) -> None:
    await scheduled(store, SHARED)
    await approved(store, "Old words")
    await approved(store, "We move on Monday.", number=2)
    for weeks in (0, 1):
        await moves_to(store, NINE + weeks * WEEK)
        await knock(store)

    (only,) = await said(store, SHARED)
    assert "We move on Monday." in only
    assert "Joe" not in only
    assert "Old words" not in only
    first, second = await kept(store)
    assert (first.carries, first.content) == ("partner message", None)
    assert (second.why, len(await said(store, LEADS))) == (Why.no_partner_message, 1)


async def test_several_schedules_say_the_same_approved_words_once_in_a_week(store: Store) -> None:
    first = await scheduled(store, SHARED)
    for hour in (10, 11):
        await scheduled(store, SHARED, at_time=time(hour), topic=Topic.roadmap)
    await approved(store, "We move on Monday.")
    await moves_to(store, NINE + timedelta(hours=1))
    await knock(store)
    with pytest.raises(NotCarried) as refused:
        async with store.transaction(actor=LEA) as tx:
            await announce_now(tx, first, key="press 1")
    await approved(store, "We move on Tuesday.", number=2)
    await moves_to(store, NINE + timedelta(hours=2))
    await knock(store)

    assert [why for _, why in await outcomes(store)] == [None, Why.said_already, None]
    assert len(await said(store, SHARED)) == 2
    assert await said(store, LEADS) == []
    assert "was said in <#C3SHARED> already" in str(refused.value)


async def test_approved_words_that_did_not_arrive_are_said_by_the_next_schedule(
    store: Store,
) -> None:
    await scheduled(store, SHARED)
    await scheduled(store, SHARED, at_time=time(10))
    await approved(store, "We move on Monday.")
    await moves_to(store, NINE)
    await knock(store)
    await run(store, "UPDATE outbox SET state = 'failed', ended_at = now()")
    await moves_to(store, NINE + timedelta(hours=1))
    await knock(store)

    assert [why for _, why in await outcomes(store)] == [None, None]
