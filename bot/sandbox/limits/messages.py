"""What Slack accepts as a message."""

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json

UPDATE_TEXT = 4000  # https://docs.slack.dev/reference/methods/chat.update


def check_message(payload: Json, *, updating: bool = False) -> None:
    """Refuse a message Slack would refuse."""
    said = ("text", "blocks", "attachments", "markdown_text")
    if not any(payload.get(name) for name in said):
        raise SlackError("no_text")
    if updating and len(payload.get("text") or "") > UPDATE_TEXT:
        raise SlackError("msg_too_long")
