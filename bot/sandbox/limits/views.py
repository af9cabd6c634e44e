"""What Slack accepts as a view."""

from bot.sandbox.errors import invalid_arguments
from bot.sandbox.json_types import Json


def check_view(asked: object, *, kind: str) -> Json:
    """The view, if Slack would accept it."""
    if not isinstance(asked, dict) or asked.get("type") != kind:
        raise invalid_arguments("failed to match all allowed schemas [json-pointer:/view]")
    return asked
