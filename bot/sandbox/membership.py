"""People and the app coming into channels and leaving them."""

from bot.sandbox import posting
from bot.sandbox.json_types import Json
from bot.sandbox.messages import Message
from bot.sandbox.workspace import Conversation, ConversationKind, User
from bot.sandbox.world import World


def join(world: World, conversation: Conversation, user: User, inviter: User | None = None) -> None:
    """Add someone to a channel, say so there, and tell the app if it is in it."""
    if user.id in conversation.members:
        return
    conversation.members.append(user.id)
    _note(world, conversation, user, "channel_join", "joined", inviter)
    event = _event(world, "member_joined_channel", conversation, user)
    if inviter:
        event["inviter"] = inviter.id
    _tell(world, conversation, event)


def leave(world: World, conversation: Conversation, user: User) -> None:
    """Take someone out of a channel, say so there, and tell the app."""
    if user.id not in conversation.members:
        return
    _note(world, conversation, user, "channel_leave", "left")
    _tell(world, conversation, _event(world, "member_left_channel", conversation, user))
    conversation.members.remove(user.id)
    if user.id == world.directory.app.bot_user_id:
        kind = "channel" if conversation.kind is ConversationKind.channel else "group"
        left = f"{kind}_left"
        world.events.tell(left, {"type": left, "channel": conversation.id, "actor_id": user.id})


def _note(
    world: World,
    conversation: Conversation,
    user: User,
    subtype: str,
    verb: str,
    inviter: User | None = None,
) -> None:
    note = Message(
        ts=world.stamp(),
        channel=conversation.id,
        user=user.id,
        subtype=subtype,
        text=f"<@{user.id}> has {verb} the channel",
        inviter=inviter.id if inviter else None,
    )
    posting.say(world, conversation, note)
    world.live.tell({"type": "workspace"})


def _event(world: World, kind: str, conversation: Conversation, user: User) -> Json:
    is_public = conversation.kind is ConversationKind.channel
    return {
        "type": kind,
        "user": user.id,
        "channel": conversation.id,
        "channel_type": "C" if is_public else "G",
        "team": world.directory.team.id,
        "event_ts": world.stamp(),
    }


def _tell(world: World, conversation: Conversation, event: Json) -> None:
    if world.directory.app.bot_user_id in conversation.members:
        world.events.tell(event["type"], event)
