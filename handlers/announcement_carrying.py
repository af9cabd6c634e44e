"""What a channel carries, as far as the directory knows, and what was said there already."""

from datetime import date

from handlers.announcement_said import partner_said
from rules import carrying
from rules.carrying import Carries, carried
from rules.catching_up import Why
from rules.partner_message import Audience
from store.channels import ChannelRow
from store.partner_rows import PartnerMessageRow
from store.session import Reading, Transaction


async def carried_by(reading: Reading, channel_id: str, week: date | None) -> Carries | Why:
    """What a channel carries in a week, or why nothing is announced in it."""
    return await _carried(reading, await reading.channels.get(channel_id), week)


async def carried_still(tx: Transaction, channel_id: str, week: date | None) -> Carries | Why:
    """The same, and it stays so until the commit: who shares the channel meanwhile waits."""
    return await _carried(tx, await tx.channels.unchanged(channel_id), week)


async def to_be_said(tx: Transaction, channel_id: str, week: date | None) -> Carries | Why:
    """The same for who announces: what partners were told of a week is not said to them again."""
    carries = await carried_still(tx, channel_id, week)
    if carries is not Carries.partner_message or week is None:
        return carries
    approved = await for_partners(tx, week)
    if approved is None:
        return Why.no_partner_message
    message = partner_said(approved.text, week, channel=channel_id)
    is_said = await tx.announcements.has_said(channel_id, week, message.blocks)
    return Why.said_already if is_said else carries


async def for_partners(reading: Reading, week: date | None) -> PartnerMessageRow | None:
    """The approved message to partners for a wave."""
    return await reading.partner_messages.current(week, Audience.partner) if week else None


async def _carried(reading: Reading, found: ChannelRow | None, week: date | None) -> Carries | Why:
    if found is None:
        return Why.channel_gone
    channel = carrying.Channel(
        is_archived=found.archived,
        is_joined=found.joined,
        is_shared=found.shared or await reading.channels.has_strangers(found.id),
    )
    approved = await for_partners(reading, week)
    return carried(channel, has_partner_message=approved is not None)
