"""Putting files into messages, taking them away, and telling the app.

Source: https://docs.slack.dev/reference/events/file_shared, file_created and file_deleted, and
https://docs.slack.dev/reference/events/message/file_share
"""

from collections.abc import Sequence

from bot.sandbox import posting
from bot.sandbox.files import File, Share
from bot.sandbox.files_access import app_sees, shares_of
from bot.sandbox.files_object import described_in_message
from bot.sandbox.json_types import Json
from bot.sandbox.messages import Message
from bot.sandbox.workspace import Conversation
from bot.sandbox.world import World


def say_with(
    world: World, conversation: Conversation, message: Message, files: Sequence[File]
) -> Message:
    """Say a message that shows files. Events: message, file_created, file_shared."""
    fresh = [file for file in files if not app_sees(world, file)]
    share = Share(conversation.id, message.ts, message.thread_ts)
    message.subtype = "file_share"
    for file in files:
        file.shares.append(share)
    message.files = [described_in_message(world, file) for file in files]
    posting.say(world, conversation, message)
    if world.directory.app.bot_user_id in conversation.members:
        for file in files:
            _tell(world, file, new=file in fresh, share=share)
    return message


def _tell(world: World, file: File, *, new: bool, share: Share) -> None:
    if new:
        _tell_of(world, "file_created", file, user_id=file.user)
    _tell_of(world, "file_shared", file, user_id=file.user, channel_id=share.channel)


def _tell_of(world: World, event: str, file: File, **more: str) -> None:
    said: Json = {"type": event, "file_id": file.id, **more, "event_ts": world.stamp()}
    if event != "file_deleted":
        said["file"] = {"id": file.id}
    world.events.tell(event, said)


def uploaded_by_app(world: World, file: File) -> None:
    """Tell the app of a file it made itself. Event: file_created."""
    _tell_of(world, "file_created", file, user_id=file.user)


def delete(world: World, file: File) -> None:
    """Delete a file; messages that showed it say so. Event: file_deleted."""
    was_seen = app_sees(world, file)
    file.is_deleted = True
    world.files.bytes.remove(file.id)
    renew(world, file)
    if was_seen:
        _tell_of(world, "file_deleted", file)


def renew(world: World, file: File) -> None:
    """Show a file as it is now wherever a message shows it."""
    world.is_dirty = True
    for share in shares_of(world, file):
        conversation = world.directory.conversations[share.channel]
        message = conversation.log.get(share.ts)
        if message is None:
            continue
        now = described_in_message(world, file)
        message.files = [now if each["id"] == file.id else each for each in message.files]
        described = conversation.log.describe(message)
        event = {"type": "message_changed", "channel": conversation.id, "message": described}
        world.live.tell(event, to=posting.readers(conversation))


def renew_all(world: World) -> None:
    """Let kept messages name the address that the stand-in has in this run."""
    for file in world.files:
        renew(world, file)
