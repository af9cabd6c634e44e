"""chat.*: the app says, changes and takes back."""

from bot.sandbox import files_sharing, posting
from bot.sandbox.blocks import completed
from bot.sandbox.errors import SlackError
from bot.sandbox.files_blocks import check_pictures
from bot.sandbox.files_object import named_files
from bot.sandbox.json_types import Json
from bot.sandbox.limits.messages import UPDATE_TEXT, check_message
from bot.sandbox.messages import Message
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.methods.reach import reachable
from bot.sandbox.workspace import Conversation, ConversationKind
from bot.sandbox.world import World

_POST_LIMIT = (
    40_000  # longer text is cut: https://docs.slack.dev/reference/methods/chat.postMessage
)
_CUSTOM = ("username", "icon_emoji", "icon_url")


async def post_message(world: World, call: Call) -> Json:
    """chat.postMessage: say something in a channel, or to a person in the app's conversation."""
    conversation = _destination(world, call.text("channel"))
    payload = _payload(call)
    check_message(payload)
    check_pictures(world, payload)
    *before, last = _split(payload)
    for part in before:
        posting.say(world, conversation, _message(world, call, conversation, part))
    message = _message(world, call, conversation, last)
    files = named_files(world, message.text)
    if files:
        files_sharing.say_with(world, conversation, message, files)
    else:
        posting.say(world, conversation, message)
    return _said(conversation, message)


def _split(payload: Json) -> list[Json]:
    """A text alone that is too long for one message, as several; the last carries the metadata.

    That Slack splits is captured; where, and which message it answers with, is unsourced.
    """
    text = payload["text"] or ""
    if len(text) <= UPDATE_TEXT or payload["blocks"] or payload["attachments"]:
        return [payload]
    parts: list[str] = []
    while len(text) > UPDATE_TEXT:
        cut = max(text.rfind(mark, 0, UPDATE_TEXT) for mark in "\n ") + 1 or UPDATE_TEXT
        parts.append(text[:cut])
        text = text[cut:]
    return [*({**payload, "text": p, "metadata": None} for p in parts), {**payload, "text": text}]


async def post_ephemeral(world: World, call: Call) -> Json:
    """chat.postEphemeral: say something that only one member of the channel sees."""
    reader = call.required("user")
    conversation = _destination(world, call.text("channel"))
    if reader not in world.directory.users:
        raise SlackError("user_not_in_channel")
    if reader not in conversation.members:
        raise SlackError("user_not_in_channel")
    payload = _payload(call)
    check_message(payload)
    check_pictures(world, payload)
    message = _message(world, call, conversation, payload)
    message.only_for = reader
    posting.say(world, conversation, message)
    return {"message_ts": message.ts}


async def update(world: World, call: Call) -> Json:
    """chat.update: change a message of the app's."""
    conversation = reachable(world, call.required("channel"))
    message = conversation.log.get(call.required("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.user != world.directory.app.bot_user_id:
        raise SlackError("cant_update_message")
    payload = _payload(call)
    check_message(payload, updating=True)
    check_pictures(world, payload)
    before = message.as_slack(with_metadata=True)
    _rewrite(world, message, payload)
    posting.change(world, conversation, message, before)
    return _said(conversation, message) | {"text": message.text}


def _rewrite(world: World, message: Message, payload: Json) -> None:
    # Blocks and attachments left out stay; text given alone removes the blocks.
    # Source: https://docs.slack.dev/reference/methods/chat.update
    if payload.get("text") is not None:
        message.text = payload["text"]
        if payload.get("blocks") is None:
            message.blocks = []
    if payload.get("blocks") is not None:
        message.blocks = completed(payload["blocks"])
    if payload.get("attachments") is not None:
        message.attachments = payload["attachments"]
    if payload.get("metadata") is not None:
        message.metadata = payload["metadata"] or None
    message.edited = {"user": message.user, "ts": world.stamp()}


async def delete(world: World, call: Call) -> Json:
    """chat.delete: take back a message of the app's."""
    conversation = reachable(world, call.required("channel"))
    message = conversation.log.get(call.required("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.user != world.directory.app.bot_user_id:
        raise SlackError("cant_delete_message")
    posting.take_back(world, conversation, message)
    return {"channel": conversation.id, "ts": message.ts}


async def permalink(world: World, call: Call) -> Json:
    """chat.getPermalink: an address of a message."""
    conversation = reachable(world, call.required("channel"))
    message = conversation.log.get(call.required("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    domain = world.directory.team.domain
    place = f"{conversation.id}/p{message.ts.replace('.', '')}"
    link = f"https://{domain}.slack.com/archives/{place}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={conversation.id}"
    return {"channel": conversation.id, "permalink": link}


def _destination(world: World, name: str) -> Conversation:
    directory = world.directory
    if not name:
        raise SlackError("channel_not_found")
    if name in directory.users:
        person = directory.users[name]
        # A deactivated person's conversation is closed to apps; captured as channel_not_found.
        if person.id == directory.app.bot_user_id or person.deleted:
            raise SlackError("channel_not_found")
        if not world.manifest.messages_tab:
            raise SlackError("messages_tab_disabled")
        return directory.direct(person.id, directory.app.bot_user_id)
    conversation = directory.channel(name)
    if conversation is None:
        raise SlackError("channel_not_found")
    _check_may_post(world, conversation)
    return conversation


def _check_may_post(world: World, conversation: Conversation) -> None:
    is_member = world.directory.app.bot_user_id in conversation.members
    is_public = conversation.kind is ConversationKind.channel
    if not is_member and not is_public:
        raise SlackError("channel_not_found")
    if conversation.is_archived:
        raise SlackError("is_archived")
    if not is_member and "chat:write.public" not in world.manifest.scopes:
        raise SlackError("not_in_channel")


def _payload(call: Call) -> Json:
    text = call.args.get("text")
    return {
        "text": None if text is None else str(text)[:_POST_LIMIT],
        "blocks": call.decoded("blocks", "invalid_blocks_format"),
        "attachments": call.decoded("attachments", "invalid_attachments_format"),
        "metadata": call.decoded("metadata", "invalid_metadata_format"),
        "markdown_text": call.args.get("markdown_text"),
    }


def _message(world: World, call: Call, conversation: Conversation, payload: Json) -> Message:
    app = world.directory.app
    thread_ts = _thread(conversation, call.text("thread_ts"))
    may_dress = "chat:write.customize" in world.manifest.scopes
    dress = {name: call.text(name) for name in _CUSTOM if may_dress and call.text(name)}
    icons = {name.removeprefix("icon_"): v for name, v in dress.items() if name != "username"}
    text = payload["text"] if payload["text"] is not None else payload["markdown_text"]
    return Message(
        ts=world.stamp(),
        channel=conversation.id,
        user=app.bot_user_id,
        text=text or "",
        blocks=completed(payload["blocks"] or []),
        attachments=payload["attachments"] or [],
        bot_id=app.bot_id,
        app_id=app.app_id,
        username=dress.get("username"),
        icons=icons or None,
        thread_ts=thread_ts,
        broadcast=call.flag("reply_broadcast"),
        metadata=payload["metadata"] or None,
    )


def _thread(conversation: Conversation, ts: str) -> str | None:
    if not ts:
        return None
    parent = conversation.log.get(ts)
    if parent is None:
        raise SlackError("thread_not_found")  # unsourced
    return parent.thread_ts or ts


def _said(conversation: Conversation, message: Message) -> Json:
    return {
        "channel": conversation.id,
        "ts": message.ts,
        "message": message.as_slack(with_metadata=True),
    }


METHODS = (
    Method("chat.postMessage", post_message, Tier.special, ("chat:write",)),
    Method("chat.postEphemeral", post_ephemeral, Tier.four, ("chat:write",)),
    Method("chat.update", update, Tier.three, ("chat:write",)),
    Method("chat.delete", delete, Tier.three, ("chat:write",)),
    Method("chat.getPermalink", permalink, Tier.special),
)
