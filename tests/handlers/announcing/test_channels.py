"""What is not said in a channel, because it carries nothing or because others read there."""

from datetime import time, timedelta

import pytest
from sqlalchemy import text

from handlers.announcement_holding import hold_back
from handlers.announcement_picture import show
from handlers.announcing import announce_now
from handlers.blocks import section
from handlers.event_announcing import Event, Said, say_event
from rules.announcement import Topic
from rules.announcement_content import Content
from rules.catching_up import Why
from rules.roles import Kind
from store.announcements import HELD_BACK
from store.lanes import Lanes
from store.people import PersonRow
from store.session import Store
from tests.handlers.announcing.schedules import (
    LEA,
    LEADS,
    NINE,
    ROADMAP,
    WAVES,
    WEEK,
    approved,
    kept,
    knock,
    moves_to,
    outcomes,
    said,
    says,
    scheduled,
)
from tests.world import FIRST_MONDAY, run


@pytest.mark.parametrize(
    ("lost", "found", "why"),
    [
        ("archived = true", "archived = false", Why.channel_archived),
        ("joined = false", "joined = true", Why.not_in_channel),
        ("id = 'C1GONE'", "id = 'C1ROADMAP'", Why.channel_gone),
        ("shared = true", "shared = false", Why.no_partner_message),
    ],
)
async def test_leads_hear_once_that_a_channel_carries_nothing_until_it_does_again(
    store: Store, lost: str, found: str, why: Why
) -> None:
    await scheduled(store)
    change = "UPDATE channels SET {} WHERE name = 'roadmap'"
    steps = [lost, lost, found, lost]
    for weeks, step in enumerate(steps):
        await run(store, change.format(step))
        await moves_to(store, NINE + weeks * WEEK)
        await knock(store)

    assert [row_why for _, row_why in await outcomes(store)] == [why, why, None, why]
    assert len(await said(store)) == 1
    told = await said(store, LEADS)
    assert len(told) == 2
    assert f"<#{ROADMAP}>" in told[0]


async def test_a_channel_with_another_name_is_the_same_channel(store: Store) -> None:
    await scheduled(store)
    async with store.transaction(actor="test") as tx:
        await tx.channels.rename(ROADMAP, "our-roadmap")
    await moves_to(store, NINE)
    await knock(store)
    assert len(await said(store)) == 1


async def queued(store: Store, lane: str) -> list[tuple[str, str | None]]:
    """What became of the messages of a lane, in order."""
    async with store.reading() as reading:
        query = text("SELECT state, problem FROM outbox WHERE lane = :lane ORDER BY number")
        rows = await reading.connection.execute(query, {"lane": lane})
        return [(row.state, row.problem) for row in rows]


async def test_what_waits_for_a_channel_that_is_shared_meanwhile_is_not_sent_there(
    store: Store,
) -> None:
    await scheduled(store)
    await scheduled(store, topic=Topic.roadmap)
    await approved(store, "We move on Monday.")
    await moves_to(store, NINE)
    await knock(store)
    for _ in range(2):
        async with store.transaction(actor="test") as tx:
            await tx.channels.share(ROADMAP, shared=True)
            await hold_back(tx, [ROADMAP, WAVES], leads_channel="leads")
    await scheduled(store, at_time=time(10))
    await moves_to(store, NINE + timedelta(hours=1))
    await knock(store)
    async with store.transaction(actor="test") as tx:
        await hold_back(tx, [ROADMAP], leads_channel="leads")
        lanes = Lanes(tx.connection)
        soon = timedelta(milliseconds=1)
        leased = await lanes.lease(most=9, duration=timedelta(minutes=1), interval=soon)

    held = ("failed", HELD_BACK)
    assert await queued(store, ROADMAP) == [held, held, ("sending", None)]
    (parcel,) = (each for each in leased if each.lane == ROADMAP)
    assert "We move on Monday." in str(parcel.blocks), "what partners may read is sent"
    (told,) = await said(store, LEADS)
    assert "*2\N{NO-BREAK SPACE}messages to <#C1ROADMAP> were not sent:*" in told


@pytest.mark.parametrize("is_known_first", [True, False])
async def test_a_stranger_who_enters_keeps_what_waits_from_being_sent(
    store: Store, *, is_known_first: bool
) -> None:
    await scheduled(store)
    await moves_to(store, NINE)
    await knock(store)
    stranger = PersonRow(id="U9NEW", name="new", kind=Kind.stranger)
    async with store.transaction(actor="test") as tx:
        if is_known_first:
            await tx.people.keep([stranger])
        await tx.channels.enter(ROADMAP, stranger.id)
        await hold_back(tx, [ROADMAP], leads_channel="leads")
    async with store.transaction(actor="test") as tx:
        await tx.people.keep([stranger])
        entered = await tx.channels.of_strangers([stranger.id])
        await hold_back(tx, entered, leads_channel="leads")

    assert await queued(store, ROADMAP) == [("failed", HELD_BACK)]
    assert len(await said(store, LEADS)) == 1


async def test_who_announces_keeps_a_channel_from_being_shared_until_all_is_seen(
    replicas: list[Store],
) -> None:
    announcing, sharing, *_ = replicas
    id_ = await scheduled(announcing)
    free = text("SELECT id FROM channels WHERE name IN ('roadmap', 'waves') FOR UPDATE SKIP LOCKED")
    async with announcing.transaction(actor=LEA) as tx:
        await announce_now(tx, id_, key="press 1")
        async with sharing.transaction(actor="test") as other:
            assert list((await other.connection.execute(free)).scalars()) == [WAVES]


@pytest.mark.parametrize("lost", ["shared = true", "archived = true", "joined = false"])
async def test_a_picture_is_not_shown_where_it_is_not_carried_any_more(
    store: Store, lost: str
) -> None:
    await scheduled(store, topic=Topic.progress)
    await scheduled(store, WAVES, topic=Topic.progress)
    await moves_to(store, NINE)
    await knock(store)
    await run(store, "UPDATE outbox SET state = 'delivered', ts = '1', ended_at = now()")
    change = "UPDATE channels SET {} WHERE name = 'roadmap'"
    await run(store, change.format(lost))
    async with store.transaction(actor="test") as tx:
        content = await tx.announcements.content(str((await kept(store))[0].content))
        assert content
        await show(tx, content["picture"]["digest"], "F1")

    assert len(await said(store)) == 1
    assert len(await said(store, WAVES)) == 2


async def test_what_happens_is_not_said_in_a_channel_that_is_shared_meanwhile(
    store: Store,
) -> None:
    await scheduled(store)
    await moves_to(store, NINE)
    await knock(store)
    (row,) = await kept(store)
    async with store.transaction(actor="test") as tx:
        content = Content.from_json(await tx.announcements.content(str(row.content)) or {})
    event = Event("wave", "wave started", NINE, FIRST_MONDAY)
    told = Said("It started", lambda _: [section("It started")], [], content)
    for is_shared in (True, False):
        async with store.transaction(actor="test") as tx:
            await tx.channels.share(ROADMAP, shared=is_shared)
            await say_event(tx, event, says(), told)
        assert len(await said(store)) == (1 if is_shared else 2)
