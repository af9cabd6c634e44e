"""Slack's conversation object.

Source: https://docs.slack.dev/reference/objects/conversation-object
"""

from bot.sandbox.json_types import Json
from bot.sandbox.workspace import Conversation, ConversationKind, Directory


def describe_conversation(directory: Directory, conversation: Conversation) -> Json:
    """A conversation as the app's token sees it."""
    bot = directory.app.bot_user_id
    described: Json = {
        "id": conversation.id,
        "created": conversation.created,
        "is_archived": conversation.is_archived,
        "is_org_shared": False,
        "context_team_id": directory.team.id,
        "updated": conversation.created * 1000,
    }
    if conversation.kind in {ConversationKind.app, ConversationKind.dm}:
        other = next((m for m in conversation.members if m != bot), bot)
        deleted = directory.users[other].deleted
        return described | {"is_im": True, "user": other, "is_user_deleted": deleted, "priority": 0}
    is_private = conversation.kind is not ConversationKind.channel
    is_mpim = conversation.kind is ConversationKind.group_dm
    return described | {
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": not is_mpim,
        "is_group": is_private,
        "is_im": False,
        "is_mpim": is_mpim,
        "is_private": is_private,
        "is_general": conversation.key == "general",
        "is_shared": conversation.is_shared,
        "is_ext_shared": conversation.is_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "is_member": bot in conversation.members,
        "creator": conversation.creator,
        "unlinked": 0,
        "previous_names": [],
        "topic": {"value": conversation.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }
