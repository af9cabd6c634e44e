"""Got it, what concerned me and whom it reached: one conversation, from the announcement to the lead."""

from datetime import UTC, datetime, time, timedelta
from functools import partial

from sqlalchemy import text

from bot.assembly import Wavepost, announce
from bot.sandbox.server import Sandbox
from handlers.roles import give
from rules.announcement import Topic
from rules.roles import Role
from store.announcement_rows import ScheduleVersionRow
from store.session import Store
from tests.post_office import until
from tests.world import FIRST_MONDAY, World

NINE = datetime(2022, 1, 17, 9, tzinfo=UTC)


async def announced(store: Store, channel: str) -> None:
    """Joe's Pizza of Ana moves this week, which was announced on Monday in #general."""
    world = World()
    world.csa()
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY: 2})
    world.csa("nina@northwind.example", "Nina Nowhere")
    world.customer("Noodle House", csa="nina@northwind.example", weeks={FIRST_MONDAY: 1})
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        says = ScheduleVersionRow(
            schedule_id=0,
            version=0,
            since=NINE - timedelta(days=1),
            by="test",
            channel=channel,
            topic=Topic.waves,
            weekday=0,
            at_time=time(9),
            zone="UTC",
        )
        await tx.announcement_schedules.add(says)
        await tx.clock.set_now(NINE)
    await announce(store, leads_channel="migration-triage")


async def arrived(store: Store, lane: str) -> bool:
    """Whether all that was said in a lane is known to be there."""
    query = text("SELECT count(*) FROM outbox WHERE lane = :lane AND ended_at IS NULL")
    async with store.reading() as reading:
        return not (await reading.connection.execute(query, {"lane": lane})).scalar_one()


async def test_got_it_is_counted_once_and_everybody_sees_what_reached_them(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    ana, lea = await sandbox.person("ana"), await sandbox.person("lea")
    ana.patience = lea.patience = 30
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
    general = await ana.conversation_id("#general")
    assert "Nothing was announced yet" in await ana.command("/migration missed", in_="#general")
    assert "Nothing was announced yet" in await lea.command("/wavepost reached", in_="#general")

    await announced(store, general)
    await ana.sees("Joe's Pizza", in_="#general")
    await until(partial(arrived, store, general))
    await ana.home()
    await ana.sees("without your Got it", in_="home")
    await ana.press("See them", in_="home")
    await ana.modal.opened()
    assert "about Joe's Pizza: in <#" in str(ana.modal.view)

    await ana.press("Got it", in_="#general")
    await ana.sees("Thank you, noted.", in_="#general")
    await ana.press("What concerned me", in_="#general")
    await ana.sees("you pressed Got it", in_="#general")

    answer = await lea.command("/wavepost reached", in_="#general")
    assert "of 2 did not hear" in answer
    assert "nina@northwind.example" in answer
    assert "pressed Got it: @Ana Reyes" in answer
