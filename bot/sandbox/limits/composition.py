"""Composition objects. Source: https://docs.slack.dev/reference/block-kit/composition-objects."""

from collections.abc import Iterator

from bot.sandbox.json_types import Json
from bot.sandbox.limits.checks import (
    Check,
    Shape,
    boolean,
    by_type,
    choice,
    exactly_one,
    items,
    string,
)
from bot.sandbox.limits.problem import Problem

_DOCS = "https://docs.slack.dev/reference/block-kit/composition-objects"
_LONGEST = 3000


def plain(most: int = _LONGEST) -> Check:
    """A plain_text object of at most `most` characters."""
    return by_type({"plain_text": _plain(most)})


def text(most: int = _LONGEST) -> Check:
    """A plain_text or mrkdwn object of at most `most` characters."""
    return by_type({"plain_text": _plain(most), "mrkdwn": _mrkdwn(most)})


def mrkdwn(most: int = _LONGEST) -> Check:
    """A mrkdwn object of at most `most` characters."""
    return by_type({"mrkdwn": _mrkdwn(most)})


def _plain(most: int) -> Shape:
    return Shape(
        f"{_DOCS}/text-object",
        required={"type": choice("plain_text"), "text": string(most, least=1)},
        optional={"emoji": boolean},
    )


def _mrkdwn(most: int) -> Shape:
    return Shape(
        f"{_DOCS}/text-object",
        required={"type": choice("mrkdwn"), "text": string(most, least=1)},
        optional={"verbatim": boolean},
    )


CONFIRM = Shape(
    f"{_DOCS}/confirmation-dialog-object",
    required={"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    optional={"style": choice("primary", "danger")},
)

OPTION = Shape(
    f"{_DOCS}/option-object",
    required={"text": plain(75), "value": string(150, least=1)},
    optional={"description": plain(75)},
)

# Checkboxes and radio buttons may use mrkdwn in their options; only overflow may carry a url.
MARKED_OPTION = Shape(
    f"{_DOCS}/option-object",
    required={"text": text(75), "value": string(150, least=1)},
    optional={"description": text(75)},
)
OVERFLOW_OPTION = Shape(
    f"{_DOCS}/option-object",
    required={"text": plain(75), "value": string(150, least=1)},
    optional={"description": plain(75), "url": string(3000)},
)

OPTION_GROUP = Shape(
    f"{_DOCS}/option-group-object",
    required={"label": plain(75), "options": items(OPTION, 100)},
)

FILTER = Shape(
    f"{_DOCS}/conversation-filter-object",
    optional={
        "include": items(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)

DISPATCH = Shape(
    f"{_DOCS}/dispatch-action-configuration-object",
    optional={
        "trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2),
    },
)

SLACK_FILE = Shape(
    f"{_DOCS}/slack-file-object",
    optional={"id": string(255), "url": string(3000)},
    rules=(exactly_one("id", "url"),),
)

_SUGGESTIONS = Shape(
    "https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element",
    optional={
        "options": items(OPTION, 100, least=0),
        "option_groups": items(OPTION_GROUP, 100, least=0),
    },
)


def problems_of_suggestions(body: Json) -> list[Problem]:
    """What is wrong with an answer to block_suggestion."""
    return list(_suggestions(body))


def _suggestions(body: Json) -> Iterator[Problem]:
    if "options" not in body and "option_groups" not in body:
        yield Problem("", "missing required field: options")
    yield from _SUGGESTIONS(body)
