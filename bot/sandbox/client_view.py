"""What one person sees of the workspace: the shapes of the client API."""

from collections.abc import Iterator
from itertools import islice

from bot.sandbox.json_types import Json
from bot.sandbox.messages import Message
from bot.sandbox.views import View
from bot.sandbox.workspace import Conversation, ConversationKind, User
from bot.sandbox.world import World


def workspace(world: World, me: User) -> Json:
    """People, conversations, the app and what it offers, as `me` sees them."""
    team, app, manifest = world.directory.team, world.directory.app, world.manifest
    if manifest.messages_tab:
        world.directory.direct(me.id, app.bot_user_id)
    return {
        "team": {"id": team.id, "name": team.name},
        "me": person(me),
        "users": [person(user) for user in world.directory.users.values()],
        "conversations": [
            conversation(each, me)
            for each in world.directory.conversations.values()
            if is_visible(each, me)
        ],
        "apps": [
            {
                "id": app.app_id,
                "name": app.name,
                "bot_user_id": app.bot_user_id,
                "has_home": manifest.home,
                "description": manifest.description,
            }
        ],
        "commands": [
            {
                "command": each.command,
                "description": each.description,
                "usage_hint": each.usage_hint,
                "app": app.app_id,
            }
            for each in manifest.commands
        ],
        "shortcuts": [
            {
                "type": each.type,
                "name": each.name,
                "callback_id": each.callback_id,
                "app": app.app_id,
            }
            for each in manifest.shortcuts
        ],
        "links": [{"label": link.label, "url": link.url} for link in world.links],
    }


def person(user: User) -> Json:
    """A person, as the client lists them."""
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "email": user.email,
        "tz": user.tz,
        "is_bot": user.is_bot,
        "is_guest": user.is_guest,
        "is_stranger": user.is_stranger,
        "deleted": user.deleted,
        "color": user.color,
    }


def is_visible(conversation: Conversation, me: User) -> bool:
    """Whether `me` may look into a conversation: theirs, or a public channel unless a guest."""
    if me.id in conversation.members:
        return True
    is_outsider = me.is_guest or me.is_stranger
    return conversation.kind is ConversationKind.channel and not is_outsider


def conversation(each: Conversation, me: User) -> Json:
    """A conversation, as the client lists it."""
    last = each.log.messages[-1].ts if each.log.messages else None
    described: Json = {
        "id": each.id,
        "name": each.name,
        "kind": each.kind.value,
        "topic": each.topic,
        "is_member": me.id in each.members,
        "is_archived": each.is_archived,
        "is_shared": each.is_shared,
        "unread": each.unread_for(me.id) if me.id in each.members else 0,
        "last_ts": last,
    }
    if each.is_direct:
        others = [member for member in each.members if member != me.id]
        described["with_user"] = others[0] if others else me.id
    return described


def messages(each: Conversation, me: User, before: str | None, thread_ts: str | None) -> Json:
    """Fifty messages of a conversation or thread, oldest first, with the notes `me` may see."""
    notes = [n for n in each.log.notes if n.only_for == me.id and n.thread_ts == thread_ts]
    said = _thread(each, thread_ts) if thread_ts else each.log.newest_first()
    older = (m for m in said if before is None or m.ts < before)
    found = [*islice(older, _PAGE + 1), *(n for n in notes if before is None or n.ts < before)]
    shown = sorted(found, key=lambda message: message.ts)[-_PAGE:]
    return {
        "messages": [_shown(each, message) for message in shown],
        "has_more": len(found) > _PAGE,
    }


def _thread(each: Conversation, ts: str) -> Iterator[Message]:
    parent = each.log.get(ts)
    return reversed([*([parent] if parent else []), *each.log.replies(ts)])


_PAGE = 50


def _shown(each: Conversation, message: Message) -> Json:
    if message.only_for:
        return message.as_slack() | {"ephemeral": True}
    return each.log.describe(message)


def view(world: World, shown: View) -> Json:
    """Slack's view object. Source: https://docs.slack.dev/reference/views."""
    app = world.directory.app
    return shown.content | {
        "id": shown.id,
        "team_id": world.directory.team.id,
        "hash": shown.hash,
        "root_view_id": shown.root_id,
        "previous_view_id": shown.previous_id,
        "app_id": app.app_id,
        "app_installed_team_id": world.directory.team.id,
        "bot_id": app.bot_id,
        "state": {"values": shown.state},
    }


def stack(world: World, user_id: str) -> list[Json]:
    """The person's open modals, bottom first."""
    return [view(world, each) for each in world.views.stack(user_id)]
