"""Channels, schedules that announce in them, and digests for who is in none."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import text

from bot.assembly import announce
from handlers.announced_digests import tell_left
from handlers.digests import tell_due
from handlers.told_news import facts_of
from rules.announcement import Topic
from rules.following import News
from store.announcement_rows import ScheduleVersionRow
from store.session import Store
from tests.world import FIRST_MONDAY, run

LEDGER = text("SELECT person_id, fact, at FROM told_facts WHERE at >= :since")
ANA, BEN, CLEO, DAN = "U1ANA", "U2BEN", "U3CLEO", "U4DAN"
PEOPLE = (ANA, BEN, CLEO, DAN)
EVERYBODY, EUROPE, OF_BEN = "C1ALL", "C2EUROPE", "C3BEN"
CHANNELS = (EVERYBODY, EUROPE, OF_BEN)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NINE = datetime(2022, 1, 17, 9, tzinfo=UTC)
NEXT = FIRST_MONDAY + WEEK
SATURDAY = NINE - 2 * DAY


def address(person: str) -> str:
    return f"{person.lower()}@northwind.example"


async def moves_to(store: Store, now: datetime) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(now)


async def members(store: Store, channel: str, *people: str) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.channels.keep_members(channel, people)


async def scheduled(store: Store, channel: str = EVERYBODY, **changes: Any) -> int:
    says = {
        "since": SATURDAY,
        "by": ANA,
        "channel": channel,
        "topic": Topic.waves,
        "weekday": 0,
        "at_time": time(9),
        "zone": "UTC",
    }
    async with store.transaction(actor=ANA) as tx:
        return await tx.announcement_schedules.add(
            ScheduleVersionRow.model_validate(says | changes)
        )


async def knock(store: Store, now: datetime) -> None:
    """It is `now`, and the clock knocks; what is said in channels and DMs arrives."""
    await moves_to(store, now)
    await announce(store, leads_channel="leads")
    await became(store, "delivered")
    await tell_left(store)
    await tell_due(store)
    await became(store, "delivered")


async def became(store: Store, state: str) -> None:
    await run(store, "UPDATE outbox SET state = :state WHERE state = 'waiting'", state=state)


async def dms(store: Store) -> dict[str, list[list[str]]]:
    """The facts that each DM told, by person, in their order."""
    query = text("""
        SELECT person_id, number, news FROM tidings JOIN outbox ON outbox.id = message_id
        ORDER BY person_id, number
    """)
    told: dict[str, dict[int, list[str]]] = defaultdict(dict)
    async with store.reading() as reading:
        for person, number, news in await reading.connection.execute(query):
            facts = [fact for each in news for fact in facts_of(News.from_json(each))]
            told[person].setdefault(number, []).extend(facts)
    return {person: [sorted(each) for each in numbers.values()] for person, numbers in told.items()}


def moves(customer: str) -> str:
    week = FIRST_MONDAY + int(customer[-1]) * WEEK
    return f"wave|{week}|customer|{customer}"


async def changed(store: Store, id_: int, change: str) -> None:
    """Let a schedule be "removed", "paused", go "on", or be announced "elsewhere", where nobody is."""
    terms: dict[str, dict[str, Any]] = {
        "paused": {"is_paused": True},
        "on": {"is_paused": False},
        "elsewhere": {"channel": EUROPE},
    }
    async with store.transaction(actor=ANA) as tx:
        (schedule,) = await tx.announcement_schedules.hold([id_])
        now = await tx.clock.now()
        if change == "removed":
            await tx.announcement_schedules.remove(id_, now)
        else:
            says = schedule.current.model_dump() | terms[change] | {"since": now}
            await tx.announcement_schedules.say(id_, ScheduleVersionRow.model_validate(says))
