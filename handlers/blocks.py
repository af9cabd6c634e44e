"""Slack messages and modals: words from templates, structure from here. Everything is checked when built."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any, Self
from unicodedata import bidirectional

import jinja2
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    ImageBlock,
    InputBlock,
    InputInteractiveElement,
    InteractiveElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

from handlers.block_json import as_json
from rules.file_sizes import said_size
from rules.media_kinds import said_kind
from rules.programs import said_runs
from rules.seal import said_seal
from rules.slack_ids import is_person

TEMPLATES = Path(__file__).parent.parent / "templates" / "messages"
MOST_IN_SECTION = 3_000
MOST_IN_OPTION = 75
MOST_IN_OPTION_VALUE = 150
MOST_IN_QUOTED_LINE = 500
"""Escaped, a character may take five."""

QUOTE = "\N{RIGHT SINGLE QUOTATION MARK}"
_TOKEN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


_MARKS = "*_~`"
_APART = "\uf8f0\uf8f1\uf8f2\uf8f3"
_MARKS_APART = str.maketrans(_MARKS, _APART)
_MARKS_AGAIN = str.maketrans(_APART, _MARKS)
_WITHOUT_MARKS = str.maketrans("", "", _MARKS)
_AT_AN_EDGE = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])|`")
"""Where Slack takes a mark for one: at the edge of a word, and a backtick anywhere."""
_ALIKE = str.maketrans(
    _MARKS, "\N{ASTERISK OPERATOR}\N{LOWER ONE EIGHTH BLOCK}\N{TILDE OPERATOR}\N{REVERSED PRIME}"
)
"""What looks like Slack's marks: mrkdwn has no escape. A look-up passes over these as over the marks."""
_RIGHT_TO_LEFT = frozenset({"R", "AL", "RLE", "RLO", "RLI"})
_APART_FROM_THE_LINE = "\N{LEFT-TO-RIGHT MARK}\N{FIRST STRONG ISOLATE}{}\N{POP DIRECTIONAL ISOLATE}"

Blocks = list[dict[str, Any]]


class Mrkdwn(str):
    """Text that is mrkdwn already and is not escaped again."""

    __slots__ = ()


def escape(value: object) -> str:
    """A value inside mrkdwn: `&`, `<` and `>` only, as Slack has it, so no name can ping or link."""
    if isinstance(value, Mrkdwn):
        return value
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_written(value: object) -> str:
    """A value inside mrkdwn that is shown as it is written: no name marks anything up, or turns a line.

    Marks that Slack would take for markup are shown by others that look like them; a name that is
    written from right to left keeps to itself.
    """
    if isinstance(value, Mrkdwn):
        return value
    words = _AT_AN_EDGE.sub(lambda mark: mark[0].translate(_ALIKE), escape(value))
    if words.isascii() or _RIGHT_TO_LEFT.isdisjoint(map(bidirectional, words)):
        return words
    return _APART_FROM_THE_LINE.replace("{}", words)


def _kept_apart(value: object) -> str:
    """A value whose own signs are told from those that mark up the words around it."""
    return str(value).translate(_MARKS_APART)


def day(value: date) -> str:
    """A calendar day, the same for every reader: a week's Monday has no time zone."""
    return f"{value:%a} {value.day} {value:%b %Y}"


def unbroken(words: str) -> str:
    """Words that stay on one line, such as a date."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def echo(typed: str) -> Mrkdwn:
    """What a person typed, set apart from our own words and without any effect of its own."""
    return Mrkdwn(f"`{escape(typed.replace('`', QUOTE))}`")


def as_typed(message: str) -> str:
    """A message as its writer saw it: what Slack made of links and names by their words, no escapes."""

    def shown(token: re.Match[str]) -> str:
        target, label = token.groups()
        return label or ("" if target.startswith(("@", "!")) else target)

    return keepable(unescape(_TOKEN.sub(shown, message)))


def keepable(words: str) -> str:
    """Words as the database takes them: without halves of characters, and without none (NUL)."""
    return words.encode(errors="ignore").decode().replace("\0", "")


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number and its noun: "1 location", "2,000 locations"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def times(number: int) -> str:
    """How often: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def decimals(number: float) -> str:
    """A number with two decimals and a sign that is no hyphen: "−2.25"."""
    return f"{number:.2f}".replace("-", "\N{MINUS SIGN}")


def mention(person_id: str) -> Mrkdwn:
    """A person, by Slack's id."""
    return Mrkdwn(f"<@{person_id}>")


def who(by: str) -> str:
    """Who did something: a person by Slack's id, or whatever else they are called."""
    return mention(by) if is_person(by) else by


def quoted(words: str) -> Mrkdwn:
    """What somebody wrote, set apart from our own words, in lines that fit into a section each."""
    wrapped = (
        line[start : start + MOST_IN_QUOTED_LINE]
        for line in words.strip().splitlines()
        for start in range(0, max(1, len(line)), MOST_IN_QUOTED_LINE)
    )
    return Mrkdwn("\n".join(f"> {escape(line)}" for line in wrapped))


def ago(at: datetime) -> Mrkdwn:
    """How long ago a moment of machine time is, counted by the reader's own Slack: "2 minutes ago".

    Not its date: business time may stand in another year, as in a trial, and who reads both beside
    each other would take the one for the other.
    """
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{{ago}}|{at.astimezone(UTC):%d %b, %H:%M} UTC>")


def clock(at: datetime) -> Mrkdwn:
    """The time of day, in the reader's own zone: "10:12"."""
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{{time}}|{at.astimezone(UTC):%H:%M} UTC>")


def moment(at: datetime) -> Mrkdwn:
    """A moment of business time, in the reader's own zone: "tomorrow at 17:00"."""
    pattern = f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}"
    words = unbroken(f"{day(at.astimezone(UTC).date())} at {at.astimezone(UTC):%H:%M} UTC")
    return Mrkdwn(f"{pattern}|{words}>")


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        finalize=as_written,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        autoescape=False,  # noqa: S701 - mrkdwn is escaped by `finalize`; HTML's escapes would show
    )
    environment.filters.update(
        ago=ago,
        clock=clock,
        day=lambda value: unbroken(day(value)),
        count=lambda *counted: unbroken(count(*counted)),
        address=lambda value: Mrkdwn(escape(value)),
        echo=echo,
        mention=mention,
        moment=moment,
        mrkdwn=Mrkdwn,
        decimals=decimals,
        thousands="{:,}".format,
        times=times,
        quoted=quoted,
        kind=said_kind,
        runs=said_runs,
        seal=said_seal,
        size=said_size,
        who=who,
    )
    environment.tests["person"] = is_person
    return environment


_TEMPLATES = _environment()
_PLAIN = _TEMPLATES.overlay(finalize=_kept_apart)


class Words:
    """The named blocks of one message template, rendered with its values."""

    def __init__(self, template: str, **values: object) -> None:
        self._name = f"{template}.j2"
        self._own = ""
        self._values = values
        self._said: dict[str, Mrkdwn] = {}

    @classmethod
    def of_own(cls, own: str, template: str, **values: object) -> Self:
        """The same, but for blocks that an installation's `own` words have: those take their place.

        Whatever is wrong with these is raised when they are compiled or rendered.
        """
        words = cls(template, **values)
        words._own = own
        return words

    def __getitem__(self, block: str) -> Mrkdwn:
        """The words of one block; an answer says its first line in several places."""
        if block not in self._said:
            self._said[block] = Mrkdwn(self._rendered(_TEMPLATES, block))
        return self._said[block]

    def plain(self, block: str) -> str:
        """The words of one block without markup, nothing escaped, names as they are written."""
        said = self._rendered(_PLAIN, block)
        return said.translate(_WITHOUT_MARKS).translate(_MARKS_AGAIN)

    @property
    def names(self) -> list[str]:
        """The blocks that the template has."""
        return list(_TEMPLATES.get_template(self._name).blocks)

    def _rendered(self, environment: jinja2.Environment, block: str) -> str:
        found = environment.get_template(self._name)
        if self._own and block in _compiled(environment, self._own).blocks:
            found = _compiled(environment, self._own)
        return "".join(found.blocks[block](found.new_context(self._values))).strip()


@lru_cache(maxsize=8)
def _compiled(environment: jinja2.Environment, own: str) -> jinja2.Template:
    return environment.from_string(own)


def plain(words: str) -> PlainTextObject:
    """Text in which nothing is marked up."""
    return PlainTextObject(text=words)


def section(
    words: str, *, accessory: InteractiveElement | None = None, block_id: str | None = None
) -> SectionBlock:
    """A paragraph. Verbatim: Slack makes no links or mentions of what merely looks like one."""
    return SectionBlock(text=_mrkdwn(words), accessory=accessory, block_id=block_id)


def facts(*pairs: tuple[str, str]) -> SectionBlock:
    """Short facts in two columns, each under its name; empty ones are left out."""
    return SectionBlock(fields=[_mrkdwn(f"*{name}*\n{words}") for name, words in pairs if words])


def side_by_side(*texts: str) -> SectionBlock:
    """Texts in two columns, one beside the other."""
    return SectionBlock(fields=[_mrkdwn(text) for text in texts])


def context(words: str) -> ContextBlock:
    """Small print."""
    return ContextBlock(elements=[_mrkdwn(words)])


def picture(file_id: str, alt: str) -> ImageBlock:
    """A picture that is in Slack, and the same in words for who cannot see it."""
    return ImageBlock(slack_file={"id": file_id}, alt_text=alt)


def button(label: str, name: str, value: str = "", *, style: str | None = None) -> ButtonElement:
    """A button that arrives as the action `name`."""
    return ButtonElement(text=plain(label), action_id=name, value=value or None, style=style)


def actions(*elements: InteractiveElement, block_id: str | None = None) -> ActionsBlock:
    """A row of buttons and selects; with a `block_id` it is the same one in the next view."""
    return ActionsBlock(elements=list(elements), block_id=block_id)


def option(label: str, value: str) -> Option:
    """A choice in a select; a long label is shortened where one can see it."""
    shown = label if len(label) <= MOST_IN_OPTION else label[: MOST_IN_OPTION - 1] + "…"
    return Option(text=PlainTextObject(text=shown, emoji=False), value=value)


def question(
    label: str,
    element: InputInteractiveElement,
    *,
    block_id: str,
    hint: str | None = None,
    optional: bool = False,
    told_at_once: bool = False,
) -> InputBlock:
    """A field of a modal; `told_at_once` where what is typed there is told before the modal is sent."""
    return InputBlock(
        label=plain(label),
        element=element,
        block_id=block_id,
        hint=plain(hint) if hint else None,
        optional=optional,
        dispatch_action=told_at_once or None,
    )


def built(*blocks: Block | None) -> Blocks:
    """The blocks as Slack takes them; those that are None are left out.

    Raises:
        SlackObjectFormationError: a block breaks one of Slack's limits.
    """
    return [as_json(block) for block in blocks if block is not None]


def modal(
    name: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str = "Close",
    kept: str = "",
    closes_all: bool = False,
) -> dict[str, Any]:
    """A modal whose submission arrives as `name`; `kept` comes back with it.

    One that `closes_all` takes the modals below along when it is closed.
    """
    view = View(
        type="modal",
        callback_id=name,
        title=plain(title),
        submit=plain(submit) if submit else None,
        close=plain(close),
        blocks=list(blocks),
        private_metadata=kept,
        clear_on_close=closes_all or None,
    )
    return as_json(view)


def home_view(blocks: Sequence[Block]) -> dict[str, Any]:
    """A person's Home."""
    return as_json(View(type="home", blocks=list(blocks)))


def lines(items: Sequence[str], *, most: int = MOST_IN_SECTION) -> list[str]:
    """Lines gathered into texts, none longer than a section may be."""
    texts: list[str] = []
    for item in items:
        if texts and len(texts[-1]) + len(item) < most:
            texts[-1] += "\n" + item
        else:
            texts.append(item)
    return texts


def _mrkdwn(words: str) -> MarkdownTextObject:
    return MarkdownTextObject(text=words, verbatim=True)
