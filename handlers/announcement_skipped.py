"""Announcements that were not made: why, in words, and what leads are told of it."""

from datetime import date, datetime

from handlers.blocks import Words, built, context, section
from handlers.leads import leads_told
from rules.catching_up import Why
from store.announcement_rows import AnnouncementRow
from store.outbox import Message
from store.session import Transaction

CAUSE = "announcement skipped"
MENDABLE = (
    Why.channel_gone,
    Why.channel_archived,
    Why.not_in_channel,
    Why.no_partner_message,
)
"""What leads can do something about."""


def why_words(why: Why, channel: str, week: date | None) -> str:
    """Why nothing was announced in a channel, and what to do where anything can be done."""
    words = Words("announcement_skipped", channel=channel, week=week)
    remedy = words[f"{why.name}_remedy"] if why in MENDABLE else ""
    return f"{words[why.name]} {remedy}".strip()


async def tell_of_skip(tx: Transaction, row: AnnouncementRow, *, leads_channel: str) -> None:
    """Tell leads what they can mend, once until something is announced there again."""
    if row.why is None or row.why not in MENDABLE:
        return
    if await tx.triage.claim_notice(_about(row.channel), row.why):
        words = Words("announcement_skipped", channel=row.channel, due_at=row.due_at)
        body = f"{words['skipped']}\n{why_words(row.why, row.channel, row.week)}"
        await _tell(tx, row.channel, body, words["once"], leads_channel)


async def tell_of_failure(
    tx: Transaction, schedule_id: int, channel: str, due_at: datetime, *, leads_channel: str
) -> bool:
    """Tell leads that what is due cannot be put together, once until its schedule says something.

    Gives whether they did not know.
    """
    if not await tx.triage.claim_notice(_about_schedule(schedule_id), "failed"):
        return False
    words = Words("announcement_skipped", channel=channel, due_at=due_at)
    await _tell(tx, channel, words["failed"], words["failed_remedy"], leads_channel)
    return True


async def forget_troubles(tx: Transaction, row: AnnouncementRow) -> None:
    """Note that something was said: if it fails again, leads hear again."""
    await tx.triage.forget_notice(_about(row.channel))
    if row.schedule_id:
        await tx.triage.forget_notice(_about_schedule(row.schedule_id))


async def _tell(tx: Transaction, channel: str, body: str, small: str, leads_channel: str) -> None:
    blocks = built(section(body), context(small))
    for lane in await leads_told(tx, leads_channel, but=channel):
        tx.say(Message(lane, body, blocks, cause=CAUSE))


def _about(channel: str) -> str:
    return f"announcements in {channel}"


def _about_schedule(schedule_id: int) -> str:
    return f"announcements of schedule {schedule_id}"
