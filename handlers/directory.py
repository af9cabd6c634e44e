"""The directory follows the workspace: people, channels and user groups as Slack tells of them."""

from typing import Any

from handlers.announcement_holding import hold_back
from handlers.doors import event
from handlers.interaction import Interaction
from handlers.reply import Reply, nothing
from rules.roles import Kind
from store.channels import ChannelRow, UserGroupRow
from store.people import PersonRow
from store.session import Store, Transaction

SLACKBOT = "USLACKBOT"
US = "wavepost"


@event("team_join")
async def someone_joined(ask: Interaction, store: Store) -> Reply:
    """A new person in the workspace."""
    return await keep_person(ask, store)


@event("user_change")
async def someone_changed(ask: Interaction, store: Store) -> Reply:
    """A new name, e-mail address or time zone; a deactivation."""
    return await keep_person(ask, store)


async def keep_person(ask: Interaction, store: Store) -> Reply:
    """Keep a person as the event has them."""
    async with store.transaction(ask.key, actor=US) as tx:
        person = person_of(ask.payload["user"], ask.team)
        await tx.people.keep([person])
        entered = await tx.channels.of_strangers([person.id])
        await hold_back(tx, entered, leads_channel=ask.leads_channel)
    return nothing()


@event("channel_created")
async def channel_made(ask: Interaction, store: Store) -> Reply:
    """A new channel; we are not in it yet."""
    channel = ask.payload["channel"]
    async with store.transaction(ask.key, actor=US) as tx:
        await tx.channels.keep([ChannelRow(id=channel["id"], name=channel["name"])])
    return nothing()


async def renamed(ask: Interaction, store: Store) -> Reply:
    """A channel's new name; its id stays."""
    channel = ask.payload["channel"]
    async with store.transaction(ask.key, actor=US) as tx:
        await tx.channels.rename(channel["id"], channel["name"])
    return nothing()


async def archived(ask: Interaction, store: Store) -> Reply:
    """Nothing can be posted there any more."""
    async with store.transaction(ask.key, actor=US) as tx:
        await tx.channels.archive(ask.payload["channel"], archived=True)
    return nothing()


async def brought_back(ask: Interaction, store: Store) -> Reply:
    """A channel came back from the archive."""
    async with store.transaction(ask.key, actor=US) as tx:
        await tx.channels.archive(ask.payload["channel"], archived=False)
    return nothing()


# Slack says "channel" of public ones and "group" of private ones.
channel_renamed, group_renamed = event("channel_rename")(renamed), event("group_rename")(renamed)
channel_archived, group_archived = (
    event("channel_archive")(archived),
    event("group_archive")(archived),
)
channel_back = event("channel_unarchive")(brought_back)
group_back = event("group_unarchive")(brought_back)


@event("channel_shared")
async def shared(ask: Interaction, store: Store) -> Reply:
    """Another organisation reads along, at once: what is announced there changes with it."""
    async with store.transaction(ask.key, actor=US) as tx:
        await tx.channels.share(ask.payload["channel"], shared=True)
        await hold_back(tx, [ask.payload["channel"]], leads_channel=ask.leads_channel)
    return nothing()


@event("channel_unshared")
async def unshared(ask: Interaction, store: Store) -> Reply:
    """Another organisation left; there may be more."""
    async with store.transaction(ask.key, actor=US) as tx:
        await tx.channels.share(ask.payload["channel"], shared=ask.payload["is_ext_shared"])
    return nothing()


@event("member_joined_channel")
async def entered(ask: Interaction, store: Store) -> Reply:
    """Somebody, perhaps Wavepost itself, entered a channel."""
    channel, person = ask.payload["channel"], ask.payload["user"]
    # A private channel is not in the directory before Wavepost is invited to it.
    ours = channel_of(await ask.slack.channel(channel)) if person == ask.bot else None
    async with store.transaction(ask.key, actor=US) as tx:
        if ours:
            await tx.channels.keep([ours])
        await tx.channels.enter(channel, person)
        await hold_back(tx, [channel], leads_channel=ask.leads_channel)
    return nothing()


@event("member_left_channel")
async def left(ask: Interaction, store: Store) -> Reply:
    """Somebody, perhaps Wavepost itself, left a channel."""
    channel, person = ask.payload["channel"], ask.payload["user"]
    async with store.transaction(ask.key, actor=US) as tx:
        await tx.channels.leave(channel, person)
        if person == ask.bot:
            await tx.channels.join(channel, joined=False)
    return nothing()


@event("subteam_created")
async def group_made(ask: Interaction, store: Store) -> Reply:
    """A new user group."""
    return await keep_group(ask, store)


@event("subteam_updated")
async def group_changed(ask: Interaction, store: Store) -> Reply:
    """A user group's name, handle or members changed."""
    return await keep_group(ask, store)


async def keep_group(ask: Interaction, store: Store) -> Reply:
    """Keep a user group as the event has it."""
    async with store.transaction(ask.key, actor=US) as tx:
        await tx.channels.keep_groups([group_of(ask.payload["subteam"])])
    return nothing()


async def meet(tx: Transaction, user: dict[str, Any], team: str) -> None:
    """Keep a person who asked before the directory heard of them."""
    await tx.people.keep([person_of(user, team)])


def person_of(user: dict[str, Any], team: str) -> PersonRow:
    """A person from Slack's user object; `team` is our own workspace."""
    profile = user.get("profile", {})
    email = profile.get("email")
    return PersonRow(
        id=user["id"],
        name=profile.get("display_name") or user.get("real_name") or user.get("name", user["id"]),
        email=email.lower() if email else None,
        timezone=user.get("tz") or "UTC",
        kind=_kind(user, team),
        active=not user.get("deleted", False),
    )


def channel_of(channel: dict[str, Any]) -> ChannelRow:
    """A channel from Slack's conversation object."""
    return ChannelRow(
        id=channel["id"],
        name=channel["name"],
        private=channel.get("is_private", False),
        archived=channel.get("is_archived", False),
        shared=channel.get("is_ext_shared", False),
        joined=channel.get("is_member", False),
    )


def group_of(group: dict[str, Any]) -> UserGroupRow:
    """A user group from Slack's usergroup object; a switched-off one has no members."""
    members = [] if group.get("date_delete") else group.get("users", [])
    return UserGroupRow(id=group["id"], handle=group["handle"], name=group["name"], members=members)


def _kind(user: dict[str, Any], team: str) -> Kind:
    if user.get("is_bot") or user["id"] == SLACKBOT:
        return Kind.bot
    if user.get("is_stranger") or user.get("team_id", team) != team:
        return Kind.stranger
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Kind.guest
    return Kind.member
