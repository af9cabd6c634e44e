"""What Slack refuses. The wordings were captured in these public answers of Slack:

- "must be less than 76 characters": https://github.com/rtCamp/frappe-slack-connector/issues/54
- "must be more than 0 characters": https://github.com/F3-Nation/archive-f3-nation-slack-bot/issues/42
- "no more than 25 items allowed": https://github.com/adobe/spacecat-api-service/issues/176
- "invalid additional property": https://github.com/nicklambourne/slackblocks/issues/36
- "must provide a string", "an object", "an array", also for null:
  https://github.com/slackapi/java-slack-sdk/issues/853
- "unsupported type": https://docs.slack.dev/reference/methods/blocks.validate
- "Block ID needs to be unique": https://github.com/slack-go/slack/issues/823
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models import blocks as models
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.limits.blocks import BLOCKS, SURFACES, problems_of_blocks
from bot.sandbox.limits.elements import ELEMENTS
from bot.sandbox.limits.messages import problems_of_message
from bot.sandbox.limits.views import problems_of_view

from .forms import date_field, form, home, note, plain, text_field


def button(text: str = "Go", **more: object) -> Json:
    return {"type": "button", "action_id": text, "text": plain(text)} | more


def actions(*elements: Json, **more: object) -> Json:
    return {"type": "actions", "elements": list(elements)} | more


def option(text: str = "One", **more: object) -> Json:
    return {"text": plain(text), "value": text[:150]} | more


def select(**more: object) -> Json:
    return {"type": "static_select", "action_id": "s", "options": [option()]} | more


def asked(element: Json, **more: object) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element} | more


def table(rows: int = 2, columns: int = 2, text: str = "x") -> Json:
    cell = {"type": "raw_text", "text": text}
    return {"type": "table", "rows": [[cell] * columns for _ in range(rows)]}


def data_table(rows: int = 2, **more: object) -> Json:
    row = [{"type": "raw_text", "text": "x"}, {"type": "raw_number", "value": 1}]
    return {"type": "data_table", "caption": "Waves", "rows": [row] * rows} | more


def rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


FINE: list[Json] = [
    note("x" * 3000),
    {"type": "section", "fields": [plain("x" * 2000)] * 10},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider", "block_id": "b" * 255},
    {"type": "context", "elements": [plain("x")] * 10},
    {"type": "context", "elements": [{"type": "image", "image_url": "u", "alt_text": "a"}]},
    {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a", "title": plain("t")},
    {"type": "image", "slack_file": {"id": "F123"}, "alt_text": "a"},
    {"type": "markdown", "text": "x" * 12_000},
    actions(*(button(f"b{n}") for n in range(25))),
    actions(button("x" * 75, value="v" * 2000, style="danger", url="https://x.test")),
    actions(select(initial_option=option())),
    actions(select(options=[option(f"o{n}") for n in range(100)])),
    actions({"type": "overflow", "action_id": "o", "options": [option(url="https://x.test")]}),
    actions({"type": "checkboxes", "action_id": "c", "options": [option()] * 10}),
    asked({"type": "plain_text_input", "max_length": 3000}, hint=plain("h"), optional=True),
    asked({"type": "datepicker", "initial_date": "2022-01-15"}),
    asked({"type": "timepicker", "initial_time": "09:30"}),
    asked({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
    asked({"type": "multi_external_select", "min_query_length": 1}),
    table(rows=100, columns=20),
    data_table(rows=101, page_size=10),
    rich("hello"),
    {"type": "alert", "text": plain("Careful"), "level": "warning"},
    {"type": "plan", "title": "Rollback", "tasks": []},
    {"type": "task_card", "task_id": "1", "title": "Stop", "status": "complete"},
    {"type": "card", "title": plain("Joe's"), "actions": [button()]},
    {"type": "carousel", "elements": [{"type": "card", "body": plain("x")}]},
    {"type": "container", "title": plain("Wave 5"), "child_blocks": [{"type": "divider"}]},
]


@pytest.mark.parametrize("block", FINE, ids=lambda block: str(block["type"]))
@pytest.mark.proves("block {block[type]}")
@pytest.mark.proves("element {block[elements][0][type]}")
@pytest.mark.proves("element {block[element][type]}")
def test_what_slack_accepts_is_accepted(block: Json) -> None:
    assert problems_of_message({"blocks": [block]}) == []


WRONG: list[tuple[Json, str]] = [
    (note("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (note(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (
        {"type": "section", "fields": [plain("x" * 2001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        {"type": "section", "fields": [plain("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    (
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        note("x") | {"block_id": None, "accessory": None, "fields": None},
        "must provide a string [json-pointer:/blocks/0/block_id]",
    ),
    (note("x") | {"accessory": None}, "must provide an object [json-pointer:/blocks/0/accessory]"),
    (note("x") | {"fields": None}, "must provide an array [json-pointer:/blocks/0/fields]"),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
    ({"type": "nonsense"}, "unsupported type: nonsense [json-pointer:/blocks/0/type]"),
    ({"text": "x"}, "missing required field: type [json-pointer:/blocks/0]"),
    (
        {"type": "divider", "colour": "red"},
        "invalid additional property: colour [json-pointer:/blocks/0]",
    ),
    (
        {"type": "divider", "block_id": "b" * 256},
        "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ),
    (
        {"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}},
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    (
        {"type": "context", "elements": [plain("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        {"type": "markdown", "text": "x" * 12_001},
        "must be less than 12001 characters [json-pointer:/blocks/0/text]",
    ),
    (
        actions(*(button(f"b{n}") for n in range(26))),
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (actions(), "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
    (
        actions(button("x" * 76)),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        actions(button(value="v" * 2001)),
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (
        actions(button(action_id="a" * 256)),
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    (
        actions(button(style="green")),
        "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
    ),
    (
        actions(button(), button()),
        '`action_id` "Go" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    (
        actions(button(confirm={"title": plain("t"), "text": plain("x")})),
        "missing required field: confirm [json-pointer:/blocks/0/elements/0/confirm]",
    ),
    (
        actions({"type": "plain_text_input", "action_id": "t"}),
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        asked(button()),
        "unsupported type: button [json-pointer:/blocks/0/element/type]",
    ),
    (
        asked({"type": "plain_text_input"}, label=plain("x" * 2001)),
        "must be less than 2001 characters [json-pointer:/blocks/0/label/text]",
    ),
    (
        asked({"type": "file_input"}),
        "unsupported type: file_input [json-pointer:/blocks/0/element/type]",
    ),
    (
        asked({"type": "datepicker", "initial_date": "15.1.2022"}),
        "must be a date in the form YYYY-MM-DD [json-pointer:/blocks/0/element/initial_date]",
    ),
    (
        asked({"type": "timepicker", "initial_time": "9"}),
        "must be a time in the form HH:mm [json-pointer:/blocks/0/element/initial_time]",
    ),
    (
        asked({"type": "number_input"}),
        "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]",
    ),
    (
        asked({"type": "plain_text_input", "placeholder": plain("x" * 151)}),
        "must be less than 151 characters [json-pointer:/blocks/0/element/placeholder/text]",
    ),
    (
        asked(select(placeholder=plain("x"), dispatch_action=True)),
        "invalid additional property: dispatch_action [json-pointer:/blocks/0/element]",
    ),
    (
        actions(select(options=[option(f"o{n}") for n in range(101)])),
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        actions(select(options=[option("x" * 76)])),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    (
        actions(select(options=[option(value="v" * 151)])),
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    (
        actions(select(options=[option(url="https://x.test")])),
        "invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]",
    ),
    (
        actions(select(option_groups=[{"label": plain("g"), "options": [option()]}])),
        "must define only one of options, option_groups [json-pointer:/blocks/0/elements/0]",
    ),
    (
        actions(select(initial_option=option("Two"))),
        "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        actions({"type": "overflow", "options": [option(f"o{n}") for n in range(6)]}),
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        actions({"type": "radio_buttons", "options": [option(f"o{n}") for n in range(11)]}),
        "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (table(rows=101), "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
    (table(columns=21), "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"),
    (
        table(rows=10, columns=10, text="x" * 101),
        "must be less than 10001 characters [json-pointer:/blocks/0/rows]",
    ),
    (data_table(rows=102), "no more than 101 items allowed [json-pointer:/blocks/0/rows]"),
    (data_table(rows=1), "no less than 2 items allowed [json-pointer:/blocks/0/rows]"),
    (data_table(caption=None), "must provide a string [json-pointer:/blocks/0/caption]"),
    (
        data_table(page_size=101),
        "must be less than or equal to 100 [json-pointer:/blocks/0/page_size]",
    ),
    (
        {"type": "data_table", "caption": "c", "rows": [[rich("x")], [rich("x")]]},
        "unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]",
    ),
    (
        {
            "type": "data_table",
            "caption": "c",
            "rows": [[{"type": "raw_text", "text": "x"}], [{"type": "raw_text", "text": "x"}] * 2],
        },
        "all rows must have the same number of cells [json-pointer:/blocks/0/rows/1]",
    ),
    (
        {"type": "image", "alt_text": "a"},
        "missing required field: image_url or slack_file [json-pointer:/blocks/0]",
    ),
    (
        {"type": "image", "image_url": "u"},
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    (
        {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]},
        "unsupported type: text [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        {"type": "container", "child_blocks": [{"type": "divider"}] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/child_blocks]",
    ),
    (
        {"type": "alert", "text": plain("x"), "level": "loud"},
        "must be a valid enum value [json-pointer:/blocks/0/level]",
    ),
]


@pytest.mark.parametrize(("block", "words"), WRONG, ids=lambda value: str(value)[:60])
@pytest.mark.proves("block {block[type]}")
@pytest.mark.proves("element {block[elements][0][type]}")
@pytest.mark.proves("element {block[element][type]}")
def test_what_slack_refuses_is_refused_with_a_pointer(block: Json, words: str) -> None:
    assert words in [str(problem) for problem in problems_of_message({"blocks": [block]})]


@pytest.mark.proves("message")
def test_fifty_blocks_stand_in_a_message() -> None:
    assert problems_of_message({"blocks": [{"type": "divider"}] * 50}) == []
    (problem,) = problems_of_message({"blocks": [{"type": "divider"}] * 51})
    assert str(problem) == "no more than 50 items allowed [json-pointer:/blocks]"


@pytest.mark.proves("view modal")
@pytest.mark.proves("view home")
def test_a_hundred_blocks_stand_in_a_view() -> None:
    for view in (form, home):
        assert problems_of_view(view(*[{"type": "divider"}] * 100)) == []
        (problem,) = problems_of_view(view(*[{"type": "divider"}] * 101))
        assert str(problem) == "no more than 100 items allowed [json-pointer:/blocks]"


@pytest.mark.proves("message")
def test_block_ids_are_unique() -> None:
    blocks = [{"type": "divider", "block_id": "same"}] * 2
    (problem,) = problems_of_message({"blocks": blocks})
    assert str(problem) == "Block ID needs to be unique [json-pointer:/blocks/1/block_id]"


@pytest.mark.proves("message")
def test_one_table_stands_in_a_message() -> None:
    (problem,) = problems_of_message({"blocks": [table(), table()]})
    assert problem.pointer == "/blocks/1"


@pytest.mark.proves("message")
def test_markdown_is_limited_in_sum() -> None:
    blocks = [{"type": "markdown", "text": "x" * 6001}] * 2
    (problem,) = problems_of_message({"blocks": blocks})
    assert problem.pointer == "/blocks"


@pytest.mark.proves("message")
def test_blocks_of_attachments_are_looked_at() -> None:
    attachment = {"blocks": [note("x" * 3001)]}
    (problem,) = problems_of_message({"attachments": [attachment]})
    assert problem.pointer == "/attachments/0/blocks/0/text/text"


@pytest.mark.parametrize("value", [None, 7, "x", [], ["x"], {"type": 7}, {"type": []}])
def test_values_of_no_shape_are_problems_not_crashes(value: object) -> None:
    assert problems_of_blocks([value], surface="message", most=50)
    assert problems_of_view(value)
    assert problems_of_view(form() | {"blocks": [value]})


def short(value: object) -> Any:
    """The value with at most two of each list."""
    if isinstance(value, dict):
        return {name: short(part) for name, part in value.items()}
    return [short(part) for part in value[:2]] if isinstance(value, list) else value


def spoilt(value: Any, odd: object) -> Iterator[Any]:
    """Every copy of the value in which one part is something odd."""
    yield odd
    parts = value.items() if isinstance(value, dict) else ()
    for name, part in enumerate(value) if isinstance(value, list) else parts:
        for other in spoilt(part, odd):
            changed = copy.copy(value)
            changed[name] = other
            yield changed


@pytest.mark.parametrize("block", FINE[:-1], ids=lambda block: str(block["type"]))
@pytest.mark.parametrize("odd", [None, 7, [], {}, [7], {"type": "x"}], ids=str)
def test_an_odd_value_anywhere_is_no_crash(block: Json, odd: object) -> None:
    for changed in spoilt(short(block), odd):
        problems_of_message({"blocks": [changed]})
        problems_of_view(form(changed))


VIEWS: list[tuple[Callable[[], Json], str]] = [
    (
        lambda: form(title="x" * 25),
        "must be less than 25 characters [json-pointer:/title/text]",
    ),
    (
        lambda: form(submit=plain("x" * 25)),
        "must be less than 25 characters [json-pointer:/submit/text]",
    ),
    (
        lambda: form(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/private_metadata]",
    ),
    (
        lambda: form(callback_id="x" * 256),
        "must be less than 256 characters [json-pointer:/callback_id]",
    ),
    (lambda: form(colour="red"), "invalid additional property: colour [json-pointer:]"),
    (lambda: form(text_field(), submit=None), "must provide an object [json-pointer:/submit]"),
    (
        lambda: form(table()),
        "unsupported type: table [json-pointer:/blocks/0/type]",
    ),
    (
        lambda: form({"type": "markdown", "text": "x"}),
        "unsupported type: markdown [json-pointer:/blocks/0/type]",
    ),
    (lambda: home() | {"title": plain("x")}, "invalid additional property: title [json-pointer:]"),
    (
        lambda: form(text_field(), text_field()),
        "Block ID needs to be unique [json-pointer:/blocks/1/block_id]",
    ),
    (
        lambda: form(
            asked({"type": "plain_text_input", "focus_on_load": True}),
            asked({"type": "datepicker", "focus_on_load": True}),
        ),
        "only one element may have focus_on_load [json-pointer:/blocks/1]",
    ),
    (
        lambda: {"type": "modal", "title": plain("x"), "blocks": [text_field()]},
        "missing required field: submit [json-pointer:]",
    ),
    (
        lambda: {"type": "modal", "blocks": []},
        "missing required field: title [json-pointer:]",
    ),
]


@pytest.mark.parametrize(("view", "words"), VIEWS, ids=[words[:50] for _, words in VIEWS])
def test_views_that_slack_refuses_are_refused(view: Callable[[], Json], words: str) -> None:
    assert words in [str(problem) for problem in problems_of_view(view())]


def test_a_view_with_every_kind_of_field_is_accepted() -> None:
    view = form(
        text_field(),
        date_field(),
        asked({"type": "file_input", "max_files": 10}),
        asked({"type": "rich_text_input"}),
        asked({"type": "users_select"}),
        asked({"type": "conversations_select", "default_to_current_conversation": True}),
    )
    assert problems_of_view(view) == []


def test_every_shape_names_its_documentation() -> None:
    for shape in (*BLOCKS.values(), *ELEMENTS.values()):
        assert shape.source.startswith("https://docs.slack.dev/reference/block-kit/")
    assert all(surface <= set(BLOCKS) for surface in SURFACES.values())


def test_what_slacks_own_library_builds_is_accepted() -> None:
    built = [
        models.HeaderBlock(text="Joe's Pizza"),
        models.SectionBlock(
            text="*Moves* on 7 February", accessory=models.ButtonElement(text="Why", action_id="w")
        ),
        models.ContextBlock(elements=[models.MarkdownTextObject(text="wave 5")]),
        models.ActionsBlock(
            elements=[
                models.StaticSelectElement(
                    action_id="s", options=[models.Option(value="1", label="One")]
                ),
                models.DatePickerElement(action_id="d", initial_date="2022-01-15"),
            ]
        ),
        models.MarkdownBlock(text="**x**"),
    ]
    assert problems_of_message({"blocks": [block.to_dict() for block in built]}) == []


@pytest.mark.proves("chat.postMessage", "invalid_blocks")
async def test_invalid_blocks_are_answered_as_slack_does(client: AsyncWebClient) -> None:
    blocks = [actions(*(button(f"b{n}") for n in range(26)))]
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="#general", text="x", blocks=blocks)
    words = "no more than 25 items allowed [json-pointer:/blocks/0/elements]"
    assert refused.value.response.data == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [words],
        "response_metadata": {"messages": [f"[ERROR] {words}"]},
    }


@pytest.mark.proves("chat.postMessage", "invalid_attachments")
async def test_invalid_blocks_of_attachments_are_answered_as_slack_does(
    client: AsyncWebClient,
) -> None:
    attachment = {"fallback": "x", "blocks": [{"type": "section", "fields": [plain("")]}]}
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="#general", text="x", attachments=[attachment])
    assert refused.value.response["error"] == "invalid_attachments"
    pointer = "/attachments/0/blocks/0/fields/0/text"
    assert refused.value.response["errors"] == [
        f"must be more than 0 characters [json-pointer:{pointer}]"
    ]


@pytest.mark.proves("views.open", "invalid_arguments")
async def test_an_invalid_view_is_answered_as_slack_does(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id="1.2.3", view=form(title="x" * 25))
    assert refused.value.response.data == {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {
            "messages": [
                "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
                "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
            ]
        },
    }


@pytest.mark.proves("chat.postMessage", "msg_blocks_too_long")
@pytest.mark.proves("message")
async def test_a_whole_message_of_blocks_is_limited(client: AsyncWebClient) -> None:
    """Each block costs its words and 125: https://github.com/slackapi/bolt-js/issues/2509."""
    blocks = [note("x" * 3000) for _ in range(4)]
    spare = 13_422 - 4 * 3125 - 125
    fits, bursts = note("x" * spare), note("x" * (spare + 1))
    await client.chat_postMessage(channel="#general", text="x", blocks=[*blocks, fits])
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        await client.chat_postMessage(channel="#general", text="x", blocks=[*blocks, bursts])


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("blocks", "{", "invalid_blocks_format"),
        ("blocks", {"type": "divider"}, "invalid_blocks_format"),
        ("attachments", "{", "invalid_attachments_format"),
        ("attachments", [{"text": "x"}] * 101, "too_many_attachments"),
    ],
)
@pytest.mark.proves("chat.postMessage", "{error}")
async def test_values_of_the_wrong_form_are_refused(
    client: AsyncWebClient, field: str, value: object, error: str
) -> None:
    message = {"channel": "#general", "text": "x", field: value}
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("chat.postMessage", json=message)
    assert refused.value.response["error"] == error


@pytest.mark.proves("blocks.validate")
@pytest.mark.proves("blocks.validate", "invalid_blocks", "invalid_message", "invalid_view")
async def test_blocks_validate_points_at_each_problem(client: AsyncWebClient) -> None:
    assert (await client.blocks_validate(blocks=[{"type": "divider"}]))["ok"]
    assert (await client.blocks_validate(view=form(text_field())))["ok"]
    with pytest.raises(SlackApiError) as refused:
        await client.blocks_validate(blocks=[note("x" * 3001)])
    assert refused.value.response["error"] == "invalid_blocks"
    (error,) = refused.value.response["errors"]
    assert error["pointer"] == "/0/text/text"
    assert error["code"] == "failed_constraint"
    assert error["message"] == "must be less than 3001 characters"
    assert error["source"].endswith("/composition-objects/text-object")
    with pytest.raises(SlackApiError, match="invalid_message"):
        await client.blocks_validate(message={"blocks": [{"type": "x"}]})
    with pytest.raises(SlackApiError, match="invalid_view"):
        await client.blocks_validate(view=form(title="x" * 25))
    with pytest.raises(SlackApiError, match="exactly one"):
        await client.api_call("blocks.validate", json={})
