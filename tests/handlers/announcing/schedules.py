"""Schedules of announcements in three channels, and what was said there."""

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, text

from handlers.announcing import announce_due
from rules.announcement import Topic
from rules.catching_up import Why
from rules.partner_message import Audience, State
from store.announcement_rows import AnnouncementRow, ScheduleVersionRow
from store.partner_rows import PartnerMessageRow
from store.session import Store, StoreUnavailable
from tests.world import FIRST_MONDAY, run

ROADMAP, WAVES, SHARED, LEADS = "C1ROADMAP", "C2WAVES", "C3SHARED", "C9LEADS"
LEA = "U1LEA"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NINE = datetime(2022, 1, 17, 9, tzinfo=UTC)
FRIDAY = NINE - 3 * DAY


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
