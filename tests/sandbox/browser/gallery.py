"""One of each block and element, for looking at and for counting what cannot be drawn."""

from bot.sandbox.json_types import Json


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str, text: str, **more: object) -> Json:
    return {"value": value, "text": plain(text), **more}


OPTIONS = [option("one", "Monday"), option("two", "Tuesday"), option("three", "Wednesday")]
GROUPS: list[Json] = [
    {"label": plain("Early"), "options": OPTIONS[:2]},
    {"label": plain("Late"), "options": OPTIONS[2:]},
]
STYLED = (
    "*Bold*, _italic_, ~struck~, `code` and *_both_*; 2 * 3 * 4 stays. :wave: :no_such_emoji:\n"
    "> A quote of two lines\n> with <https://example.com/a_b_c|a link>\n"
    "```\nif ready:\n    go()\n```\n"
    "• one\n• two &amp; three &lt;four&gt; &#39;five&#39;\n<!here> <!date^1642262400^{date_long} "
    "at {time}|January 15th>"
)
MARKDOWN = "## A heading\n**Bold**, *italic*, ~~struck~~ and [a link](https://example.com).\n\n1. one\n2. two"
RICH: list[Json] = [
    {
        "type": "rich_text_section",
        "elements": [
            {"type": "text", "text": "Rich ", "style": {"bold": True}},
            {"type": "text", "text": "text with "},
            {"type": "link", "url": "https://example.com", "text": "a link"},
            {"type": "emoji", "name": "tada"},
        ],
    },
    {
        "type": "rich_text_list",
        "style": "ordered",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": word}]}
            for word in ("First", "Second")
        ],
    },
    {"type": "rich_text_quote", "elements": [{"type": "text", "text": "What somebody said"}]},
    {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "go()"}]},
]
SPEECH: Json = {
    "title": plain("Pause this wave?"),
    "text": mrkdwn("40 locations keep the old system until somebody starts it again."),
    "confirm": plain("Pause it"),
    "deny": plain("Keep going"),
    "style": "danger",
}


def message_blocks() -> list[Json]:
    """What a message can carry."""
    return [
        {"type": "header", "text": plain("Everything a message can show")},
        {"type": "section", "block_id": "styled", "text": mrkdwn(STYLED)},
        {
            "type": "section",
            "fields": [mrkdwn("*Wave*\n7"), mrkdwn("*Locations*\n40"), mrkdwn("*Pass rate*\n98 %")],
            "accessory": {
                "type": "overflow",
                "action_id": "more",
                "options": [option("copy", "Copy"), option("hide", "Hide")],
            },
        },
        {"type": "divider"},
        {"type": "rich_text", "elements": RICH},
        {"type": "markdown", "text": MARKDOWN},
        {"type": "image", "image_url": "/client/icon.svg", "alt_text": "A wave"},
        _table(),
        _data_table(),
        {
            "type": "actions",
            "block_id": "buttons",
            "elements": [
                _button("Start", "start", style="primary"),
                _button("Pause", "pause", style="danger", confirm=SPEECH),
                _button("Open", "open", url="https://example.com"),
                {
                    "type": "static_select",
                    "action_id": "day",
                    "placeholder": plain("Pick a day"),
                    "option_groups": GROUPS,
                },
                {"type": "datepicker", "action_id": "when", "initial_date": "2022-02-07"},
            ],
        },
        {"type": "context", "elements": [mrkdwn("Only an example · nothing is *sent*")]},
    ]


def _button(text: str, action_id: str, **more: object) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def _table() -> Json:
    head = ["Customer", "Locations", "Date"]
    rows = [["Joe's Pizza", "12", "Feb 7"], ["Maria's Kitchen", "3", "Feb 14"]]
    cells = [[{"type": "raw_text", "text": word} for word in row] for row in [head, *rows]]
    return {"type": "table", "rows": cells, "column_settings": [{}, {"align": "right"}]}


def _data_table() -> Json:
    head = [{"type": "raw_text", "text": word} for word in ("Wave", "Locations")]
    rows = [
        [
            {"type": "raw_text", "text": f"Wave {wave}"},
            {"type": "raw_number", "value": wave * 7 % 10, "text": str(wave * 7 % 10)},
        ]
        for wave in range(1, 8)
    ]
    return {"type": "data_table", "caption": "Locations by wave", "rows": [head, *rows]}


def inputs() -> list[Json]:
    """One input block for each kind of element a modal can ask with."""
    kinds: list[Json] = [
        {"type": "plain_text_input", "max_length": 80, "placeholder": plain("A few words")},
        {"type": "plain_text_input", "multiline": True},
        {"type": "email_text_input"},
        {"type": "url_text_input"},
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
        {"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[1]},
        {"type": "multi_static_select", "option_groups": GROUPS, "initial_options": OPTIONS[:2]},
        {"type": "users_select"},
        {"type": "multi_users_select"},
        {"type": "conversations_select"},
        {"type": "multi_conversations_select"},
        {"type": "channels_select"},
        {"type": "multi_channels_select"},
        {"type": "datepicker", "initial_date": "2022-02-07"},
        {"type": "timepicker", "initial_time": "09:30"},
        {"type": "datetimepicker", "initial_date_time": 1642262400},
        {"type": "checkboxes", "options": OPTIONS, "initial_options": OPTIONS[:1]},
        {"type": "radio_buttons", "options": OPTIONS},
        {"type": "file_input"},
        {"type": "rich_text_input"},
        {"type": "external_select"},
        {"type": "multi_external_select"},
    ]
    return [
        {
            "type": "input",
            "block_id": f"{place}-{kind['type']}",
            "label": plain(kind["type"].replace("_", " ").capitalize()),
            "optional": True,
            "element": kind | {"action_id": "it"},
        }
        for place, kind in enumerate(kinds)
    ]


def gallery_modal() -> Json:
    """A modal with every input."""
    return {
        "type": "modal",
        "callback_id": "gallery",
        "title": plain("Every input"),
        "submit": plain("Done"),
        "blocks": inputs(),
    }


def undrawn_blocks() -> list[Json]:
    """The blocks and elements that the client names instead of drawing them."""
    card: Json = {"type": "card", "title": mrkdwn("A card")}
    task: Json = {"type": "task_card", "task_id": "one", "title": "A task"}
    return [
        card,
        {"type": "carousel", "elements": [card]},
        {"type": "container", "child_blocks": [{"type": "divider"}], "title": mrkdwn("Holds")},
        {"type": "context_actions", "elements": [_feedback()]},
        {"type": "data_visualization", "chart": {}},
        {"type": "plan", "title": "A plan", "tasks": [task]},
        task,
        {
            "type": "video",
            "alt_text": "A film",
            "title": plain("A film"),
            "thumbnail_url": "https://example.com/film.png",
            "video_url": "https://example.com/film",
        },
        {"type": "actions", "elements": [_workflow_button()]},
    ]


def _feedback() -> Json:
    return {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": {"text": plain("Good"), "value": "good"},
        "negative_button": {"text": plain("Bad"), "value": "bad"},
    }


def _workflow_button() -> Json:
    trigger: Json = {"url": "https://example.com/start"}
    return {
        "type": "workflow_button",
        "action_id": "work",
        "text": plain("Start"),
        "workflow": {"trigger": trigger},
    }
