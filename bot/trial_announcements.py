"""The announcements of the trial: set up in its past, and the newest of each there to be read today."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.example.announcements import BEGUN_ON, WEEKLY, Weekly
from bot.trial_triage import CHANNEL as LEADS_CHANNEL
from handlers.announcement_picture import follow_announcement
from handlers.announcement_read import telling_of
from handlers.announcement_said import CAUSE
from handlers.announcement_schedules import Terms, begin
from handlers.announcement_turn import WAVEPOST, Announced
from handlers.announcing import announce_within
from rules.announced import Scope
from rules.announcement_content import Content
from store.outbox import Message
from store.session import Transaction

if TYPE_CHECKING:
    from bot.trial_past import Scene

EARLY = 12
WEEKS = 2


def announcing(by: "Callable[[str], AbstractAsyncContextManager[Transaction]]") -> "list[Scene]":
    """The scenes in which they are set up, and each is said in its weeks at its hour.

    `by` begins what somebody does, by e-mail address, or Wavepost itself.
    """

    async def set_up() -> None:
        for each in WEEKLY:
            async with by(each.by) as tx:
                await announce_weekly(tx, each)

    async def announce() -> None:
        async with by(WAVEPOST) as tx:
            await announce_within(tx, leads_channel=LEADS_CHANNEL)

    days = [
        (BEGUN_ON + timedelta(weeks=week, days=each.weekday), each.hour)
        for each in WEEKLY
        for week in range(WEEKS)
    ]
    return [(BEGUN_ON, EARLY, set_up), *((day, hour, announce) for day, hour in days)]


async def announce_weekly(tx: Transaction, weekly: Weekly) -> None:
    """Announce this from now on, by who this transaction is by; not where there is no such channel."""
    channel = await tx.channels.named(weekly.channel)
    if channel is None:
        return
    terms = Terms(
        channel=channel.id,
        topic=weekly.topic,
        scope=Scope(),
        weekday=weekly.weekday,
        at=weekly.at,
        zone=weekly.zone,
        language=weekly.language,
    )
    await begin(tx, terms)


async def say_newest(tx: Transaction) -> None:
    """Say what each schedule announced last, as it was then: who opens a channel finds it there."""
    schedules = await tx.announcement_schedules.all()
    newest = await tx.announcement_lines.newest([each.id for each in schedules])
    for line in newest.values():
        row = await tx.announcements.get(line.id)
        kept = await tx.announcements.content(row.content) if row and row.content else None
        if row is None or kept is None or row.message_id is None:
            continue
        content = Content.from_json(kept)
        fallback = telling_of(row, content).fallback
        tx.say(Message(row.channel, fallback, row.said or (), cause=CAUSE, id=row.message_id))
        await follow_announcement(tx, Announced(row, content))
