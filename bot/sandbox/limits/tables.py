"""Tables and rich text: blocks that hold blocks of words.

Source: https://docs.slack.dev/reference/block-kit/blocks/table-block, data-table-block and
rich-text-block.
"""

from collections.abc import Iterator

from bot.sandbox.json_types import Json
from bot.sandbox.limits.checks import (
    Check,
    Shape,
    anything,
    boolean,
    by_type,
    choice,
    integer,
    items,
    number,
    string,
)
from bot.sandbox.limits.problem import UNSOURCED, Problem

_DOCS = "https://docs.slack.dev/reference/block-kit/blocks"
_COLUMNS = 20
_ROWS = 100
_MANY = 10_000


def _runs(value: object) -> Iterator[Problem]:
    return items(_run, _MANY, least=0)(value)


def _run(value: object) -> Iterator[Problem]:
    known = by_type(dict.fromkeys(_RUNS, anything))
    yield from known(value)
    if isinstance(value, dict) and value.get("type") in ("text", "link"):
        name = "text" if value["type"] == "text" else "url"
        if not value.get(name):
            yield Problem(f"/{name}", "must be more than 0 characters")


_RUNS = frozenset(
    ["broadcast", "channel", "color", "date", "emoji", "link", "team", "text", "user", "usergroup"]
)

_SECTION = Shape(
    f"{_DOCS}/rich-text-block",
    required={"type": string(100), "elements": _runs},
    optional={"border": integer(0, 1), "language": string(100)},
)
_LIST = Shape(
    f"{_DOCS}/rich-text-block",
    required={
        "type": string(100),
        "elements": items(by_type({"rich_text_section": _SECTION}), _MANY),
        "style": choice("bullet", "ordered"),
    },
    optional={"indent": integer(0, 8), "offset": integer(0), "border": integer(0, 1)},
)
RICH_TEXT = Shape(
    f"{_DOCS}/rich-text-block",
    required={
        "type": choice("rich_text"),
        "elements": items(
            by_type(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_preformatted": _SECTION,
                    "rich_text_quote": _SECTION,
                    "rich_text_list": _LIST,
                }
            ),
            _MANY,
        ),
    },
    optional={"block_id": string(255)},
)

_RAW_TEXT = Shape(
    f"{_DOCS}/table-block",
    required={"type": choice("raw_text"), "text": string(_MANY, least=1)},
)
_RAW_NUMBER = Shape(
    f"{_DOCS}/data-table-block",
    required={"type": choice("raw_number"), "value": number},
    optional={"text": string(_MANY)},
)
_CELL: Check = by_type({"raw_text": _RAW_TEXT, "rich_text": RICH_TEXT})
_DATA_CELL: Check = by_type(
    {"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": RICH_TEXT}
)
_COLUMN = Shape(
    f"{_DOCS}/table-block",
    optional={"align": choice("left", "center", "right"), "is_wrapped": boolean},
)

TABLE = Shape(
    f"{_DOCS}/table-block",
    required={"type": string(100), "rows": items(items(_CELL, _COLUMNS), _ROWS)},
    optional={"block_id": string(255), "column_settings": items(_COLUMN, _COLUMNS, least=0)},
)


def _even(value: Json) -> Iterator[Problem]:
    rows = value.get("rows")
    widths = [len(row) for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    for at, width in enumerate(widths):
        if width != widths[0]:
            words = "all rows must have the same number of cells"
            yield Problem(f"/rows/{at}", words, source=UNSOURCED)


def _plain_header(value: Json) -> Iterator[Problem]:
    rows = value.get("rows")
    header = rows[0] if isinstance(rows, list) and rows else []
    for at, cell in enumerate(header if isinstance(header, list) else []):
        if isinstance(cell, dict) and cell.get("type") == "rich_text":
            pointer = f"/rows/0/{at}/type"
            yield Problem(pointer, "unsupported type: rich_text")


DATA_TABLE = Shape(
    f"{_DOCS}/data-table-block",
    required={
        "type": string(100),
        "rows": items(items(_DATA_CELL, _COLUMNS), _ROWS + 1, least=2),
        "caption": string(_MANY, least=1),
    },
    optional={
        "block_id": string(255),
        "page_size": integer(1, 100),
        "row_header_column_index": integer(0, _COLUMNS - 1),
    },
    rules=(_even, _plain_header),
)


def characters(table: Json) -> int:
    """How many characters the cells of a table hold."""
    return sum(_length(cell) for row in table.get("rows") or [] for cell in row)


def _length(value: object) -> int:
    if isinstance(value, list):
        return sum(_length(item) for item in value)
    if not isinstance(value, dict):
        return 0
    own = len(str(value.get("text") or value.get("value") or ""))
    return own + _length(value.get("elements"))
