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

import pytest
from slack_sdk.models import blocks as models

from bot.sandbox.json_types import Json
from bot.sandbox.limits.blocks import BLOCKS, SURFACES
from bot.sandbox.limits.elements import ELEMENTS
from bot.sandbox.limits.messages import problems_of_message

from .forms import note, plain
from .shown_blocks import FINE, actions, asked, button, data_table, option, rich, select, table


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
