"""Saying, changing and taking back messages: the one place where that is told to everyone."""

from bot.sandbox.files_object import unexplained
from bot.sandbox.json_types import Json
from bot.sandbox.messages import Message
from bot.sandbox.workspace import Conversation, ConversationKind
from bot.sandbox.world import World

_CHANNEL_TYPE = {
    ConversationKind.channel: "channel",
    ConversationKind.private: "group",
    ConversationKind.dm: "im",
    ConversationKind.app: "im",
    ConversationKind.group_dm: "mpim",
}


def readers(conversation: Conversation) -> list[str] | None:
    """Who sees what happens there; None means everyone."""
    return None if conversation.kind is ConversationKind.channel else conversation.members


def say(world: World, conversation: Conversation, message: Message) -> Message:
    """Add a message, show it to who may see it, and tell the app."""
    conversation.log.add(message)
    world.is_dirty = True
    if message.only_for:
        described = message.as_slack() | {"ephemeral": True}
        event = {"type": "ephemeral", "channel": conversation.id, "message": described}
        world.live.tell(event, to=[message.only_for])
        return message
    described = conversation.log.describe(message)
    event = {"type": "message", "channel": conversation.id, "message": described}
    world.live.tell(event, to=readers(conversation))
    _tell_unread(world, conversation)
    _refresh_parent(world, conversation, message)
    _tell_app(world, conversation, message.as_slack(with_metadata=True), message.ts)
    _tell_mention(world, conversation, message)
    return message


def change(world: World, conversation: Conversation, message: Message, before: Json) -> None:
    """Show a message that was changed in place, and tell the app what it was before."""
    world.is_dirty = True
    if message.only_for:
        note = message.as_slack() | {"ephemeral": True}
        event = {"type": "message_changed", "channel": conversation.id, "message": note}
        world.live.tell(event, to=[message.only_for])
        return
    described = conversation.log.describe(message)
    event = {"type": "message_changed", "channel": conversation.id, "message": described}
    world.live.tell(event, to=readers(conversation))
    changed = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": message.as_slack(with_metadata=True),
        "previous_message": before,
    }
    _tell_app(world, conversation, changed, world.stamp())


def take_back(world: World, conversation: Conversation, message: Message) -> None:
    """Delete a message or a note."""
    conversation.log.remove(message)
    world.is_dirty = True
    gone = {"channel": conversation.id, "ts": message.ts}
    if message.only_for:
        world.live.tell({"type": "ephemeral_removed"} | gone, to=[message.only_for])
        return
    world.live.tell({"type": "message_deleted"} | gone, to=readers(conversation))
    _refresh_parent(world, conversation, message)
    deleted = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": message.ts,
        "previous_message": message.as_slack(with_metadata=True),
    }
    _tell_app(world, conversation, deleted, world.stamp())


def _tell_unread(world: World, conversation: Conversation) -> None:
    for user_id in world.live.watchers().intersection(conversation.members):
        unread = conversation.unread_for(user_id)
        event = {"type": "unread", "channel": conversation.id, "unread": unread}
        world.live.tell(event, to=[user_id])


def _refresh_parent(world: World, conversation: Conversation, message: Message) -> None:
    parent = conversation.log.get(message.thread_ts or "") if message.is_reply else None
    if parent:
        described = conversation.log.describe(parent)
        event = {"type": "message_changed", "channel": conversation.id, "message": described}
        world.live.tell(event, to=readers(conversation))


def _tell_app(world: World, conversation: Conversation, event: Json, ts: str) -> None:
    if world.directory.app.bot_user_id not in conversation.members:
        return
    event = _reduced(conversation, event) | {
        "channel": conversation.id,
        "channel_type": _CHANNEL_TYPE[conversation.kind],
        "ts": ts,
        "event_ts": ts,
    }
    world.events.tell(f"message.{conversation.family}", event)


def _reduced(conversation: Conversation, said: Json) -> Json:
    """What an event says: of files in a channel with another company, only that they are there."""
    if not conversation.is_shared:
        return said
    inside = {name: _reduced(conversation, said[name]) for name in _SAID if name in said}
    files = {"files": [unexplained(each) for each in said["files"]]} if "files" in said else {}
    return said | inside | files


_SAID = ("message", "previous_message")


def _tell_mention(world: World, conversation: Conversation, message: Message) -> None:
    bot_user_id = world.directory.app.bot_user_id
    # In the app's own direct conversation Slack sends message.im only.
    # Source: https://docs.slack.dev/reference/events/app_mention
    if bot_user_id not in conversation.members or conversation.is_direct:
        return
    if f"<@{bot_user_id}>" in message.text and message.user != bot_user_id:
        mention = _reduced(conversation, message.as_slack()) | {
            "type": "app_mention",
            "channel": conversation.id,
            "event_ts": message.ts,
        }
        world.events.tell("app_mention", mention)
