"""Shortcuts from the menu and on messages.

Source: https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
"""

from bot.sandbox.client_errors import ClientError
from bot.sandbox.interactions import action_ts, deliver, outcome, place, preamble
from bot.sandbox.json_types import Json
from bot.sandbox.messages import Message
from bot.sandbox.responses import Origin
from bot.sandbox.workspace import Conversation, User
from bot.sandbox.world import World


async def choose(
    world: World,
    user: User,
    callback_id: str,
    conversation: Conversation | None,
    message: Message | None,
) -> Json:
    """Tell the app that a person chose one of its shortcuts.

    Raises ClientError for a shortcut it does not have, or a message one without a message.
    """
    shortcut = world.manifest.shortcut(callback_id)
    if shortcut is None:
        raise ClientError(404, "shortcut_not_found", f"No shortcut is called {callback_id}.")
    if shortcut.type == "global":
        payload = preamble(world, "shortcut", user)
    elif conversation is None or message is None:
        raise ClientError(400, "no_message", f"“{shortcut.name}” is chosen on a message.")
    else:
        payload = _on_message(world, user, conversation, message)
    payload |= {
        "callback_id": callback_id,
        "trigger_id": world.triggers.give(user.id),
        "action_ts": action_ts(world),
    }
    return outcome(await deliver(world, payload, f"{payload['type']} {callback_id}"))


def _on_message(world: World, user: User, conversation: Conversation, message: Message) -> Json:
    origin = Origin(user.id, conversation.id, message.thread_ts)
    path = world.responses.give("actions", world.directory.team.id, origin)
    return preamble(world, "message_action", user) | {
        "channel": place(conversation),
        "message_ts": message.ts,
        "message": message.as_slack(with_metadata=True),
        "response_url": f"{world.address}/{path}",
    }
