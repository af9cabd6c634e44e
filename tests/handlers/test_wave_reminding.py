"""The leads hear of a wave that nobody started: once, by day, until somebody does."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.assembly import mind_waves
from handlers.running import start_wave
from rules.roles import Kind, Role
from rules.wave_life import Who
from store.people import PersonRow
from store.session import Store
from tests.waves_given import WEEK, given_wave
from tests.world import heard

MONDAY = datetime(2022, 1, 17, tzinfo=UTC)
LEADS = {"U1NZ": "Pacific/Auckland", "U2UK": "Europe/London", "U3NY": "America/New_York"}


@pytest.fixture(autouse=True)
async def world(store: Store) -> None:
    """A wave of this week that waits for leads on three continents."""
    await given_wave(store, running=False)
    async with store.transaction(actor="test") as tx:
        people = [
            PersonRow(id=id_, name=id_.lower(), kind=Kind.member, timezone=zone)
            for id_, zone in LEADS.items()
        ]
        await tx.people.keep(people)
        for lead in LEADS:
            await tx.roles.give(lead, Role.lead, by="test")


async def told(store: Store, hours: float) -> set[str]:
    """Who is told so many hours after Monday began in UTC, by three replicas at once."""
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(MONDAY + timedelta(hours=hours))
    await asyncio.gather(*(mind_waves(store) for _ in range(3)))
    said = await heard(store)
    assert all(len(each) == 1 for each in said.values())
    return set(said)


async def test_each_lead_hears_once_in_the_morning_of_monday_where_they_are(store: Store) -> None:
    assert await told(store, -5) == set()
    assert await told(store, -4) == {"U1NZ"}
    assert await told(store, 8.9) == set()
    assert await told(store, 9) == {"U2UK"}
    assert await told(store, 14) == {"U3NY"}
    assert await told(store, 48) == set()


async def test_a_week_that_is_nearly_over_reminds_nobody(store: Store) -> None:
    assert await told(store, 6 * 24) == set()


async def test_who_was_reminded_reads_there_who_started_it_and_hears_it_no_second_time(
    store: Store,
) -> None:
    assert await told(store, 9) == {"U1NZ", "U2UK"}
    async with store.transaction(actor="U2UK") as tx:
        await start_wave(tx, WEEK, by="U2UK", who=Who.lead)
    async with store.reading() as reading:
        query = text("SELECT lane, fallback FROM outbox WHERE updates IS NOT NULL ORDER BY 1")
        changed = [tuple(row) for row in await reading.connection.execute(query)]
    now = "The wave of Mon 17 Jan 2022 has begun. <@U2UK> started it."
    assert [(lane, said.replace("\N{NO-BREAK SPACE}", " ")) for lane, said in changed] == [
        ("U1NZ", now),
        ("U2UK", now),
    ]
    since_then = await heard(store)
    assert not {"U1NZ", "U2UK"} & since_then.keys()
    assert "has begun" in since_then["U3NY"][0], "who was not reminded is told"
    assert await told(store, 15) == set()


async def test_a_week_without_anybody_reminds_nobody(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(text("DELETE FROM promises"))
    assert await told(store, 9) == set()


async def test_the_reminder_starts_the_wave_as_it_stands(store: Store) -> None:
    assert "U2UK" in await told(store, 9)
    async with store.reading() as reading:
        query = text("SELECT blocks FROM outbox WHERE lane = 'U2UK'")
        blocks = (await reading.connection.execute(query)).scalar_one()
        wave = await reading.waves.get(WEEK)
    assert wave
    [start, _] = blocks[-1]["elements"]
    assert (start["action_id"], start["value"]) == ("wave_start", f"{WEEK}|{wave.version}")
