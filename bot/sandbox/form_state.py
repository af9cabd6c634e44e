"""What the fields of a view or message hold: Slack's `state.values`.

Source: https://docs.slack.dev/reference/views#submission, "View state" and each element's page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.blocks import elements_of
from bot.sandbox.files_kinds import ending_of
from bot.sandbox.json_types import Json

Values = dict[str, dict[str, Json]]

REQUIRED = "Please complete this required field."


@dataclass(frozen=True)
class Holds:
    """Where an element of one type keeps its value, and what it starts with."""

    key: str
    initial: str
    is_list: bool = False


HOLDS: dict[str, Holds] = {
    "channels_select": Holds("selected_channel", "initial_channel"),
    "checkboxes": Holds("selected_options", "initial_options", is_list=True),
    "conversations_select": Holds("selected_conversation", "initial_conversation"),
    "datepicker": Holds("selected_date", "initial_date"),
    "datetimepicker": Holds("selected_date_time", "initial_date_time"),
    "email_text_input": Holds("value", "initial_value"),
    "external_select": Holds("selected_option", "initial_option"),
    "file_input": Holds("files", "files", is_list=True),
    "multi_channels_select": Holds("selected_channels", "initial_channels", is_list=True),
    "multi_conversations_select": Holds(
        "selected_conversations", "initial_conversations", is_list=True
    ),
    "multi_external_select": Holds("selected_options", "initial_options", is_list=True),
    "multi_static_select": Holds("selected_options", "initial_options", is_list=True),
    "multi_users_select": Holds("selected_users", "initial_users", is_list=True),
    "number_input": Holds("value", "initial_value"),
    "plain_text_input": Holds("value", "initial_value"),
    "radio_buttons": Holds("selected_option", "initial_option"),
    "rich_text_input": Holds("rich_text_value", "initial_value"),
    "static_select": Holds("selected_option", "initial_option"),
    "timepicker": Holds("selected_time", "initial_time"),
    "url_text_input": Holds("value", "initial_value"),
    "users_select": Holds("selected_user", "initial_user"),
}


class NoSuchOptionError(ValueError):
    """Something was chosen that the element does not offer."""


def fields_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each block and element that holds a value."""
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") in HOLDS:
                yield block, element


def values_of(blocks: list[Json], filled: Values) -> Values:
    """What every field holds: what was filled in, else what it started with.

    Raises NoSuchOptionError when a choice is not on offer.
    """
    values: Values = {}
    for block, element in fields_of(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        given = filled.get(block_id, {}).get(action_id)
        values.setdefault(block_id, {})[action_id] = held(element, given)
    return values


def held(element: Json, given: Json | None) -> Json:
    """What one element holds, with the options as the app wrote them.

    Raises NoSuchOptionError.
    """
    place = HOLDS[element["type"]]
    value = (given or {}).get(place.key) if given is not None else element.get(place.initial)
    if place.is_list:
        value = value or []
    offered = _offered(element)
    if offered is not None and value:
        chosen = [_on_offer(offered, o) for o in (value if place.is_list else [value])]
        value = chosen if place.is_list else chosen[0]
    return {"type": element["type"], place.key: None if value == "" else value}


def _offered(element: Json) -> list[Json] | None:
    groups = element.get("option_groups") or []
    if "options" not in element and not groups:
        return None
    grouped = [option for group in groups for option in group["options"]]
    return [*(element.get("options") or []), *grouped]


def _on_offer(offered: list[Json], option: Json) -> Json:
    for each in offered:
        if each.get("value") == option.get("value"):
            return each
    raise NoSuchOptionError(f"{option.get('value')!r} is not one of the options.")


def mistakes(blocks: list[Json], values: Values) -> dict[str, str]:
    """What Slack's own client objects to before anything is sent, by block_id."""
    found: dict[str, str] = {}
    for block, element in fields_of(blocks):
        if block["type"] != "input":
            continue
        value = values[block["block_id"]][element["action_id"]]
        words = _mistake(block, element, value[HOLDS[element["type"]].key])
        if words:
            found[block["block_id"]] = words
    return found


def _mistake(block: Json, element: Json, value: object) -> str | None:
    if value in (None, "", []):
        return None if block.get("optional") else REQUIRED
    if element["type"] == "file_input" and isinstance(value, list):
        return _files_mistake(element, value)
    if isinstance(value, list):
        most = element.get("max_selected_items")
        return f"Choose at most {most}." if most and len(value) > most else None
    return _text_mistake(element, str(value))


# https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
_MOST_FILES = 10
_LARGEST_FILE = 10 * 1024 * 1024  # bytes; whether "10MB" means this or 10,000,000 is unsourced


def _files_mistake(element: Json, files: list[Json]) -> str | None:
    most = element.get("max_files") or _MOST_FILES
    if len(files) > most:
        return f"Add at most {most} {'file' if most == 1 else 'files'}; these are {len(files)}."
    endings = [str(ending).lower().lstrip(".") for ending in element.get("filetypes") or []]
    for file in files:
        if file["size"] > _LARGEST_FILE:
            return f"{file['name']} is larger than 10 MB."
        if endings and ending_of(file["name"]) not in endings:
            return f"{file['name']} is not of a kind that is asked for here: {', '.join(endings)}."
    return None


def _text_mistake(element: Json, value: str) -> str | None:
    kind = element["type"]
    if kind == "number_input":
        return _number_mistake(element, value)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "This does not look like an e-mail address."
    if kind == "url_text_input" and not re.fullmatch(
        r"[a-z][a-z0-9+.-]*:\S+", value, re.IGNORECASE
    ):
        return "This does not look like an address."
    if kind == "plain_text_input":
        return _length_mistake(element, len(value))
    return None


_LONGEST = (
    3000  # https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
)


def _length_mistake(element: Json, length: int) -> str | None:
    least, most = element.get("min_length") or 0, element.get("max_length") or _LONGEST
    if length < least:
        return f"Write at least {least} characters."
    if length > most:
        return f"Write at most {most} characters; these are {length}."
    return None


def _number_mistake(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "This is not a number."
    if "." in value and not element.get("is_decimal_allowed"):
        return "This needs to be a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < float(least):
        return f"This needs to be at least {least}."
    if most is not None and number > float(most):
        return f"This needs to be at most {most}."
    return None
