"""What every interaction payload shares, and what people see when the app does not answer.

Source: https://docs.slack.dev/reference/interaction-payloads
"""

from bot.sandbox.client_errors import ClientError
from bot.sandbox.commands import channel_name
from bot.sandbox.delivery import Kind, Parcel, Receipt
from bot.sandbox.json_types import Json
from bot.sandbox.messages import Message
from bot.sandbox.user_object import home_team
from bot.sandbox.views import View
from bot.sandbox.workspace import Conversation, User
from bot.sandbox.world import World

# Captured: https://github.com/slackapi/node-slack-sdk/issues/2095
TIMED_OUT = "Operation timed out. Apps need to respond within three seconds."
FAILED = "This app responded with an error. Try again?"  # unsourced
TROUBLE = "We had some trouble connecting. Try again?"  # unsourced: seen in modals


def preamble(world: World, kind: str, user: User) -> Json:
    """The fields that every interaction starts with."""
    team = world.directory.team
    return {
        "type": kind,
        "token": "deprecated",
        "team": {"id": team.id, "domain": team.domain},
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": home_team(user, team.id),
        },
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": world.directory.app.app_id,
    }


def action_ts(world: World) -> str:
    """When the person acted."""
    return f"{world.clock.machine():.6f}"


def place(conversation: Conversation) -> Json:
    """The `channel` of a payload."""
    return {"id": conversation.id, "name": channel_name(conversation)}


async def deliver(world: World, payload: Json, name: str = "") -> Receipt:
    """Deliver an interaction.

    Raises ClientError when the app has interactivity switched off.
    """
    if not world.manifest.interactive:
        raise ClientError(
            409, "not_interactive", "This app is not configured to handle interactive responses."
        )
    kind = Kind.options if payload["type"] == "block_suggestion" else Kind.interaction
    return await world.delivery.send(Parcel(kind, name or payload["type"], payload))


def outcome(receipt: Receipt, words: str = FAILED) -> Json:
    """What the person's client is told of a delivery."""
    if receipt.failure == "timeout":
        return {"ok": False, "error": "operation_timeout", "message": TIMED_OUT}
    if not receipt.is_ack:
        return {"ok": False, "error": "dispatch_failed", "message": words}
    return {"ok": True}


def find_view(world: World, user: User, view_id: str) -> View:
    """The open modal or Home of this person.

    Raises ClientError when it is closed or someone else's.
    """
    view = world.views.find(view_id)
    if view is None or view.user_id != user.id:
        raise ClientError(404, "view_not_found", "This is no longer open.")
    return view


def find_message(conversation: Conversation, user: User, ts: str) -> Message:
    """The message, or note to this person.

    Raises ClientError when it is gone.
    """
    message = conversation.log.get(ts) or conversation.log.note(ts, user.id)
    if message is None:
        raise ClientError(404, "message_not_found", "This message is gone.")
    return message
