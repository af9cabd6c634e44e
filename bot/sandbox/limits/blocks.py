"""Blocks, and where each may stand. Source: https://docs.slack.dev/reference/block-kit/blocks."""

from collections.abc import Iterator, Mapping

from bot.sandbox.json_types import Json
from bot.sandbox.limits import composition as part
from bot.sandbox.limits.checks import (
    Check,
    Rule,
    Shape,
    anything,
    at_least_one,
    boolean,
    by_type,
    choice,
    exactly_one,
    items,
    string,
)
from bot.sandbox.limits.elements import (
    ELEMENTS,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
)
from bot.sandbox.limits.problem import UNSOURCED, Problem
from bot.sandbox.limits.tables import DATA_TABLE, RICH_TEXT, TABLE

_DOCS = "https://docs.slack.dev/reference/block-kit/blocks"
_URL = string(3000)


def _block(
    page: str,
    *,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    rules: tuple[Rule, ...] = (),
) -> Shape:
    return Shape(
        f"{_DOCS}/{page}",
        required={"type": string(100), **(required or {})},
        optional={"block_id": string(255), **(optional or {})},
        rules=rules,
    )


_PICTURE_OR_TEXT = by_type(
    {
        "image": ELEMENTS["image"],
        "plain_text": part.plain(),
        "mrkdwn": part.mrkdwn(),
    }
)
_CARD = _block(
    "card-block",
    optional={
        "hero_image": anything,
        "icon": anything,
        "title": part.text(150),
        "subtitle": part.text(150),
        "body": part.text(200),
        "actions": items(by_type(IN_ACTIONS), 25),
    },
)
_TASK = _block(
    "task-card-block",
    required={"task_id": string(255, least=1), "title": string(3000, least=1)},
    optional={
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": items(anything, 100, least=0),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
)

BLOCKS: dict[str, Shape] = {
    "actions": _block("actions-block", required={"elements": items(by_type(IN_ACTIONS), 25)}),
    "alert": _block(
        "alert-block",
        required={"text": part.text()},
        optional={"level": choice("default", "info", "warning", "error", "success")},
    ),
    "card": _CARD,
    "carousel": _block(
        "carousel-block", required={"elements": items(by_type({"card": _CARD}), 10)}
    ),
    "context": _block("context-block", required={"elements": items(_PICTURE_OR_TEXT, 10)}),
    "context_actions": _block(
        "context-actions-block", required={"elements": items(by_type(IN_CONTEXT_ACTIONS), 5)}
    ),
    "data_table": DATA_TABLE,
    "data_visualization": _block("data-visualization-block", optional={"chart": anything}),
    "divider": _block("divider-block"),
    "header": _block("header-block", required={"text": part.plain(150)}),
    "image": _block(
        "image-block",
        required={"alt_text": string(2000)},
        optional={
            "image_url": _URL,
            "slack_file": part.SLACK_FILE,
            "title": part.plain(2000),
        },
        rules=(exactly_one("image_url", "slack_file"),),
    ),
    "input": _block(
        "input-block",
        required={"label": part.plain(2000), "element": by_type(IN_INPUT)},
        optional={"hint": part.plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "markdown": _block("markdown-block", required={"text": string(12_000, least=1)}),
    "plan": _block(
        "plan-block",
        required={"title": string(3000, least=1)},
        optional={"tasks": items(by_type({"task_card": _TASK}), 50, least=0)},
    ),
    "rich_text": RICH_TEXT,
    "section": _block(
        "section-block",
        optional={
            "text": part.text(),
            "fields": items(part.text(2000), 10),
            "accessory": by_type(IN_SECTION),
            "expand": boolean,
        },
        rules=(at_least_one("text", "fields"),),
    ),
    "table": TABLE,
    "task_card": _TASK,
    "video": _block(
        "video-block",
        required={
            "alt_text": string(2000),
            "title": part.plain(199),
            "thumbnail_url": _URL,
            "video_url": _URL,
        },
        optional={
            "author_name": string(49),
            "description": part.plain(199),
            "provider_icon_url": _URL,
            "provider_name": string(255),
            "title_url": _URL,
        },
    ),
}


def _may_be_inside(value: object) -> Iterator[Problem]:
    return by_type({k: v for k, v in BLOCKS.items() if k not in {"container", "input"}})(value)


BLOCKS["container"] = _block(
    "container-block",
    required={"child_blocks": items(_may_be_inside, 10)},
    optional={
        "title": part.text(150),
        "rich_text_title": RICH_TEXT,
        "subtitle": part.text(150),
        "width": choice("narrow", "standard", "wide", "full"),
        "icon": anything,
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
)

# Source: "Available in surfaces" on each block's page; for the blocks of 2025 and later, whose
# pages the stand-in has not seen, messages only (unsourced).
_EVERYWHERE = frozenset(
    {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
)
SURFACES: dict[str, frozenset[str]] = {
    "message": frozenset(BLOCKS),
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE,
}


def problems_of_blocks(blocks: object, *, surface: str, most: int) -> list[Problem]:
    """What is wrong with the blocks of a message, modal or Home; pointers start at the list."""
    allowed: dict[str, Check] = {name: BLOCKS[name] for name in SURFACES[surface]}
    found = list(items(by_type(allowed), most, least=0)(blocks))
    if isinstance(blocks, list) and all(isinstance(block, dict) for block in blocks):
        found += _repeated_ids(blocks)
        if surface == "message":
            found += _not_in_messages(blocks)
    return found


def _repeated_ids(blocks: list[Json]) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, block in enumerate(blocks):
        block_id = str(block.get("block_id") or "")
        if block_id in seen:
            source = "https://github.com/slack-go/slack/issues/823"
            yield Problem(f"/{at}/block_id", "Block ID needs to be unique", source=source)
        seen.update(filter(None, [block_id]))
        yield from (problem.under(f"/{at}") for problem in _repeated_actions(block))


def _repeated_actions(block: Json) -> Iterator[Problem]:
    """Within one actions block; the rule is captured, its wording is not."""
    seen: set[str] = set()
    elements = block.get("elements") if block.get("type") == "actions" else None
    for at, element in enumerate(elements if isinstance(elements, list) else []):
        action_id = str(element.get("action_id") or "") if isinstance(element, dict) else ""
        if action_id in seen:
            words = f'`action_id` "{action_id}" already exists'
            yield Problem(f"/elements/{at}/action_id", words, source=UNSOURCED)
        seen.update(filter(None, [action_id]))


def _not_in_messages(blocks: list[Json]) -> Iterator[Problem]:
    """File inputs stand in modals only. Source: the element's page."""
    for at, block in enumerate(blocks):
        element = block.get("element")
        if isinstance(element, dict) and element.get("type") == "file_input":
            source = ELEMENTS["file_input"].source
            pointer = f"/{at}/element/type"
            yield Problem(pointer, "unsupported type: file_input", source)
