"""A form's fields as a person finds and fills them: by label, with plain values."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from bot.sandbox.form_state import HOLDS, fields_of
from bot.sandbox.json_types import Json

if TYPE_CHECKING:
    from bot.sandbox.person import Person

Value = str | int | float | date | time | Sequence[str] | None

_PEOPLE = frozenset({"users_select", "multi_users_select"})
_PLACES = frozenset(
    {
        "channels_select",
        "conversations_select",
        "multi_channels_select",
        "multi_conversations_select",
    }
)
_WORDS = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})


def label_of(block: Json) -> str:
    """The words that name a field: an input's label, a section's text, else the block_id."""
    for name in ("label", "text"):
        words = (block.get(name) or {}).get("text")
        if words:
            return str(words)
    return str(block["block_id"])


def find(blocks: list[Json], name: str) -> tuple[Json, Json]:
    """The field called `name`: its block and element.

    Exact block_id, action_id or label first, then a label that starts so.
    Raises AssertionError that lists the fields there are.
    """
    fields = list(fields_of(blocks))
    wanted = _plain(name)
    for block, element in fields:
        if wanted in {
            _plain(n) for n in (block["block_id"], element["action_id"], label_of(block))
        }:
            return block, element
    near = [field for field in fields if _plain(label_of(field[0])).startswith(wanted)]
    if len(near) == 1:
        return near[0]
    known = ", ".join(f"{label_of(b)!r} ({b['block_id']}/{e['action_id']})" for b, e in fields)
    raise AssertionError(f"No field is called {name!r}. There are: {known or 'none'}.")


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", name.casefold()).strip("_")


async def held(person: "Person", container: Json, block: Json, element: Json, value: Value) -> Json:
    """The value in Slack's `state` form for the element.

    Raises AssertionError for an option that is not offered.
    """
    kind = element["type"]
    place = HOLDS[kind]
    return {"type": kind, place.key: await _content(person, container, block, element, value)}


async def _content(
    person: "Person", container: Json, block: Json, element: Json, value: Value
) -> object:
    kind = element["type"]
    is_list = HOLDS[kind].is_list
    if value is None:
        return [] if is_list else None
    if kind == "file_input":
        raise AssertionError(f"{label_of(block)!r} takes files: add them with `modal.attach`.")
    if kind in _PEOPLE | _PLACES:
        ids = [await person.id_of(str(name)) for name in _each(value)]
        return ids if is_list else ids[0]
    if "option" in HOLDS[kind].key:
        chosen = [await _option(person, container, block, element, str(w)) for w in _each(value)]
        return chosen if is_list else chosen[0]
    return _written(kind, value)


def _each(value: Value) -> Iterable[object]:
    return value if isinstance(value, list | tuple | set) else [value]


def _written(kind: str, value: Value) -> object:
    if kind == "datetimepicker" and isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    if kind == "rich_text_input" and isinstance(value, str):
        run = {"type": "text", "text": value}
        section = {"type": "rich_text_section", "elements": [run]}
        return {"type": "rich_text", "elements": [section]}
    return str(value) if kind in _WORDS else value


async def _option(
    person: "Person", container: Json, block: Json, element: Json, words: str
) -> Json:
    if "external" in element["type"]:
        offered = await suggestions(person, container, block, element, words)
    else:
        offered = options_of(element)
    return choose(offered, words)


def options_of(element: Json) -> list[Json]:
    """The options an element brings with it, groups flattened."""
    grouped = [o for group in element.get("option_groups") or [] for o in group["options"]]
    return [*(element.get("options") or []), *grouped]


def choose(offered: list[Json], words: str) -> Json:
    """The option with these words or this value, or the only one that contains the words.

    Raises AssertionError that lists what is offered.
    """
    for option in offered:
        if words in {option["text"]["text"], option.get("value")}:
            return option
    near = [o for o in offered if words.casefold() in o["text"]["text"].casefold()]
    if len(near) == 1:
        return near[0]
    texts = ", ".join(repr(option["text"]["text"]) for option in offered) or "nothing"
    raise AssertionError(f"Not one option says {words!r}. Offered: {texts}.")


async def suggestions(
    person: "Person", container: Json, block: Json, element: Json, typed: str
) -> list[Json]:
    """What the app offers for what was typed.

    Raises AssertionError when it answers late, wrongly or not at all.
    """
    found = await person.wire.post(
        "options",
        container=container,
        block_id=block["block_id"],
        action_id=element["action_id"],
        value=typed,
    )
    if "error" in found:
        raise AssertionError(f"The typeahead shows nothing: {found['message']} ({found['error']})")
    return options_of(found)
