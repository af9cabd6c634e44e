"""What Slack accepts as a view. Source: https://docs.slack.dev/reference/views."""

import json
from collections.abc import Iterator
from typing import Any

from bot.sandbox.blocks import elements_of
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.json_types import Json
from bot.sandbox.limits import composition as part
from bot.sandbox.limits.blocks import problems_of_blocks
from bot.sandbox.limits.checks import Check, Shape, anything, boolean, by_type, choice, string
from bot.sandbox.limits.problem import UNSOURCED, Problem

BLOCKS = 100
LARGEST = 250_000  # bytes: view_too_large of https://docs.slack.dev/reference/methods/views.open
_SOURCE = "https://docs.slack.dev/reference/views"

_COMMON: dict[str, Check] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
_MODAL = Shape(
    f"{_SOURCE}/modal-views",
    required={"type": choice("modal"), "title": part.plain(24), "blocks": anything},
    optional={
        **_COMMON,
        "close": part.plain(24),
        "submit": part.plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = Shape(
    f"{_SOURCE}/home-tab-views",
    required={"type": choice("home"), "blocks": anything},
    optional=_COMMON,
)
_SHAPES: dict[str, Check] = {"modal": _MODAL, "home": _HOME}


def problems_of_view(view: object) -> list[Problem]:
    """What Slack would refuse in a modal or Home; pointers start at the view."""
    found = list(by_type(_SHAPES)(view))
    if isinstance(view, dict) and view.get("type") in tuple(_SHAPES) and "blocks" in view:
        blocks = view["blocks"]
        inside = problems_of_blocks(blocks, surface=view["type"], most=BLOCKS)
        found += [problem.under("/blocks") for problem in inside]
        if not found:
            found += [*_whole(view)]
    return found


def _whole(view: Json) -> Iterator[Problem]:
    blocks = view["blocks"]
    has_input = any(block["type"] == "input" for block in blocks)
    if view["type"] == "modal" and has_input and not view.get("submit"):
        yield Problem("", "missing required field: submit", source=f"{_SOURCE}/modal-views")
    focused = [
        f"/blocks/{at}"
        for at, block in enumerate(blocks)
        for element in elements_of(block)
        if element.get("focus_on_load")
    ]
    for pointer in focused[1:]:
        yield Problem(pointer, "only one element may have focus_on_load", source=UNSOURCED)


def check_view(asked: object, *, kind: str) -> Json:
    """The view, if Slack would accept it as a modal or Home.

    Raises SlackError: invalid_arguments with pointers below /view, or view_too_large.
    """
    if not isinstance(asked, dict):
        raise invalid_arguments("must provide an object [json-pointer:/view]")
    if len(json.dumps(asked, separators=(",", ":")).encode()) > LARGEST:
        raise SlackError("view_too_large")
    view: dict[str, Any] = asked
    problems = [problem.under("/view") for problem in problems_of_view(view)]
    if not problems and view["type"] != kind:
        problems = [Problem("/view/type", f"unsupported type: {view['type']}")]
    if problems:
        first = Problem("/view", "failed to match all allowed schemas")
        raise invalid_arguments(*(str(problem) for problem in (first, *problems)))
    return view
