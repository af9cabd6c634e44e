"""The words a person reads in blocks, messages and views."""

import html
import re
from collections.abc import Callable, Iterator, Mapping

from bot.sandbox.json_types import Json

_TOKEN = re.compile(r"<([^<>]+)>")


def lines_of_blocks(blocks: list[Json]) -> list[str]:
    """Each piece of text in the blocks, as it stands in them, top to bottom."""
    return [words for block in blocks for words in _words_in(block) if words]


def lines_of_message(message: Json) -> list[str]:
    """What a message shows: its blocks or its text, attachments and files."""
    blocks = message.get("blocks") or []
    lines = lines_of_blocks(blocks) if blocks else [message.get("text") or ""]
    for attachment in message.get("attachments") or []:
        lines += lines_of_blocks(attachment.get("blocks") or [])
        lines += [attachment[name] for name in ("pretext", "title", "text") if attachment.get(name)]
    lines += [_file_line(file) for file in message.get("files") or []]
    return [line for line in lines if line]


def _file_line(file: Json) -> str:
    if file.get("mode") == "tombstone":
        return "This file was deleted."
    return " · ".join(filter(None, [file["title"], file.get("alt_txt")]))


def lines_of_view(view: Json) -> list[str]:
    """What a modal or Home shows: title, blocks, the words on its buttons."""
    ends = [(view.get(name) or {}).get("text") for name in ("title", "submit", "close")]
    title, submit, close = ends
    return [w for w in (title, *lines_of_blocks(view["blocks"]), submit, close) if w]


def rendered(words: str, names: Mapping[str, str]) -> str:
    """The words as Slack shows them: names for ids, fallbacks for dates, no escapes.

    `names` maps ids of people, channels and groups to what is shown for them.
    """

    def shown(match: re.Match[str]) -> str:
        inner, _, label = match[1].partition("|")
        if label:
            return label
        if inner[:1] in "@#":
            return inner[0] + names.get(inner[1:], inner[1:]).lstrip("#@")
        if inner.startswith("!subteam^"):
            return "@" + names.get(inner.removeprefix("!subteam^"), inner)
        return "@" + inner[1:] if inner.startswith("!") else inner

    return html.unescape(_TOKEN.sub(shown, words))


def _words_in(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _words_in(item)
    elif isinstance(value, dict):
        special = _SPECIAL.get(str(value.get("type")))
        if special:
            yield from special(value)
        else:
            yield from _words_under(value)


# In reading order; everything else in a block is an id, a style or a setting.
_SHOWN = (
    "title",
    "label",
    "text",
    "subtitle",
    "fields",
    "caption",
    "header",
    "body",
    "alt_text",
    "accessory",
    "element",
    "elements",
    "rows",
    "tasks",
    "details",
    "output",
    "placeholder",
    "initial_value",
    "initial_option",
    "initial_options",
    "initial_date",
    "options",
    "hint",
    "description",
    "actions",
)


def _words_under(value: Json) -> Iterator[str]:
    for name in _SHOWN:
        held = value.get(name)
        if isinstance(held, str):
            yield held
        elif held is not None:
            yield from _words_in(held)


def _rich_text(value: Json) -> Iterator[str]:
    yield "".join(_run(element) for element in value.get("elements") or [])


def _run(element: Json) -> str:
    read = _RUNS.get(str(element.get("type")))
    return read(element) if read else str(element.get("text") or "")


_RUNS: dict[str, Callable[[Json], str]] = {
    "user": lambda element: f"<@{element.get('user_id')}>",
    "channel": lambda element: f"<#{element.get('channel_id')}>",
    "usergroup": lambda element: f"<!subteam^{element.get('usergroup_id')}>",
    "broadcast": lambda element: f"<!{element.get('range')}>",
    "emoji": lambda element: f":{element.get('name')}:",
    "link": lambda element: str(element.get("text") or element.get("url")),
    "date": lambda element: str(element.get("fallback") or element.get("timestamp")),
}


def _select(value: Json) -> Iterator[str]:
    # A closed menu shows its placeholder or its choice, not its options.
    for name in ("placeholder", "initial_option", "initial_options"):
        yield from _words_in(value.get(name))


_Words = Callable[[Json], Iterator[str]]
_SPECIAL: dict[str, _Words] = {
    "rich_text_section": _rich_text,
    "rich_text_quote": _rich_text,
    "rich_text_preformatted": _rich_text,
    "static_select": _select,
    "multi_static_select": _select,
    "overflow": _select,
}
