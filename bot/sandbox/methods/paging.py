"""Cursor pagination. Source: https://docs.slack.dev/apis/web-api/pagination."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.methods.call import Call

T = TypeVar("T")


def page(call: Call, items: Sequence[T], *, default: int = 100, most: int = 1000) -> list[T]:
    """The items the call's cursor and limit ask for.

    Raises SlackError: invalid_cursor or invalid_limit.
    """
    start = position(call)
    return list(items[start : start + limit(call, default, most)])


def limit(call: Call, default: int, most: int) -> int:
    """How many items the call asks for.

    Raises SlackError: invalid_limit.
    """
    wanted = call.number("limit", default)
    if wanted < 1:
        raise SlackError("invalid_limit")
    return min(wanted, most)


def position(call: Call) -> int:
    """Where the call's cursor stands.

    Raises SlackError: invalid_cursor.
    """
    cursor = call.text("cursor")
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None


def next_cursor(call: Call, total: int, *, default: int = 100, most: int = 1000) -> Json:
    """The `response_metadata` that leads to the next page; empty on the last."""
    end = position(call) + limit(call, default, most)
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < total else ""
    return {"next_cursor": cursor}
