"""Whom to turn to: where the leads are to be found, and who gives a role."""

from rules.roles import GIVABLE, Role
from store.session import Reading


async def who_gives(reading: Reading, role: Role, *, but: str | None = None) -> list[str]:
    """Ids of those who may give a role, leads before admins; nobody gives one to themselves (`but`)."""
    may = [giver for giver in (Role.lead, Role.admin) if role in GIVABLE[giver]]
    people = [person for giver in may for person in await reading.roles.people_with(giver)]
    return [person for person in dict.fromkeys(people) if person != but]


async def leads_told(reading: Reading, leads_channel: str, *, but: str | None = None) -> list[str]:
    """The lane of the leads' channel; where Wavepost is not in it, each lead's own.

    `but` names a lane that is in trouble itself.
    """
    channel = await reading.channels.named(leads_channel)
    if channel and channel.joined and channel.id != but:
        return [channel.id]
    return [person for person in await reading.roles.people_with(Role.lead) if person != but]
