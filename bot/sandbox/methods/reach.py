"""Which conversations a token can name at all."""

from bot.sandbox.errors import SlackError
from bot.sandbox.workspace import Conversation, ConversationKind
from bot.sandbox.world import World


def reachable(world: World, name: str) -> Conversation:
    """The conversation with this id, if it is public or the app is in it.

    Raises SlackError: channel_not_found.
    """
    conversation = world.directory.conversations.get(name)
    if conversation is None:
        raise SlackError("channel_not_found")
    is_member = world.directory.app.bot_user_id in conversation.members
    if not is_member and conversation.kind is not ConversationKind.channel:
        raise SlackError("channel_not_found")
    return conversation
