"""Where the leads are to be found."""

from rules.roles import Role
from store.session import Reading


async def leads_told(reading: Reading, leads_channel: str, *, but: str | None = None) -> list[str]:
    """The lane of the leads' channel; where Wavepost is not in it, each lead's own.

    `but` names a lane that is in trouble itself.
    """
    channel = await reading.channels.named(leads_channel)
    if channel and channel.joined and channel.id != but:
        return [channel.id]
    return [person for person in await reading.roles.people_with(Role.lead) if person != but]
