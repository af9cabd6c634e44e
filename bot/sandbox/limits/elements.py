"""Block elements, and the blocks that may hold each.

Source: https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Iterator, Mapping

from bot.sandbox.json_types import Json
from bot.sandbox.limits import composition as part
from bot.sandbox.limits.checks import (
    Check,
    Rule,
    Shape,
    anything,
    boolean,
    choice,
    exactly_one,
    integer,
    items,
    string,
)
from bot.sandbox.limits.problem import UNSOURCED, Problem

_DOCS = "https://docs.slack.dev/reference/block-kit/block-elements"
_URL = string(3000)
_ID = string(255, least=1)
_ONE_OPTION_LIST = exactly_one("options", "option_groups")


def _element(
    page: str,
    *,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    rules: tuple[Rule, ...] = (),
) -> Shape:
    return Shape(
        f"{_DOCS}/{page}",
        required={"type": string(100), **(required or {})},
        optional={"action_id": _ID, **(optional or {})},
        rules=rules,
    )


def _input(page: str, **optional: Check) -> Shape:
    return _element(page, optional={**_TYPED, **optional})


_TYPED: Mapping[str, Check] = {
    "placeholder": part.plain(150),
    "focus_on_load": boolean,
    "dispatch_action_config": part.DISPATCH,
}
_CHOSEN: Mapping[str, Check] = {
    "placeholder": part.plain(150),
    "focus_on_load": boolean,
    "confirm": part.CONFIRM,
}
_SEVERAL: Mapping[str, Check] = {**_CHOSEN, "max_selected_items": integer(1)}


def _initial_on_offer(value: Json) -> Iterator[Problem]:
    """An initial option must be one of the options, word for word.

    Source: "initial_option" of the select menu's page.
    """
    grouped = [o for g in _list(value, "option_groups") for o in _list(g, "options")]
    offered = [*_list(value, "options"), *grouped]
    if value.get("initial_option") and value["initial_option"] not in offered:
        yield Problem("/initial_option", "must be one of the provided options", source=UNSOURCED)
    for at, option in enumerate(_list(value, "initial_options")):
        if option not in offered:
            words = "must be one of the provided options"
            yield Problem(f"/initial_options/{at}", words, source=UNSOURCED)


def _list(value: object, name: str) -> list[object]:
    held = value.get(name) if isinstance(value, dict) else None
    return held if isinstance(held, list) else []


def _date(value: object) -> Iterator[Problem]:
    parts = str(value).split("-")
    if [len(p) for p in parts] != [4, 2, 2] or not all(p.isdigit() for p in parts):
        yield Problem("", "must be a date in the form YYYY-MM-DD", source=UNSOURCED)


def _time(value: object) -> Iterator[Problem]:
    parts = str(value).split(":")
    if [len(p) for p in parts] != [2, 2] or not all(p.isdigit() for p in parts):
        yield Problem("", "must be a time in the form HH:mm", source=UNSOURCED)


_LISTS: Mapping[str, Check] = {
    "options": items(part.OPTION, 100),
    "option_groups": items(part.OPTION_GROUP, 100),
}
_LISTED = (_ONE_OPTION_LIST, _initial_on_offer)
_IDS = items(string(255), 1000, least=0)
_CONVERSATIONS: Mapping[str, Check] = {
    "default_to_current_conversation": boolean,
    "filter": part.FILTER,
}

ELEMENTS: dict[str, Shape] = {
    "button": _element(
        "button-element",
        required={"text": part.plain(75)},
        optional={
            "url": _URL,
            "value": string(2000),
            "style": choice("primary", "danger"),
            "confirm": part.CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "channels_select": _element(
        "select-menu-element",
        optional={
            **_CHOSEN,
            "initial_channel": string(255),
            "response_url_enabled": boolean,
        },
    ),
    "checkboxes": _element(
        "checkboxes-element",
        required={"options": items(part.MARKED_OPTION, 10)},
        optional={
            "initial_options": items(part.MARKED_OPTION, 10),
            "confirm": part.CONFIRM,
            "focus_on_load": boolean,
        },
        rules=(_initial_on_offer,),
    ),
    "conversations_select": _element(
        "select-menu-element",
        optional={
            **_CHOSEN,
            **_CONVERSATIONS,
            "initial_conversation": string(255),
            "response_url_enabled": boolean,
        },
    ),
    "datepicker": _element("date-picker-element", optional={**_CHOSEN, "initial_date": _date}),
    "datetimepicker": _element(
        "datetime-picker-element",
        optional={
            "initial_date_time": integer(0),
            "confirm": part.CONFIRM,
            "focus_on_load": boolean,
        },
    ),
    "email_text_input": _input("email-input-element", initial_value=string(3000)),
    "external_select": _element(
        "select-menu-element",
        optional={
            **_CHOSEN,
            "initial_option": part.OPTION,
            "min_query_length": integer(0),
        },
    ),
    "feedback_buttons": _element(
        "feedback-buttons-element",
        required={"positive_button": anything, "negative_button": anything},
    ),
    "file_input": _element(
        "file-input-element",
        optional={"filetypes": items(string(255), 1000), "max_files": integer(1, 10)},
    ),
    "icon_button": _element(
        "icon-button-element",
        required={"icon": choice("trash"), "text": part.plain(75)},
        optional={
            "value": string(2000),
            "confirm": part.CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": _IDS,
        },
    ),
    "image": Shape(
        f"{_DOCS}/image-element",
        required={"type": string(100), "alt_text": string(2000)},
        optional={"image_url": _URL, "slack_file": part.SLACK_FILE},
        rules=(exactly_one("image_url", "slack_file"),),
    ),
    "multi_channels_select": _element(
        "multi-select-menu-element", optional={**_SEVERAL, "initial_channels": _IDS}
    ),
    "multi_conversations_select": _element(
        "multi-select-menu-element",
        optional={**_SEVERAL, **_CONVERSATIONS, "initial_conversations": _IDS},
    ),
    "multi_external_select": _element(
        "multi-select-menu-element",
        optional={
            **_SEVERAL,
            "initial_options": items(part.OPTION, 100),
            "min_query_length": integer(0),
        },
    ),
    "multi_static_select": _element(
        "multi-select-menu-element",
        optional={**_SEVERAL, **_LISTS, "initial_options": items(part.OPTION, 100)},
        rules=_LISTED,
    ),
    "multi_users_select": _element(
        "multi-select-menu-element", optional={**_SEVERAL, "initial_users": _IDS}
    ),
    "number_input": _element(
        "number-input-element",
        required={"is_decimal_allowed": boolean},
        optional={
            **_TYPED,
            "initial_value": string(3000),
            "min_value": string(3000),
            "max_value": string(3000),
        },
    ),
    "overflow": _element(
        "overflow-menu-element",
        required={"options": items(part.OVERFLOW_OPTION, 5)},
        optional={"confirm": part.CONFIRM},
    ),
    "plain_text_input": _input(
        "plain-text-input-element",
        initial_value=string(3000),
        multiline=boolean,
        min_length=integer(0, 3000),
        max_length=integer(1, 3000),
    ),
    "radio_buttons": _element(
        "radio-button-group-element",
        required={"options": items(part.MARKED_OPTION, 10)},
        optional={
            "initial_option": part.MARKED_OPTION,
            "confirm": part.CONFIRM,
            "focus_on_load": boolean,
        },
        rules=(_initial_on_offer,),
    ),
    "rich_text_input": _input("rich-text-input-element", initial_value=anything),
    "static_select": _element(
        "select-menu-element",
        optional={**_CHOSEN, **_LISTS, "initial_option": part.OPTION},
        rules=_LISTED,
    ),
    "timepicker": _element(
        "time-picker-element",
        optional={**_CHOSEN, "initial_time": _time, "timezone": string(255)},
    ),
    "url_text_input": _input("url-input-element", initial_value=string(3000)),
    "users_select": _element(
        "select-menu-element", optional={**_CHOSEN, "initial_user": string(255)}
    ),
    "workflow_button": _element(
        "workflow-button-element",
        required={"text": part.plain(75), "workflow": anything},
        optional={"style": choice("primary", "danger"), "accessibility_label": string(75)},
    ),
}

_MENUS = frozenset(
    {
        "channels_select",
        "checkboxes",
        "conversations_select",
        "datepicker",
        "external_select",
        "multi_channels_select",
        "multi_conversations_select",
        "multi_external_select",
        "multi_static_select",
        "multi_users_select",
        "radio_buttons",
        "static_select",
        "timepicker",
        "users_select",
    }
)
_BUTTONS = frozenset({"button", "overflow", "workflow_button"})
_TYPED_IN = frozenset(
    {
        "email_text_input",
        "file_input",
        "number_input",
        "plain_text_input",
        "rich_text_input",
        "url_text_input",
    }
)


def only(names: frozenset[str]) -> dict[str, Check]:
    """The elements of these types."""
    return {name: ELEMENTS[name] for name in sorted(names)}


# Source: "Works with block types" on each element's page.
IN_SECTION = only(_MENUS | _BUTTONS | {"image"})
IN_ACTIONS = only(_MENUS | _BUTTONS | {"datetimepicker"})
IN_INPUT = only(_MENUS | _TYPED_IN | {"datetimepicker"})
IN_CONTEXT_ACTIONS = only(frozenset({"feedback_buttons", "icon_button"}))
