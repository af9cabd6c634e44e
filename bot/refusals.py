"""What Slack's errors mean for a message that was to be sent or looked for."""

from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError

SLACK_ERRORS = (SlackApiError, aiohttp.ClientError, OSError)
"""All that a call of Slack can end in; a time-out is an OSError."""

RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})

MAYBE_SENT = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "server_error"}
)
"""Errors after which the message may stand in the channel all the same (Slack says so of the first two)."""

NOBODYS_FAULT = frozenset(
    {
        "account_inactive",
        "token_revoked",
        "token_expired",
        "invalid_auth",
        "not_authed",
        "not_allowed_token_type",
        "missing_scope",
        "accesslimited",
        "org_login_required",
        "team_added_to_org",
    }
)
"""Errors of the app or the workspace: everything waits until an admin has mended it."""

NO_CHANNEL = "channel_not_found"
NO_FILE = frozenset({"file_not_found", "file_deleted"})
NOT_TO_BE_CHANGED = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""What Slack says of a message that is gone, or may not be changed any more."""
NO_THREAD = frozenset({"thread_not_found", "message_not_found", "cannot_reply_to_message"})
"""What Slack says of a reply to a message that is gone, or that takes none."""


class Meaning(Enum):
    """What an error says about the message."""

    later = "not sent; Slack asks to wait"
    perhaps = "sent, or not"
    waits = "not sent; the message is not at fault"
    never = "not sent, and never will be"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error understood: what it means, Slack's word for it, and the seconds Slack asks to wait."""

    meaning: Meaning
    reason: str
    seconds: float = 0.0


def refusal(error: Exception) -> Refusal:
    """Understand one of SLACK_ERRORS."""
    if not isinstance(error, SlackApiError):
        reached = not isinstance(error, aiohttp.ClientConnectorError)
        meaning = Meaning.perhaps if reached else Meaning.waits
        return Refusal(meaning, f"Slack did not answer ({type(error).__name__})")
    reason = _word(error)
    if reason in RATE_LIMITED:
        return Refusal(Meaning.later, reason, _retry_after(error))
    if reason in MAYBE_SENT:
        return Refusal(Meaning.perhaps, reason)
    return Refusal(Meaning.waits if reason in NOBODYS_FAULT else Meaning.never, reason)


def _word(error: SlackApiError) -> str:
    """Slack's own word; an answer without one came from something before Slack, or from its ruins."""
    status = _status(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "ratelimited"
    data = getattr(error.response, "data", None)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or not isinstance(data, dict):
        return "server_error"
    return str(data.get("error") or "server_error")


def _status(error: SlackApiError) -> int:
    """The HTTP status; slack_sdk hands over aiohttp's response where it could not read the body."""
    response = error.response
    return int(response.status if hasattr(response, "status") else response.status_code)


def _retry_after(error: SlackApiError) -> float:
    try:
        return float(error.response.headers["Retry-After"])
    except (KeyError, ValueError):
        return 1.0
