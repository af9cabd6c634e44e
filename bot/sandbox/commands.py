"""Slash commands. Source: https://docs.slack.dev/interactivity/implementing-slash-commands."""

from bot.sandbox import membership
from bot.sandbox.delivery import Kind, Parcel, Receipt
from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.replies import respond
from bot.sandbox.responses import Origin
from bot.sandbox.typed import linked
from bot.sandbox.workspace import Conversation, ConversationKind, User
from bot.sandbox.world import World

# What people read. The codes are those of the page above; the sentences are unsourced.
TIMED_OUT = '{command} failed with the error "operation_timeout"'
FAILED = '{command} failed with the error "dispatch_failed"'
UNKNOWN = "{command} is not a valid command here. Type / to see those there are."
NOBODY = "There is nobody called {name}. Write /invite @name."
NOT_HERE = "People can be invited to channels only."

INVITE = "/invite"
"""Slack's own, not the app's: https://slack.com/help/articles/201259356-Slash-commands-in-Slack."""


async def run(world: World, user: User, conversation: Conversation, line: str) -> Json:
    """Deliver what a person typed and show what the app answers.

    Returns {"ok": True}, or the error and the words the person sees.
    """
    name, _, text = line.strip().partition(" ")
    if name == INVITE:
        return _invite(world, user, conversation, text.split())
    command = world.manifest.command(name)
    if command is None:
        return _failed("unknown_command", UNKNOWN, name)
    origin = Origin(user.id, conversation.id)
    if command.should_escape:
        text = linked(world.directory, text)
    payload = _payload(world, user, conversation, name, text.strip())
    path = world.responses.give("commands", world.directory.team.id, origin)
    payload["response_url"] = f"{world.address}/{path}"
    receipt = await world.delivery.send(Parcel(Kind.command, name, payload))
    if receipt.failure == "timeout":
        return _failed("operation_timeout", TIMED_OUT, name)
    if not receipt.is_ack:
        return _failed("dispatch_failed", FAILED, name)
    return _show(world, origin, receipt, name)


def _invite(world: World, user: User, conversation: Conversation, names: list[str]) -> Json:
    """Bring people, or the app, into a channel."""
    if conversation.is_direct:
        return {"ok": False, "error": "channel_not_found", "message": NOT_HERE}
    invited = [(name, _called(world, name)) for name in names or [""]]
    for name, found in invited:
        if found is None:
            words = NOBODY.format(name=name or "nothing")
            return {"ok": False, "error": "user_not_found", "message": words}
    for _, found in invited:
        if found:
            membership.join(world, conversation, found, inviter=user)
    return {"ok": True}


def _called(world: World, name: str) -> User | None:
    """The person or app of this name, whatever its case."""
    wanted = name.removeprefix("@").lower()
    return next((u for u in world.directory.users.values() if u.name.lower() == wanted), None)


def _show(world: World, origin: Origin, receipt: Receipt, name: str) -> Json:
    body = _answer_in(receipt)
    if body:
        try:
            respond(world, origin, body)
        except SlackError as error:
            return _failed(error.code, f'{{command}} failed with the error "{error.code}"', name)
    return {"ok": True}


def _answer_in(receipt: Receipt) -> Json:
    if not receipt.text.strip():
        return {}
    if receipt.content_type == "application/json":
        return receipt.json()
    return {"text": receipt.text}


def _failed(code: str, words: str, command: str) -> Json:
    return {"ok": False, "error": code, "message": words.format(command=command)}


def _payload(world: World, user: User, conversation: Conversation, name: str, text: str) -> Json:
    return {
        "token": "deprecated",
        "team_id": world.directory.team.id,
        "team_domain": world.directory.team.domain,
        "channel_id": conversation.id,
        "channel_name": channel_name(conversation),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": world.directory.app.app_id,
        "is_enterprise_install": "false",
        "trigger_id": world.triggers.give(user.id),
    }


def channel_name(conversation: Conversation) -> str:
    """How payloads call a conversation: its name, `directmessage` or `privategroup`."""
    if conversation.kind is ConversationKind.private:
        return "privategroup"
    if conversation.is_direct and conversation.kind is not ConversationKind.group_dm:
        return "directmessage"
    return conversation.name
