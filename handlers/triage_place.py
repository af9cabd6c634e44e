"""The place of triage: where posts about escalations go."""

from enum import StrEnum

from rules.roles import Role
from store.session import Reading


class Loss(StrEnum):
    """Why nothing can, or may, be posted in the channel that was chosen."""

    archived = "archived"
    left = "left"
    shared = "shared"
    guests = "guests"


async def loss_of(reading: Reading, channel: str | None) -> Loss | None:
    """Why nothing is posted in a channel; None where all is well, or none is chosen."""
    if channel is None:
        return None
    found = await reading.channels.get(channel)
    if found and found.archived:
        return Loss.archived
    if found is None or not found.joined:
        return Loss.left
    if found.shared:
        return Loss.shared
    return Loss.guests if await reading.channels.has_outsiders(channel) else None


async def triage_lanes(reading: Reading) -> list[str]:
    """The lanes in which triage reads about escalations: the channel's, else those of all leads."""
    channel = (await reading.triage.now()).triage.channel
    if channel and not await loss_of(reading, channel):
        return [channel]
    return [each.id for each in await reading.roles.members_who_may(Role.lead)]
