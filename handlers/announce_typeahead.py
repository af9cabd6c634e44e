"""What the form of a weekly announcement offers for the letters typed so far."""

from handlers.announce_typed import scope_value
from handlers.announce_words import channel_label, scopes, zone_label
from handlers.blocks import MOST_IN_OPTION_VALUE, option
from handlers.doors import options
from handlers.interaction import Interaction
from handlers.reply import Reply, offer
from rules.naming import fold
from rules.roles import Role
from rules.zones import zones_like
from store.session import Store

MOST_OFFERED = 100


@options("announce_channel", role=Role.lead)
async def offer_channels(ask: Interaction, store: Store) -> Reply:
    """Channels that Wavepost is in, and that the lead can see."""
    async with store.reading() as reading:
        found = await reading.channels.offered(ask.value, person=ask.person.id, most=MOST_OFFERED)
    return offer([option(channel_label(each), each.id).to_dict() for each in found])


@options("announce_scope", role=Role.lead)
async def offer_scopes(ask: Interaction, store: Store) -> Reply:
    """Everybody, and CSAs, features and regions that the letters may mean."""
    async with store.reading() as reading:
        every = await scopes(reading)
    wanted = fold(ask.value) if ask.value.strip() else ""
    said = ((label, scope_value(scope)) for scope, label in every.items())
    found = [
        option(label, value).to_dict()
        for label, value in said
        if wanted in fold(label) and len(value) <= MOST_IN_OPTION_VALUE
    ]
    return offer(found[:MOST_OFFERED])


@options("announce_zone", role=Role.lead)
async def offer_zones(ask: Interaction, _store: Store) -> Reply:
    """Places whose clocks the letters may mean."""
    found = zones_like(ask.value, most=MOST_OFFERED)
    return offer([option(zone_label(each), each).to_dict() for each in found])
