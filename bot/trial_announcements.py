"""The announcements of the trial: set up in its past, and the newest of each there to be read today."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.example.announcements import BEGUN_ON, FRIDAY, WEEKLY, Weekly
from bot.example.people import LEAD, SECOND_LEAD
from bot.trial_triage import CHANNEL as LEADS_CHANNEL
from handlers.announcement_picture import follow_announcement
from handlers.announcement_read import telling_of
from handlers.announcement_said import CAUSE, partner_said
from handlers.announcement_schedules import Terms, begin
from handlers.announcement_turn import WAVEPOST, Announced
from handlers.announcing import announce_within
from handlers.partner_deciding import decide
from handlers.partner_draft import first_draft
from handlers.partner_told import Place, Pressed
from handlers.partner_writing import begin as write
from rules.announced import Scope
from rules.announcement_content import Content
from rules.calendar import start_of_week
from rules.partner_message import Audience, Step, Taken, Version, Who
from store.announcement_rows import AnnouncementRow
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

    async def tell_partners() -> None:
        async with by(LEAD.email) as tx:
            place, draft = await write_to_partners(tx)
        async with by(SECOND_LEAD.email) as tx:
            now = await tx.clock.now()
            taken = Taken(Step.approve, tx.actor, Who.second, draft.standing.version, now)
            await decide(tx, Pressed(place, draft.number, draft.standing.version), taken)

    days = [
        (BEGUN_ON + timedelta(weeks=week, days=each.weekday), each.hour)
        for each in WEEKLY
        for week in range(WEEKS)
    ]
    fridays = [BEGUN_ON + timedelta(weeks=week, days=FRIDAY) for week in range(WEEKS)]
    return [
        (BEGUN_ON, EARLY, set_up),
        *((friday, EARLY, tell_partners) for friday in fridays),
        *((day, hour, announce) for day, hour in days),
    ]


async def write_to_partners(tx: Transaction) -> tuple[Place, Version]:
    """A draft of what partners are told of next week's wave, by who this transaction is by."""
    next_week = start_of_week((await tx.clock.now()).date()) + timedelta(weeks=1)
    place = Place(next_week, Audience.partner)
    return place, await write(tx, place, await first_draft(tx, place))


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
        if row is None or row.said is None or row.message_id is None:
            continue
        content = await _content(tx, row)
        fallback = telling_of(row, content).fallback if content else _partners_fallback(row)
        tx.say(Message(row.channel, fallback, row.said, cause=CAUSE, id=row.message_id))
        if content:
            await follow_announcement(tx, Announced(row, content))


async def _content(tx: Transaction, row: AnnouncementRow) -> Content | None:
    kept = await tx.announcements.content(row.content) if row.content else None
    return Content.from_json(kept) if kept else None


def _partners_fallback(row: AnnouncementRow) -> str:
    return partner_said("", row.week or row.due_at.date(), channel=row.channel).fallback
