"""What is due is announced once, by however many replicas, through all that clocks do."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.assembly import announce
from rules.announcement import Topic
from rules.catching_up import Why
from store.session import Store
from tests.handlers.announcing.schedules import (
    DAY,
    FRIDAY,
    LEA,
    LEADS,
    NINE,
    ROADMAP,
    WAVES,
    WEEK,
    kept,
    knock,
    moves_to,
    outcomes,
    said,
    says,
    scheduled,
)
from tests.world import FIRST_MONDAY, run


async def edited(store: Store, id_: int, channel: str = ROADMAP, **changes: Any) -> None:
    async with store.transaction(actor=LEA) as tx:
        await tx.announcement_schedules.get(id_, for_change=True)
        await tx.announcement_schedules.say(id_, says(channel, **changes))


async def test_what_is_due_is_announced_once_by_however_many_replicas(
    replicas: list[Store],
) -> None:
    store = replicas[0]
    for channel in (ROADMAP, WAVES):
        await scheduled(store, channel)
    await knock(*replicas)
    assert await said(store) == []

    await moves_to(store, NINE + timedelta(seconds=1))
    await knock(*replicas)
    await knock(*replicas)
    (in_roadmap,), (in_waves,) = await said(store), await said(store, WAVES)
    assert "Joe's Pizza" in in_roadmap
    assert "Joe's Pizza" in in_waves

    await moves_to(store, NINE + WEEK)
    await knock(*replicas)
    assert len(await said(store)) == 2


async def test_what_was_said_is_kept_with_its_facts_and_who_was_there(store: Store) -> None:
    for channel in (ROADMAP, WAVES):
        await scheduled(store, channel)
    await moves_to(store, NINE)
    await knock(store)

    first, second = await kept(store)
    assert (first.channel, first.members) == (ROADMAP, [LEA, "U2ANA"])
    assert (second.channel, second.members) == (WAVES, [])
    assert first.content == second.content
    assert first.said
    async with store.reading() as reading:
        query = text("SELECT digest, facts FROM announcement_contents")
        ((digest, facts),) = (await reading.connection.execute(query)).all()
        posted = await reading.connection.execute(text("SELECT id FROM outbox ORDER BY lane"))
        assert [first.message_id, second.message_id] == list(posted.scalars())
    assert (digest, facts) == (first.content, ["wave|2022-01-17|customer|JOE"])


async def test_what_is_due_in_a_channel_is_said_in_its_order(replicas: list[Store]) -> None:
    store = replicas[0]
    for minutes in (40, 10, 30, 0, 20):
        await scheduled(store, topic=Topic.roadmap, at_time=time(9, minutes))
    await moves_to(store, NINE + timedelta(hours=2))
    await knock(*replicas)

    async with store.reading() as reading:
        query = text("""
            SELECT due_at FROM outbox JOIN announcements ON message_id = outbox.id ORDER BY number
        """)
        dues = list((await reading.connection.execute(query)).scalars())
    assert dues == [NINE + timedelta(minutes=minutes) for minutes in (0, 10, 20, 30, 40)]


async def test_after_an_outage_the_day_is_caught_up_and_older_ones_are_kept_as_skipped(
    replicas: list[Store],
) -> None:
    store = replicas[0]
    await scheduled(store)
    await moves_to(store, NINE + 2 * WEEK + timedelta(hours=11, minutes=50))
    await knock(*replicas)

    assert await outcomes(store) == [
        (FIRST_MONDAY, Why.too_late),
        (FIRST_MONDAY + WEEK, Why.too_late),
        (FIRST_MONDAY + 2 * WEEK, None),
    ]
    assert len(await said(store)) == 1
    assert await said(store, LEADS) == []

    await moves_to(store, NINE + 3 * WEEK + timedelta(hours=12, minutes=1))
    await knock(*replicas)
    assert (await outcomes(store))[3:] == [(FIRST_MONDAY + 3 * WEEK, Why.too_late)]
    assert len(await said(store)) == 1


async def test_a_database_that_is_away_when_it_is_due_costs_nothing(store: Store) -> None:
    await scheduled(store)
    await moves_to(store, NINE)
    away = Store("postgresql+asyncpg://wavepost_app@127.0.0.1:9/none")
    await announce(away, leads_channel="leads")
    await away.close()

    await knock(store)
    assert len(await said(store)) == 1


async def test_a_clock_that_goes_back_says_nothing_twice_and_loses_nothing(
    replicas: list[Store],
) -> None:
    store = replicas[0]
    await scheduled(store)
    await moves_to(store, NINE)
    await knock(*replicas)
    # A month ahead, too late for four weeks; then back, before what was said already.
    await moves_to(store, NINE + 4 * WEEK + DAY)
    await knock(*replicas)
    assert [why for _, why in await outcomes(store)] == [None, *[Why.too_late] * 4]
    for days in (-1, 0, 7, 14):
        await moves_to(store, NINE + days * DAY + timedelta(seconds=30))
        await knock(*replicas)

    assert [why for _, why in await outcomes(store)] == [None, None, None, *[Why.too_late] * 2]
    assert len(await said(store)) == 3


@pytest.mark.parametrize(
    ("zone", "weekday", "at_time", "due_at"),
    [
        # The clock goes from 02:00 to 03:00, then from 02:00 back to 01:00.
        ("America/New_York", 6, time(2, 30), datetime(2022, 3, 13, 7, tzinfo=UTC)),
        ("America/New_York", 6, time(1, 30), datetime(2022, 11, 6, 5, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", 6, time(2, 15), datetime(2022, 10, 1, 15, 30, tzinfo=UTC)),
        ("Asia/Kathmandu", 0, time(9), datetime(2022, 2, 28, 3, 15, tzinfo=UTC)),
    ],
)
async def test_a_local_time_that_is_skipped_or_comes_twice_is_announced_once(
    store: Store, zone: str, weekday: int, at_time: time, due_at: datetime
) -> None:
    since = due_at - 2 * DAY
    await scheduled(store, zone=zone, weekday=weekday, at_time=at_time, since=since)
    await moves_to(store, due_at - timedelta(minutes=1))
    await knock(store)
    assert await kept(store) == []
    for minutes in (1, 61, 121):
        await moves_to(store, due_at + timedelta(minutes=minutes))
        await knock(store)

    assert [(row.due_at, row.why) for row in await kept(store)] == [(due_at, None)]
    assert len(await said(store)) == 1


async def test_what_was_due_before_an_edit_stays_due_as_it_was(store: Store) -> None:
    id_ = await scheduled(store)
    # Nobody could announce it; meanwhile a lead moved it to Friday, in another channel.
    await edited(store, id_, WAVES, since=NINE + timedelta(minutes=5), weekday=4)
    await moves_to(store, NINE + timedelta(minutes=10))
    await knock(store)
    assert (len(await said(store)), len(await said(store, WAVES))) == (1, 0)

    for days in (4, 11):
        await moves_to(store, NINE + days * DAY)
        await knock(store)
    assert (len(await said(store)), len(await said(store, WAVES))) == (1, 1)


async def test_what_is_paused_or_removed_says_nothing(store: Store) -> None:
    paused, removed = await scheduled(store), await scheduled(store, WAVES)
    await edited(store, paused, since=FRIDAY + DAY, is_paused=True)
    async with store.transaction(actor=LEA) as tx:
        await tx.announcement_schedules.remove(removed, FRIDAY + DAY)
    await moves_to(store, NINE)
    await knock(store)
    assert await kept(store) == []


async def test_one_that_cannot_be_put_together_keeps_no_other_waiting(
    replicas: list[Store],
) -> None:
    store = replicas[0]
    await scheduled(store, at_time=time(8))
    await moves_to(store, NINE)
    await knock(store)
    await scheduled(store, topic=Topic.progress, since=NINE)
    await scheduled(store, WAVES, zone="Nowhere/Atall")
    await run(store, "UPDATE announcement_contents SET content = content - 'about'")
    await moves_to(store, NINE + WEEK)
    await knock(*replicas)
    await knock(*replicas)
    assert len(await said(store)) == 2
    (told,) = await said(store, LEADS)
    assert "could not be put together" in told

    # It is tried until its time is over.
    await run(
        store,
        """UPDATE announcement_contents SET content = content || '{"about": ""}'
        WHERE NOT content ? 'about'""",
    )
    await knock(*replicas)
    assert len(await said(store)) == 3
