"""Blocks as Slack keeps them: completed with ids, and searched."""

import copy
import secrets
import string
from collections.abc import Iterator

from bot.sandbox.json_types import Json

_LETTERS = string.ascii_letters + string.digits

# Elements people act on; everything else in a block is for reading.
INTERACTIVE = frozenset(
    {
        "button",
        "channels_select",
        "checkboxes",
        "conversations_select",
        "datepicker",
        "datetimepicker",
        "email_text_input",
        "external_select",
        "feedback_buttons",
        "file_input",
        "icon_button",
        "multi_channels_select",
        "multi_conversations_select",
        "multi_external_select",
        "multi_static_select",
        "multi_users_select",
        "number_input",
        "overflow",
        "plain_text_input",
        "radio_buttons",
        "rich_text_input",
        "static_select",
        "timepicker",
        "url_text_input",
        "users_select",
        "workflow_button",
    }
)


def completed(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks where each has a block_id and each element an action_id."""
    done = copy.deepcopy(blocks)
    for block in done:
        block.setdefault("block_id", _fresh())
        for element in elements_of(block):
            if element.get("type") in INTERACTIVE:
                element.setdefault("action_id", _fresh())
    return done


def elements_of(block: Json) -> Iterator[Json]:
    """The elements a block holds, wherever it keeps them."""
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield block[name]
    for element in block.get("elements") or []:
        if isinstance(element, dict):
            yield element


def find_element(blocks: list[Json], block_id: str, action_id: str) -> Json | None:
    """The element with these ids."""
    for block in blocks:
        if block.get("block_id") == block_id:
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return element
    return None


def _fresh() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))
