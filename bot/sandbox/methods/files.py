"""files.*: the app brings files, looks at them and takes them away."""

from functools import partial

from bot.sandbox import files_sharing
from bot.sandbox.blocks import completed
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.files import File
from bot.sandbox.files_access import app_sees, shares_of
from bot.sandbox.files_blocks import check_pictures
from bot.sandbox.files_kinds import SNIPPETS, kind_of, picture_of
from bot.sandbox.files_object import describe_file
from bot.sandbox.files_uploads import Upload
from bot.sandbox.json_types import Json
from bot.sandbox.limits.messages import check_message
from bot.sandbox.messages import Message
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.workspace import Conversation, ConversationKind
from bot.sandbox.world import World

_ALT_TXT = 1000
_SNIPPET = 1_000_000  # bytes: "limited to 1MB"
_CHANNELS = 100


async def get_upload_url(world: World, call: Call) -> Json:
    """files.getUploadURLExternal: an address for the bytes of one file."""
    name, length = call.required("filename"), call.number("length", 0)
    if length < 1:
        raise SlackError("missing_argument")
    if length > world.files.largest:
        raise SlackError("file_upload_size_restricted")
    if len(call.text("alt_txt")) > _ALT_TXT:
        raise SlackError("alt_txt_too_large")
    snippet_type = call.text("snippet_type") or None
    if snippet_type and snippet_type not in SNIPPETS:
        raise SlackError("unknown_snippet_type")
    if snippet_type and length > _SNIPPET:
        raise SlackError("snippet_too_large")
    world.files.forget_expired()
    file_id = world.files.new_id()
    ticket = world.files.uploads.announce(
        file_id, name, length, call.text("alt_txt") or None, snippet_type
    )
    return {"upload_url": f"{world.address}/upload/v1/{ticket}", "file_id": file_id}


async def complete_upload(world: World, call: Call) -> Json:
    """files.completeUploadExternal: make files of what was uploaded, and share them.

    The message with them is said once Slack has looked at the files, not at once.
    """
    asked = _asked(call)
    uploads = [_uploaded(world, str(each.get("id"))) for each in asked]
    conversations = _destinations(world, call)
    comment = _comment(world, call)
    thread_ts = _thread(conversations, call.text("thread_ts"))
    files = [
        _file_of(world, upload, str(each.get("title") or upload.name))
        for each, upload in zip(asked, uploads, strict=True)
    ]
    for conversation in conversations:
        share = partial(_share, world, conversation, files, comment, thread_ts)
        world.files.processing.afterwards(share)
    return {"files": [describe_file(world, file) for file in files]}


def _asked(call: Call) -> list[Json]:
    asked = call.decoded("files", "invalid_arguments")
    if not isinstance(asked, list) or not asked or not all(isinstance(e, dict) for e in asked):
        raise invalid_arguments("must provide an array [json-pointer:/files]")
    if len({each.get("id") for each in asked}) < len(asked):
        raise invalid_arguments("must name each file once [json-pointer:/files]")
    return asked


def _uploaded(world: World, file_id: str) -> Upload:
    upload = world.files.uploads.of_file(file_id)
    if upload is None:
        raise SlackError("file_not_found")
    return upload


def _destinations(world: World, call: Call) -> list[Conversation]:
    channel_id, several = call.text("channel_id"), call.listed("channels")
    if len(several) > _CHANNELS:
        raise SlackError("channels_limit_exceeded")
    if channel_id:
        return [_destination(world, channel_id, "channel_not_found")]
    named = [_direct(world, name) or name for name in several]
    return [_destination(world, name, "invalid_channel") for name in dict.fromkeys(named)]


def _direct(world: World, name: str) -> str | None:
    """The app's conversation with a person; `channels` may name people by their id."""
    user = world.directory.users.get(name)
    if user is None or user.is_bot or user.deleted:
        return None
    return world.directory.direct(user.id, world.directory.app.bot_user_id).id


def _destination(world: World, name: str, unknown: str) -> Conversation:
    conversation = world.directory.conversations.get(name)
    if conversation is None:
        raise SlackError(unknown)
    if world.directory.app.bot_user_id not in conversation.members:
        is_public = conversation.kind is ConversationKind.channel
        raise SlackError("not_in_channel" if is_public else unknown)
    if conversation.is_archived:
        raise SlackError("posting_to_channel_denied")
    return conversation


def _comment(world: World, call: Call) -> Json:
    """The words beside the files: `initial_comment`, else `blocks`."""
    text = call.text("initial_comment")
    blocks = None if text else call.decoded("blocks", "invalid_blocks")
    if blocks:
        payload: Json = {"text": text, "blocks": blocks}
        check_message(payload)
        check_pictures(world, payload)
    return {"text": text, "blocks": blocks or []}


def _thread(conversations: list[Conversation], ts: str) -> str | None:
    if not ts:
        return None
    if len(conversations) != 1:
        raise invalid_arguments("only one channel with thread_ts [json-pointer:/thread_ts]")
    parent = conversations[0].log.get(ts)
    if parent is None:
        raise SlackError("thread_not_found")
    return parent.thread_ts or ts


def _file_of(world: World, upload: Upload, title: str) -> File:
    head = world.files.bytes.head(upload.file_id)
    kind = SNIPPETS[upload.snippet_type] if upload.snippet_type else kind_of(upload.name, head)
    file = File(
        id=upload.file_id,
        name=upload.name,
        title=title,
        user=world.directory.app.bot_user_id,
        size=upload.length,
        created=int(world.clock.machine()),
        kind=kind,
        picture=picture_of(kind, head),
        alt_txt=upload.alt_txt,
        is_snippet=upload.snippet_type is not None,
    )
    world.files.uploads.complete(upload)
    world.files.processing.start(file.id)
    world.is_dirty = True
    files_sharing.uploaded_by_app(world, file)
    return world.files.add(file)


def _share(
    world: World,
    conversation: Conversation,
    files: list[File],
    comment: Json,
    thread_ts: str | None,
) -> None:
    app = world.directory.app
    message = Message(
        ts=world.stamp(),
        channel=conversation.id,
        user=app.bot_user_id,
        text=comment["text"],
        blocks=completed(comment["blocks"]),
        bot_id=app.bot_id,
        app_id=app.app_id,
        thread_ts=thread_ts,
    )
    left = [file for file in files if not file.is_deleted]
    if left:
        files_sharing.say_with(world, conversation, message, left)


async def info(world: World, call: Call) -> Json:
    """files.info: one file."""
    file = _visible(world, call)
    return {
        "file": describe_file(world, file),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


async def delete(world: World, call: Call) -> Json:
    """files.delete: take away a file of the app's own."""
    file = _visible(world, call)
    if file.user != world.directory.app.bot_user_id:
        raise SlackError("cant_delete_file")
    files_sharing.delete(world, file)
    return {}


def _visible(world: World, call: Call) -> File:
    file = world.files.get(call.required("file"))
    if file is None or not app_sees(world, file):
        raise SlackError("file_not_found")
    if file.is_deleted:
        raise SlackError("file_deleted")
    return file


_TYPES = frozenset({"all", "canvases", "gdocs", "images", "pdfs", "snippets", "spaces", "zips"})


async def list_(world: World, call: Call) -> Json:
    """files.list: the files the app may see, newest first, a numbered page at a time."""
    found = [file for file in world.files if not file.is_deleted and app_sees(world, file)]
    found = [file for file in reversed(found) if _matches(world, call, file)]
    count, number = max(1, min(call.number("count", 100), 1000)), max(1, call.number("page", 1))
    shown = found[(number - 1) * count : number * count]
    return {
        "files": [describe_file(world, file) for file in shown],
        "paging": {
            "count": count,
            "total": len(found),
            "page": number,
            "pages": -(-len(found) // count),
        },
    }


def _matches(world: World, call: Call, file: File) -> bool:
    channel, user = call.text("channel"), call.text("user")
    in_time = call.number("ts_from", 0) <= file.created <= call.number("ts_to", file.created)
    in_channel = not channel or any(s.channel == channel for s in shares_of(world, file))
    return in_time and in_channel and user in {"", file.user} and _is_wanted(call, file)


def _is_wanted(call: Call, file: File) -> bool:
    wanted = set(call.listed("types")) or {"all"}
    if not wanted <= _TYPES:
        raise SlackError("unknown_type")
    is_image = file.kind.mimetype.startswith("image/")
    kinds = {"images": is_image, "snippets": file.is_snippet}
    kinds |= {f"{name}s": file.kind.filetype == name for name in ("pdf", "zip")}
    return "all" in wanted or any(kinds.get(name, False) for name in wanted)


METHODS = (
    Method("files.completeUploadExternal", complete_upload, Tier.four, ("files:write",)),
    Method("files.delete", delete, Tier.three, ("files:write",)),
    Method("files.getUploadURLExternal", get_upload_url, Tier.four, ("files:write",)),
    Method("files.info", info, Tier.four, ("files:read",)),
    Method("files.list", list_, Tier.three, ("files:read",)),
)
