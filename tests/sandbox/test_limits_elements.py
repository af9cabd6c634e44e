"""Each element and block at least once as Slack accepts it, and once as it does not."""

import pytest

from bot.sandbox.json_types import Json
from bot.sandbox.limits.elements import ELEMENTS
from bot.sandbox.limits.messages import problems_of_message
from bot.sandbox.limits.views import problems_of_view

from .forms import form, plain

OPTION = {"text": plain("One"), "value": "1"}
IN_ACTIONS: dict[str, Json] = {
    "button": {"text": plain("Go")},
    "channels_select": {},
    "checkboxes": {"options": [OPTION]},
    "conversations_select": {},
    "datepicker": {},
    "datetimepicker": {},
    "external_select": {},
    "multi_channels_select": {},
    "multi_conversations_select": {},
    "multi_external_select": {},
    "multi_static_select": {"options": [OPTION]},
    "multi_users_select": {},
    "overflow": {"options": [OPTION]},
    "radio_buttons": {"options": [OPTION]},
    "static_select": {"options": [OPTION]},
    "timepicker": {},
    "users_select": {},
    "workflow_button": {"text": plain("Start"), "workflow": {"trigger": {"url": "u"}}},
}
IN_INPUT: dict[str, Json] = {
    "email_text_input": {},
    "file_input": {},
    "number_input": {"is_decimal_allowed": True},
    "plain_text_input": {},
    "rich_text_input": {},
    "url_text_input": {},
}
IN_CONTEXT_ACTIONS: dict[str, Json] = {
    "feedback_buttons": {
        "positive_button": {"text": plain("Good"), "value": "1"},
        "negative_button": {"text": plain("Bad"), "value": "0"},
    },
    "icon_button": {"icon": "trash", "text": plain("Delete")},
}
TOO_LONG = "must be less than 256 characters [json-pointer:{place}/action_id]"


def test_every_element_is_tried() -> None:
    assert {*IN_ACTIONS, *IN_INPUT, *IN_CONTEXT_ACTIONS, "image"} == set(ELEMENTS)


@pytest.mark.proves("element {kind}")
@pytest.mark.parametrize("kind", IN_ACTIONS)
@pytest.mark.parametrize("host", ["actions", "context_actions"])
def test_an_element_beside_others_is_held_to_its_limits(kind: str, host: str) -> None:
    element = {"type": kind, "action_id": "a"} | IN_ACTIONS[kind]
    problems = problems_of_message({"blocks": [{"type": host, "elements": [element]}]})
    if host == "context_actions":
        place = "/blocks/0/elements/0/type"
        assert str(problems[0]) == f"unsupported type: {kind} [json-pointer:{place}]"
        return
    assert problems == []
    wrong = {"type": host, "elements": [element | {"action_id": "a" * 256}]}
    said = [str(problem) for problem in problems_of_message({"blocks": [wrong]})]
    assert TOO_LONG.format(place="/blocks/0/elements/0") in said


@pytest.mark.proves("element {kind}")
@pytest.mark.parametrize("kind", IN_INPUT)
def test_an_element_to_be_filled_in_is_held_to_its_limits(kind: str) -> None:
    element = {"type": kind, "action_id": "a"} | IN_INPUT[kind]
    field: Json = {"type": "input", "label": plain("Label"), "element": element}
    assert problems_of_view(form(field)) == []
    wrong = form(field | {"element": element | {"action_id": "a" * 256}})
    said = [str(problem) for problem in problems_of_view(wrong)]
    assert TOO_LONG.format(place="/blocks/0/element") in said


@pytest.mark.proves("block context_actions")
@pytest.mark.proves("element {kind}")
@pytest.mark.parametrize("kind", IN_CONTEXT_ACTIONS)
def test_an_element_below_a_message_is_held_to_its_limits(kind: str) -> None:
    element = {"type": kind, "action_id": "a"} | IN_CONTEXT_ACTIONS[kind]
    fine = {"type": "context_actions", "elements": [element]}
    assert problems_of_message({"blocks": [fine]}) == []
    wrong = fine | {"elements": [element | {"action_id": "a" * 256}]}
    said = [str(problem) for problem in problems_of_message({"blocks": [wrong]})]
    assert TOO_LONG.format(place="/blocks/0/elements/0") in said
    many = fine | {"elements": [element | {"action_id": f"{n}"} for n in range(6)]}
    said = [str(problem) for problem in problems_of_message({"blocks": [many]})]
    assert "no more than 5 items allowed [json-pointer:/blocks/0/elements]" in said


VIDEO = {
    "type": "video",
    "alt_text": "How a wave goes",
    "title": plain("A wave"),
    "thumbnail_url": "https://x.test/a.png",
    "video_url": "https://x.test/a.mp4",
}


@pytest.mark.proves("block {block[type]}")
@pytest.mark.parametrize(
    ("block", "more", "words"),
    [
        (VIDEO, {"title": plain("x" * 200)}, "must be less than 200 characters"),
        (VIDEO, {"author_name": "x" * 50}, "must be less than 50 characters"),
        ({"type": "data_visualization"}, {"colour": "red"}, "invalid additional property: colour"),
    ],
)
def test_a_block_is_held_to_its_limits(block: Json, more: Json, words: str) -> None:
    assert problems_of_message({"blocks": [block]}) == []
    (problem,) = problems_of_message({"blocks": [block | more]})
    assert words in str(problem)
