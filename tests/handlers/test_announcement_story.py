"""An announcement in its channel: said at once, its picture a moment later; then read, listed, asked why."""

from datetime import time, timedelta

from bot.assembly import Wavepost
from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from handlers.announcing import announce_now
from rules.announcement import Topic
from store.announcement_rows import ScheduleVersionRow
from store.session import Store
from tests.post_office import until
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, counted

WEEK = timedelta(weeks=1)
DRAWING = 120.0
"""Seconds: a process of its own begins for it, on a machine that may be busy."""


async def given(store: Store) -> None:
    """Thirty customers move next week, and one a week later."""
    world = World()
    world.csa()
    for number in range(30):
        world.customer(f"Customer {number:02}", id=f"C{number:02}", weeks={FIRST_MONDAY: 2})
    world.customer("Joe's Pizza", id="JOE", weeks={FIRST_MONDAY + WEEK: 1})
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_today(FIRST_MONDAY)


async def announced(store: Store, name: str) -> None:
    """Have a lead send what a schedule of this channel says."""
    async with store.transaction(actor="test") as tx:
        channel = await tx.channels.named(name)
        assert channel
        now = await tx.clock.now()
        says = ScheduleVersionRow.model_validate(
            {
                "since": now,
                "by": "U1",
                "channel": channel.id,
                "topic": Topic.everything,
                "weekday": 0,
                "at_time": time(9),
                "zone": "UTC",
            }
        )
        schedule = await tx.announcement_schedules.add(says)
        assert await announce_now(tx, schedule, key="test")


async def the_one(person: Person) -> Json:
    (message,) = await person.messages("#general")
    return message


async def said(store: Store) -> list[list[str]]:
    """The blocks of all announcements as they are kept, by their kinds."""
    async with store.reading() as reading:
        rows = [await reading.announcements.get(id_) for id_ in (1, 2)]
    return [[block["type"] for block in row.said or ()] for row in rows if row]


def kinds(message: Json) -> list[str]:
    return [block["type"] for block in message["blocks"]]


async def test_it_is_said_drawn_read_again_listed_whole_and_asked_why(
    wavepost: Wavepost, ana: Person
) -> None:
    store = wavepost.store
    await given(store)
    await announced(store, "general")

    assert await ana.sees(glued("*60 locations* of 30 customers move this week."), in_="#general")
    assert await ana.sees("• and 23 more", in_="#general")

    async def has_picture() -> bool:
        return "image" in kinds(await the_one(ana))

    await until(has_picture, patience=DRAWING)
    shown = await the_one(ana)
    assert kinds(shown)[-2:] == ["image", "actions"]
    assert glued("Chart of how many of 61 locations") in shown["blocks"][-2]["alt_text"]
    assert await said(store) == [kinds(shown)]

    # Where the same is said again, it has its picture from the start, and nothing is drawn anew.
    await announced(store, "migration-triage")
    assert await said(store) == [kinds(shown), kinds(shown)]
    assert await counted(store, "jobs") == 1

    await ana.press("See all", in_="#general")
    await ana.modal.opened()
    assert "Customer 29" in ana.modal.text
    assert "1–30 of 30" in ana.modal.text
    await ana.press("Next wave")
    assert await ana.sees(glued("Joe's Pizza · 1 location"))
    await ana.modal.close(everything=True)

    await ana.press("Why?", in_="#general")
    await ana.modal.opened()
    assert "is what the plan says" in ana.modal.text
    await ana.choose("Customer 07")
    assert await ana.sees("What decides its date")
    await ana.modal.close()
