"""Announcements that wait for a channel that others read by now: they are not sent there any more."""

from collections.abc import Iterable

from handlers.blocks import Words, built, context, section
from handlers.leads import leads_told
from store.outbox import Message
from store.session import Transaction

CAUSE = "announcement held back"


async def hold_back(tx: Transaction, channels: Iterable[str], *, leads_channel: str) -> None:
    """End what waits for our own people in those of these channels that another organisation reads.

    Call it in the transaction that keeps who reads them. Whoever announces there holds the channel:
    what they said is seen here, or they see who reads it.
    """
    shared = await tx.channels.hold_shared(channels)
    if not shared:
        return
    told = {each: await leads_told(tx, leads_channel, but=each) for each in shared}
    lanes = {lane for each in told.values() for lane in each}
    held = await tx.announcements.hold_back(shared, lanes=lanes)
    for channel, messages in held.items():
        words = Words("announcement_skipped", channel=channel, messages=messages)
        blocks = built(section(words["held_back"]), context(words["held_back_remedy"]))
        for lane in told[channel]:
            tx.say(Message(lane, words.plain("held_back"), blocks, cause=CAUSE))
