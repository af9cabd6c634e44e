"""Who may read what was announced: whoever can see the channel in which it was said, and leads."""

from collections.abc import Collection, Iterable

from rules.roles import Role
from store.channels import ChannelRow
from store.people import Person
from store.session import Reading


def may_read(person: Person, channel: ChannelRow | None, own: Collection[str]) -> bool:
    """Whether somebody may know what a channel is told; `own` are the channels that they are in.

    Leads may of all. Guests and strangers hold no role, so they never may, not even where they are.
    """
    if person.may(Role.lead):
        return True
    if channel is None or not person.may(Role.viewer):
        return False
    return not channel.private or channel.id in own


async def channels_read(reading: Reading, person: Person, ids: Iterable[str]) -> frozenset[str]:
    """Those of these channels of which somebody may know what they were told."""
    asked = frozenset(ids)
    if person.may(Role.lead):
        return asked
    own = await reading.channels.of_person(person.id)
    found = await reading.channels.some(asked)
    return frozenset(each.id for each in found if may_read(person, each, own))
