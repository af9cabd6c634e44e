"""What is announced, whom it speaks of and when, as people say it."""

from collections.abc import Mapping
from datetime import time

from handlers.dates import short
from handlers.followed import hour
from rules.announced import Breadth, Scope
from rules.announcement import Topic
from store.channels import ChannelRow
from store.session import Reading

TOPICS: Mapping[Topic, str] = {
    Topic.everything: "All of it",
    Topic.waves: "This wave and the next",
    Topic.roadmap: "The roadmap",
    Topic.progress: "Progress and forecast",
    Topic.failures: "Failures and remedies",
}
FOR_PARTNERS = "The approved message for partners"
"""All that is said where another company reads along, whatever was chosen."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_NAME = 50
EVERYBODY = "All customers"
_SCOPES: Mapping[Breadth, str] = {
    Breadth.csa: "Customers of {}",
    Breadth.region: "Locations in {}",
    Breadth.feature: "Those who need {}",
}


def scope_said(scope: Scope, name: str = "") -> str:
    """Whom a schedule speaks of: "Customers of Ana Reyes"; `name` is what the CSA or feature is called."""
    said = _SCOPES.get(scope.breadth)
    return said.format(short(name or scope.of, LONGEST_NAME)) if said else EVERYBODY


async def scopes(reading: Reading) -> dict[Scope, str]:
    """All that a schedule can speak of, as people say it, in the order in which to offer it."""
    csas = await reading.subscriptions.csas()
    features = await reading.subscriptions.features()
    named = {Scope(Breadth.csa, each.id): name for each, name in csas}
    named |= {Scope(Breadth.feature, each.id): name for each, name in features}
    named |= {Scope(Breadth.region, each): each for each in await reading.places.regions()}
    return {Scope(): EVERYBODY, **{each: scope_said(each, name) for each, name in named.items()}}


def place_of(zone: str) -> str:
    """Where a time zone is: "New York"."""
    return zone.rpartition("/")[2].replace("_", " ")


def weekly_said(weekday: int, at: time, zone: str) -> str:
    """When something is announced: "Mondays at 09:00, New York"."""
    return f"{WEEKDAYS[weekday]}s at {hour(at)}, {place_of(zone)}"


def channel_label(channel: ChannelRow) -> str:
    """A channel in a list, with what one has to know of it."""
    note = " (shared with another company)" if channel.shared else ""
    return f"#{channel.name}{note}"


def zone_label(zone: str) -> str:
    """A time zone in a list: "New York (America/New_York)"."""
    return zone if place_of(zone) == zone else f"{place_of(zone)} ({zone})"
