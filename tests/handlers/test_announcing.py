"""What is due is announced once, by however many replicas, through all that clocks and channels do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from bot.assembly import announce
from handlers.announcement_holding import hold_back
from handlers.announcement_picture import show
from handlers.announcing import NotCarried, announce_due, announce_now, preview
from handlers.blocks import section
from handlers.errors import NotThere
from handlers.event_announcing import Event, Said, say_event
from rules.announcement import Topic
from rules.announcement_content import Content
from rules.catching_up import Why
from rules.partner_message import Audience, State
from rules.roles import Kind, Role
from store.announcement_rows import AnnouncementRow, ScheduleVersionRow
from store.announcements import HELD_BACK
from store.channels import ChannelRow
from store.lanes import Lanes
from store.partner_rows import PartnerMessageRow
from store.people import PersonRow
from store.session import Store, StoreUnavailable
from tests.world import FIRST_MONDAY, World, run

ROADMAP, WAVES, SHARED, LEADS = "C1ROADMAP", "C2WAVES", "C3SHARED", "C9LEADS"
LEA = "U1LEA"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NINE = datetime(2022, 1, 17, 9, tzinfo=UTC)
FRIDAY = NINE - 3 * DAY


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Joe's Pizza moves on Monday; it is Friday, and three channels can be announced in."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="JOE", weeks={FIRST_MONDAY: 2})
    await world.keep(store)
    await moves_to(store, FRIDAY)
    async with store.transaction(actor="test") as tx:
        people = {LEA: Kind.member, "U2ANA": Kind.member, "U3OUT": Kind.stranger}
        await tx.people.keep(
            [PersonRow(id=id_, name=id_, kind=kind) for id_, kind in people.items()]
        )
        await tx.roles.give(LEA, Role.lead, by="test")
        names = {ROADMAP: "roadmap", WAVES: "waves", SHARED: "shared", LEADS: "leads"}
        await tx.channels.keep(
            [ChannelRow(id=id_, name=name, joined=True) for id_, name in names.items()]
        )
        await tx.channels.keep_members(ROADMAP, ["U2ANA", LEA])
        await tx.channels.keep_members(SHARED, ["U2ANA", "U3OUT"])
    await run(store, "DELETE FROM outbox")


@pytest.fixture
async def replicas(store: Store, database_url: str) -> AsyncIterator[list[Store]]:
    """Three Waveposts on one database."""
    others = [Store(database_url) for _ in range(2)]
    yield [store, *others]
    for other in others:
        await other.close()


async def moves_to(store: Store, now: datetime) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(now)


async def knock(*stores: Store) -> None:
    """All look twice, at once; on a busy machine each until it was connected in time."""

    async def look(store: Store) -> None:
        while True:
            with suppress(StoreUnavailable):
                return await announce_due(store, leads_channel="leads")

    await asyncio.gather(*(look(each) for each in stores * 2))


def says(channel: str = ROADMAP, **changes: Any) -> ScheduleVersionRow:
    values = {
        "since": FRIDAY,
        "by": LEA,
        "channel": channel,
        "topic": Topic.waves,
        "weekday": 0,
        "at_time": time(9),
        "zone": "UTC",
    }
    return ScheduleVersionRow.model_validate(values | changes)


async def scheduled(store: Store, channel: str = ROADMAP, **changes: Any) -> int:
    async with store.transaction(actor=LEA) as tx:
        return await tx.announcement_schedules.add(says(channel, **changes))


async def edited(store: Store, id_: int, channel: str = ROADMAP, **changes: Any) -> None:
    async with store.transaction(actor=LEA) as tx:
        await tx.announcement_schedules.get(id_, for_change=True)
        await tx.announcement_schedules.say(id_, says(channel, **changes))


async def said(store: Store, lane: str = ROADMAP) -> list[str]:
    """What was said in a lane, in order."""
    async with store.reading() as reading:
        query = text("SELECT blocks::text FROM outbox WHERE lane = :lane ORDER BY number")
        return list((await reading.connection.execute(query, {"lane": lane})).scalars())


async def kept(store: Store) -> list[AnnouncementRow]:
    """All announcements, by when they were due."""
    async with store.reading() as reading:
        found = await reading.connection.execute(
            text("SELECT * FROM announcements ORDER BY due_at, id")
        )
        return [AnnouncementRow.model_validate(dict(row)) for row in found.mappings()]


async def outcomes(store: Store) -> list[tuple[date | None, Why | None]]:
    return [(row.week, Why(row.why) if row.why else None) for row in await kept(store)]


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


async def approved(store: Store, words: str, *, number: int = 1) -> None:
    """Have partners told this of the first wave, in place of what was approved before."""
    await run(store, "UPDATE partner_messages SET state = 'superseded'")
    row = PartnerMessageRow(
        week=FIRST_MONDAY,
        audience=Audience.partner,
        number=number,
        text=words,
        writers=[LEA],
        state=State.current,
        version=1,
        written_at=FRIDAY,
    )
    async with store.transaction(actor=LEA) as tx:
        await tx.connection.execute(insert(PartnerMessageRow).values(row.model_dump()))


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
