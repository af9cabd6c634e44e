"""What the app says back: in the body of an ack, or to a response_url."""

from bot.sandbox import posting
from bot.sandbox.blocks import completed
from bot.sandbox.errors import SlackError
from bot.sandbox.files_blocks import check_pictures
from bot.sandbox.json_types import Json
from bot.sandbox.limits.messages import check_message
from bot.sandbox.messages import Message
from bot.sandbox.responses import Origin
from bot.sandbox.world import World


def respond(world: World, origin: Origin, body: Json) -> None:
    """Do what an answer asks: say something, or replace or delete what is answered.

    Raises SlackError as chat.postMessage does for words and blocks Slack refuses.
    Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
    """
    conversation = world.directory.conversations[origin.channel_id]
    if body.get("delete_original"):
        if origin.message:
            posting.take_back(world, conversation, origin.message)
            origin.message = None
        return
    payload = {name: body.get(name) for name in ("text", "blocks", "attachments", "metadata")}
    check_message(payload)
    check_pictures(world, payload)
    if body.get("replace_original") and origin.message:
        _replace(world, origin.message, payload)
        return
    message = _message(world, origin, body)
    posting.say(world, conversation, message)
    if origin.message is None:
        origin.message = message


def _replace(world: World, message: Message, payload: Json) -> None:
    conversation = world.directory.conversations[message.channel]
    before = message.as_slack(with_metadata=True)
    message.text = payload["text"] or ""
    message.blocks = completed(payload["blocks"] or [])
    message.attachments = payload["attachments"] or []
    if not message.only_for:
        message.edited = {"user": message.user, "ts": world.stamp()}
    posting.change(world, conversation, message, before)


def _message(world: World, origin: Origin, body: Json) -> Message:
    app = world.directory.app
    in_channel = body.get("response_type") == "in_channel"
    return Message(
        ts=world.stamp(),
        channel=origin.channel_id,
        user=app.bot_user_id,
        text=body.get("text") or "",
        blocks=completed(body.get("blocks") or []),
        attachments=body.get("attachments") or [],
        bot_id=app.bot_id,
        app_id=app.app_id,
        thread_ts=body.get("thread_ts") or origin.thread_ts,
        only_for=None if in_channel else origin.user_id,
    )


def use_response_url(world: World, path: str, body: Json) -> None:
    """Answer to a response_url.

    Raises SlackError: expired_url, used_url, or what `respond` raises.
    """
    origin = world.responses.redeem(path)
    if not body:
        raise SlackError("no_text")
    respond(world, origin, body)
