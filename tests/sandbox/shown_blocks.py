"""Blocks as Slack takes them, and one of each kind."""

from bot.sandbox.json_types import Json

from .forms import note, plain


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
