"""What channels hear of a wave: one post each that shows where it stands, and what interrupts it below."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.assembly import mind_waves
from handlers.digests import tell_due
from handlers.running import start_wave, take_steps, take_wave_step
from handlers.wave_turn import Wish
from rules import location_life
from rules.announced import Breadth
from rules.announcement import Topic
from rules.following import EVERY_WAVE, Pace
from rules.roles import Kind, Role
from rules.wave_life import Step, Taken, Who
from store.people import PersonRow
from store.session import Store
from tests.channels_given import announced, given_channel, said
from tests.world import ANA, FIRST_MONDAY, World, run

WEEK = FIRST_MONDAY
MONDAY = datetime(2022, 1, 17, 10, tzinfo=UTC)
OMAR = "omar@northwind.example"
EVERYBODY, OMARS, ROADMAP, SHARED, PAUSED = "C1ALL", "C2OMAR", "C3MAP", "C4SHARED", "C5PAUSED"
FAY, GUS, LEA, BEN = "U1FAY", "U2GUS", "U3LEA", "U4BEN"
CHANNELS: Mapping[str, Mapping[str, object]] = {
    EVERYBODY: {"topic": Topic.everything},
    OMARS: {"topic": Topic.waves, "breadth": Breadth.csa, "of": OMAR, "language": "de-DE"},
    ROADMAP: {"topic": Topic.roadmap},
    SHARED: {"topic": Topic.waves},
    PAUSED: {"topic": Topic.waves, "is_paused": True},
}


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """Ana's Joe's and Omar's Cleo's are in the wave; Fay reads along in a channel, Gus in none."""
    world = World()
    world.csa()
    world.csa(OMAR, "Omar Haddad")
    world.customer("Joe's Pizza", id="joes", weeks={WEEK: 3}, csa=ANA)
    world.customer("Cleo's", id="cleos", weeks={WEEK: 1}, csa=OMAR)
    world.customer("Dina's", id="dinas", weeks={WEEK + timedelta(weeks=1): 1}, csa=ANA)
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.people.keep(
            PersonRow(id=id_, name=id_.lower(), kind=Kind.member, timezone="UTC")
            for id_ in (FAY, GUS, LEA, BEN)
        )
        await tx.roles.give(LEA, Role.lead, by="test")
        await tx.roles.give(BEN, Role.approver, by="test")
        for person in (FAY, GUS):
            await tx.subscriptions.choose(person, EVERY_WAVE, Pace.instant)
        for id_, says in CHANNELS.items():
            people = [FAY] if id_ == EVERYBODY else []
            await given_channel(tx, id_, people, is_shared=id_ == SHARED, **says)
    await at(store, MONDAY)


async def at(store: Store, now: datetime) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(now)


async def started(store: Store) -> None:
    async with store.transaction(actor=LEA) as tx:
        await start_wave(tx, WEEK, by=LEA, who=Who.lead)
    await announced(store)


async def took(store: Store, step: Step, by: str, who: Who, words: str = "") -> None:
    async with store.transaction(actor=by) as tx:
        wave = await tx.waves.get(WEEK)
        assert wave
        taken = Taken(step, by, who, wave.version, await tx.clock.now(), words)
        await take_wave_step(tx, WEEK, taken)
    await announced(store)


async def failed(store: Store, *locations: str) -> None:
    async with store.transaction(actor=LEA) as tx:
        wishes = [Wish(each, location_life.Step.fail, "The menu stopped") for each in locations]
        await take_steps(tx, WEEK, wishes, by=LEA, who=location_life.Who.lead)


async def in_channels(store: Store) -> dict[str, list[str]]:
    return {lane: words for lane, words in (await said(store)).items() if lane in CHANNELS}


async def test_a_wave_is_one_post_in_each_channel_from_its_eve_on(store: Store) -> None:
    await at(store, MONDAY - timedelta(days=1, hours=2))
    await mind_waves(store)
    assert await in_channels(store) == {}

    await at(store, MONDAY - timedelta(days=1))
    await asyncio.gather(*(mind_waves(store) for _ in range(3)))
    eve = await in_channels(store)
    assert {lane: len(words) for lane, words in eve.items()} == {EVERYBODY: 1, OMARS: 1}
    assert (
        "*The wave of Mon 17 Jan 2022 starts tomorrow*: 4 locations of 2 customers."
        in (eve[EVERYBODY][0])
    )
    assert "Joe's Pizza (3) · Cleo's" in eve[EVERYBODY][0]
    assert "*The wave of Mo., 17. Jan. 2022 starts tomorrow*" in eve[OMARS][0]
    assert "1 location of 1 customer of Omar Haddad" in eve[OMARS][0]
    assert "Joe's" not in eve[OMARS][0]

    await at(store, MONDAY)
    await asyncio.gather(*(mind_waves(store) for _ in range(3)))
    [due] = (await in_channels(store))[EVERYBODY]
    assert due.startswith("=")
    assert "has not begun yet*: 4 locations of 2 customers wait for it." in due

    await started(store)
    now = await said(store)
    assert {lane: [each[0] for each in now[lane]] for lane in (EVERYBODY, OMARS)} == {
        EVERYBODY: ["="],
        OMARS: ["="],
    }
    assert "*The wave of Mon 17 Jan 2022 has begun*: 4 locations" in now[EVERYBODY][0]
    await mind_waves(store)
    assert await in_channels(store) == {}


async def test_what_interrupts_a_wave_is_told_below_its_post_and_in_the_channel(
    store: Store,
) -> None:
    await started(store)
    await failed(store, "joes-L1")
    await said(store)
    await took(store, Step.pause, LEA, Who.lead, "Orders <are> lost")
    post, reply = (await said(store))[EVERYBODY]
    assert (post[0], reply[0]) == ("=", ">")
    assert f"*The wave of Mon 17 Jan 2022 is paused* by <@{LEA}>." in post
    assert "> Orders &lt;are&gt; lost" in post
    assert "So far none of 4 locations moved, 1 failed." in post
    assert "The menu stopped (1, no remedy yet)" in post
    assert f"<@{BEN}> decides whether it goes on; nobody else begins until then." in post
    in_short = f"*The wave of Mon 17 Jan 2022 is paused* by <@{LEA}>: 1 failed. <@{BEN}> decides."
    assert in_short in reply
    assert "Orders" not in reply
    assert "announcement_got_it" in post
    assert "announcement_got_it" not in reply

    await took(store, Step.go_on, BEN, Who.approver, "The menu was mended")
    post, reply = (await said(store))[EVERYBODY]
    assert (post[0], reply[0]) == ("=", ">")
    assert "goes on.*" in reply
    assert f"<@{BEN}> let it go on:" in reply
    assert "Joe's Pizza (3)" in post

    await took(store, Step.pause, LEA, Who.lead, "Again")
    await took(store, Step.roll_back, BEN, Who.approver, "It does not work")
    told = (await said(store))[EVERYBODY]
    assert [each[0] for each in told] == [">", "=", ">"], "what nobody saw yet is said better"
    assert "is being rolled back*: what moved returns to the old system." in told[-1]
    assert f"<@{BEN}> had it rolled back:" in told[-1]


async def test_who_reads_it_in_a_channel_is_not_told_by_direct_message_too(store: Store) -> None:
    await started(store)
    assert GUS in (began := await said(store))
    assert FAY not in began
    await took(store, Step.pause, LEA, Who.lead, "Orders are lost")
    paused = await said(store)
    assert "Orders are lost" in paused[GUS][0]
    assert FAY not in paused
    assert "You decide" in paused[BEN][0]


@pytest.mark.parametrize("arrives", [True, False])
async def test_who_was_to_read_it_in_a_channel_has_it_in_a_digest_where_that_failed(
    store: Store,
    arrives: bool,
) -> None:
    await started(store)
    await said(store)
    for step, words in ((Step.pause, "Orders are lost"), (Step.go_on, "The menu was mended")):
        await took(store, step, BEN, Who.lead if step is Step.pause else Who.approver, words)
        if not arrives:
            await run(store, "UPDATE outbox SET state = 'failed' WHERE lane = :all", all=EVERYBODY)
        assert FAY not in await said(store)
    await at(store, MONDAY + timedelta(days=1))
    await tell_due(store)
    told = (await said(store)).get(FAY, [])
    assert len(told) == (0 if arrives else 1)
    for digest in told:
        assert "The wave of *Mon 17 Jan 2022* goes on" in digest
        assert "paused" not in digest, "that is over"
    await tell_due(store)
    assert FAY not in await said(store)


async def test_a_step_is_announced_once_however_often_its_job_begins(store: Store) -> None:
    await started(store)
    await took(store, Step.pause, LEA, Who.lead, "Orders are lost")
    await said(store)
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(
            text("UPDATE jobs SET state = 'waiting', due_at = now() WHERE kind = 'announce waves'")
        )
    await announced(store)
    assert await in_channels(store) == {}


async def test_what_was_announced_is_kept_with_its_facts(store: Store) -> None:
    await at(store, MONDAY - timedelta(days=1))
    await mind_waves(store)
    await started(store)
    await took(store, Step.pause, LEA, Who.lead, "Orders are lost")
    async with store.reading() as reading:
        query = text("""
            SELECT kind, week, facts, members, said IS NOT NULL AS is_said,
                (SELECT thread_of IS NOT NULL FROM outbox WHERE id = message_id) AS is_below
            FROM announcements JOIN announcement_contents ON digest = announcements.content
            WHERE channel = :channel ORDER BY announcements.id
        """)
        rows = (await reading.connection.execute(query, {"channel": EVERYBODY})).all()
    customers = [f"wave|{WEEK}|customer|joes", f"wave|{WEEK}|customer|cleos"]
    assert [row.facts for row in rows] == [
        customers,
        [f"wave|{WEEK}|started"],
        [f"wave|{WEEK}|paused|3"],
    ]
    assert [row.is_below for row in rows] == [False, False, True]
    assert {(row.kind, row.week, tuple(row.members), row.is_said) for row in rows} == {
        ("event", WEEK, (FAY,), True)
    }


async def test_a_channel_that_outsiders_read_hears_nothing_from_the_next_step_on(
    store: Store,
) -> None:
    await started(store)
    assert EVERYBODY in await said(store)
    async with store.transaction(actor="test") as tx:
        await tx.people.keep([PersonRow(id="U9SAM", name="sam", kind=Kind.stranger)])
        await tx.channels.enter(EVERYBODY, "U9SAM")
    await took(store, Step.pause, LEA, Who.lead, "Orders are lost")
    told = await said(store)
    assert EVERYBODY not in told
    assert FAY in told, "who hears it nowhere else is told"


async def test_a_wave_that_the_plan_emptied_does_not_wait_in_its_channels(store: Store) -> None:
    await at(store, MONDAY - timedelta(days=1))
    await mind_waves(store)
    await said(store)
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(text("DELETE FROM promises WHERE customer_id = 'cleos'"))
    await at(store, MONDAY)
    await mind_waves(store)
    told = await in_channels(store)
    assert "has nobody of Omar Haddad any more" in told[OMARS][0]
    assert "3 locations of 1 customer wait for it" in told[EVERYBODY][0]
