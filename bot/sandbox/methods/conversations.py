"""conversations.*: where people speak."""

from bot.sandbox import membership
from bot.sandbox.conversation_object import describe_conversation
from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.methods.call import Call, Method, Tier, require
from bot.sandbox.methods.paging import next_cursor, page
from bot.sandbox.methods.reach import reachable
from bot.sandbox.workspace import Conversation, ConversationKind
from bot.sandbox.world import World

_TYPES = {
    "public_channel": (ConversationKind.channel, "channels:read"),
    "private_channel": (ConversationKind.private, "groups:read"),
    "im": (ConversationKind.app, "im:read"),
    "mpim": (ConversationKind.group_dm, "mpim:read"),
}
_READ = tuple(scope for _, scope in _TYPES.values())
_MOST_PEOPLE = 8


async def open_(world: World, call: Call) -> Json:
    """conversations.open: the direct conversation of the app and some people."""
    users = call.listed("users")
    if users:
        return _open_with(world, call, users)
    conversation = reachable(world, call.required("channel"))
    if not conversation.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    return {"no_op": True, "already_open": True, "channel": _opened(world, call, conversation)}


def _open_with(world: World, call: Call, users: list[str]) -> Json:
    directory = world.directory
    require(world, "im:write" if len(users) == 1 else "mpim:write")
    if len(users) > _MOST_PEOPLE:
        raise SlackError("too_many_users")
    for user_id in users:
        user = directory.users.get(user_id)
        if user is None:
            raise SlackError("user_not_found")
        if user.deleted:
            raise SlackError("user_disabled")
        if user.id == directory.app.bot_user_id:
            raise SlackError("cannot_dm_bot")
    known = set(directory.conversations)
    conversation = directory.direct(directory.app.bot_user_id, *users)
    world.is_dirty = True
    return {
        "no_op": conversation.id in known,
        "already_open": conversation.id in known,
        "channel": _opened(world, call, conversation),
    }


def _opened(world: World, call: Call, conversation: Conversation) -> Json:
    if call.flag("return_im"):
        return describe_conversation(world.directory, conversation)
    return {"id": conversation.id}


async def info(world: World, call: Call) -> Json:
    """conversations.info: one conversation."""
    conversation = _readable(world, call, "read")
    described = describe_conversation(world.directory, conversation)
    if call.flag("include_num_members"):
        described["num_members"] = len(conversation.members)
    return {"channel": described}


async def list_(world: World, call: Call) -> Json:
    """conversations.list: conversations of the kinds asked for, a page at a time."""
    kinds = set()
    for name in call.listed("types") or ["public_channel"]:
        if name not in _TYPES:
            raise SlackError("invalid_types")
        kind, scope = _TYPES[name]
        require(world, scope)
        kinds.add(kind)
    skips_archived = call.flag("exclude_archived")
    bot = world.directory.app.bot_user_id
    found = [
        each
        for each in world.directory.conversations.values()
        if each.kind in kinds
        and not (skips_archived and each.is_archived)
        and (each.kind is ConversationKind.channel or bot in each.members)
    ]
    return {
        "channels": [
            describe_conversation(world.directory, each) | {"num_members": len(each.members)}
            for each in page(call, found)
        ],
        "response_metadata": next_cursor(call, len(found)),
    }


async def members(world: World, call: Call) -> Json:
    """conversations.members: who is in a conversation, a page at a time."""
    conversation = _readable(world, call, "read")
    return {
        "members": page(call, conversation.members),
        "response_metadata": next_cursor(call, len(conversation.members)),
    }


async def join(world: World, call: Call) -> Json:
    """conversations.join: the app joins a public channel."""
    conversation = reachable(world, call.required("channel"))
    if conversation.kind is not ConversationKind.channel:
        raise SlackError("method_not_supported_for_channel_type")
    if conversation.is_archived:
        raise SlackError("is_archived")
    bot = world.directory.users[world.directory.app.bot_user_id]
    if bot.id in conversation.members:
        return {
            "channel": describe_conversation(world.directory, conversation),
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    membership.join(world, conversation, bot)
    return {"channel": describe_conversation(world.directory, conversation)}


async def history(world: World, call: Call) -> Json:
    """conversations.history: what was said, newest first, threads folded."""
    conversation = _readable(world, call, "history")
    _check_member(world, conversation)
    oldest, latest = _span(call)
    span = conversation.log.between(oldest, latest, inclusive=call.flag("inclusive"))
    said = [m for m in reversed(span) if not m.is_reply or m.broadcast]
    with_metadata = call.flag("include_all_metadata")
    shown = page(call, said, most=999)
    cursor = next_cursor(call, len(said), most=999)
    answer: Json = {
        "messages": [conversation.log.describe(m, with_metadata=with_metadata) for m in shown],
        "has_more": bool(cursor["next_cursor"]),
        "pin_count": 0,
    }
    return answer | ({"response_metadata": cursor} if cursor["next_cursor"] else {})


async def replies(world: World, call: Call) -> Json:
    """conversations.replies: a thread, its parent first, oldest reply next."""
    conversation = _readable(world, call, "history")
    _check_member(world, conversation)
    message = conversation.log.get(call.required("ts"))
    if message is None:
        raise SlackError("thread_not_found")
    parent = conversation.log.get(message.thread_ts or message.ts) or message
    oldest, latest = _span(call)
    span = conversation.log.between(oldest, latest, inclusive=call.flag("inclusive"))
    within = {m.ts for m in span}
    said = [parent, *(m for m in conversation.log.replies(parent.ts) if m.ts in within)]
    with_metadata = call.flag("include_all_metadata")
    cursor = next_cursor(call, len(said), default=1000)
    return {
        "messages": [
            conversation.log.describe(m, with_metadata=with_metadata)
            for m in page(call, said, default=1000)
        ],
        "has_more": bool(cursor["next_cursor"]),
        "response_metadata": cursor,
    }


def _span(call: Call) -> tuple[str, str]:
    oldest, latest = call.text("oldest", "0"), call.text("latest") or "9999999999.999999"
    for name, value in (("oldest", oldest), ("latest", latest)):
        if not value.replace(".", "", 1).isdigit():
            raise SlackError(f"invalid_ts_{name}")
    return oldest, latest


def _readable(world: World, call: Call, right: str) -> Conversation:
    conversation = reachable(world, call.required("channel"))
    require(world, f"{conversation.family}:{right}")
    return conversation


def _check_member(world: World, conversation: Conversation) -> None:
    if world.directory.app.bot_user_id not in conversation.members:
        raise SlackError("not_in_channel")


_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_WRITE = ("channels:manage", "groups:write", "im:write", "mpim:write")

METHODS = (
    Method("conversations.history", history, Tier.three, _HISTORY),
    Method("conversations.info", info, Tier.three, _READ),
    Method("conversations.join", join, Tier.three, ("channels:join",)),
    Method("conversations.list", list_, Tier.two, _READ),
    Method("conversations.members", members, Tier.four, _READ),
    Method("conversations.open", open_, Tier.three, _WRITE),
    Method("conversations.replies", replies, Tier.three, _HISTORY),
)
