"""What an announcement says in a channel: its content in words, made of nothing but what is kept of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from slack_sdk.models.blocks import ActionsBlock, Block, HeaderBlock, InteractiveElement

from handlers.blocks import (
    MOST_IN_SECTION,
    Mrkdwn,
    Words,
    actions,
    built,
    button,
    escape,
    lines,
    picture,
    plain,
    section,
)
from handlers.date_languages import ENGLISH, dates_in
from handlers.dates import short
from rules.announced import Cause, Customer, Feature, Scope
from rules.announcement import Cut, Part, Section, Topic, cut, most_listed
from rules.announcement_content import Content
from store.outbox import Message

CAUSE = "announcement"
LONGEST_NAME = 40
LONGEST_CAUSE = 60
LONGEST_TITLE = 150
LONGEST_NOTE = 600
"""Of what somebody wrote: escaped, a character may take five, and a message takes 13,000."""
MOST_IN_FALLBACK = 300
LONGEST_ESCAPED = len("&amp;")

Listed = Customer | Feature | Cause


@dataclass(frozen=True)
class Telling:
    """A content in words, in the language of a channel's dates; `own` are an installation's words."""

    content: Content
    topic: Topic
    scope: Scope
    language: str = ENGLISH
    own: str = ""

    @cached_property
    def title(self) -> str:
        """What it is about, as a heading."""
        return short(self.words().plain("title"), LONGEST_TITLE)

    @cached_property
    def told(self) -> list[Part]:
        """The parts that say something: why nothing moves is said once."""
        return self.content.announcement.told

    def above(self, part: Part) -> list[Mrkdwn]:
        """How the weeks before went, above the wave of this one."""
        if part.section is not Section.this_wave:
            return []
        figures = self.content.figures
        last_week = figures.week - timedelta(weeks=1)
        return [self.words(past=each, last_week=last_week)["past"] for each in figures.past]

    def line(self, part: Part) -> Mrkdwn:
        """The sentence of a part."""
        return self.words(part=part)[part.words]

    def plain_line(self, part: Part) -> str:
        """The same without markup."""
        return self.words(part=part).plain(part.words)

    def item(self, listed: Listed) -> Mrkdwn:
        """One line of a list."""
        match listed:
            case Customer():
                name = short(listed.name, LONGEST_NAME)
                return self.words(customer=listed, name=name)["customer"]
            case Feature():
                name = short(listed.name, LONGEST_NAME)
                return self.words(feature=listed, name=name)["feature"]
        return self.words(cause=listed, words=short(listed.words, LONGEST_CAUSE))["cause"]

    def items(self, part: Part) -> list[str]:
        """The list of a part, as far as a message has room for it; the last line says what is left."""
        shown: Cut[Listed] = cut(part.listed, most_listed(part.section, self.topic))
        texts: list[str] = [self.item(each) for each in shown.shown]
        return [*texts, self.words(more=shown.more)["more"]] if shown.more else texts

    @property
    def is_cut(self) -> bool:
        """Whether a list has more than the message has room for."""
        return any(len(each.listed) > most_listed(each.section, self.topic) for each in self.told)

    @property
    def alt(self) -> str:
        """The picture in words."""
        drawn = (Section.progress, Section.forecast)
        said = [self.plain_line(each) for each in self.told if each.section in drawn]
        return self.words(told=" ".join(said)).plain("alt")

    @property
    def fallback(self) -> str:
        """The whole in a line, for notifications."""
        first, _, _ = self.plain_line(self.told[0]).partition("\n")
        return escape(short(f"{self.title}: {first}", MOST_IN_FALLBACK))

    def words(self, **values: object) -> Words:
        """The words of it, which know of whom it speaks and how dates are written."""
        return Words.of_own(self.own, "announcement", **self._whom, **values)

    @cached_property
    def _whom(self) -> dict[str, object]:
        figures = self.content.figures
        about = short(self.content.about, LONGEST_NAME)
        known: dict[str, object] = {
            "topic": self.topic,
            "breadth": self.scope.breadth,
            "about": about,
            "figures": figures,
            "closed": figures.closed.get(figures.week, ""),
            "on": dates_in(self.language),
        }
        whose = Words.of_own(self.own, "announcement", **known).plain("whose")
        return {**known, "whose": f" {whose}" if whose else ""}


def blocks_of(telling: Telling, *, note: str | None = None, file: str | None = None) -> list[Block]:
    """All that is read of it, but for the buttons: a heading, a lead's note, its parts, the picture."""
    blocks: list[Block] = [HeaderBlock(text=plain(telling.title))]
    if note:
        words = telling.words(note=note[:LONGEST_NOTE])
        blocks += map(section, lines(words["note"].split("\n")))
    for part in telling.told:
        blocks += map(section, lines(telling.above(part)))
        blocks += map(section, lines([telling.line(part), *telling.items(part)]))
    return [*blocks, picture(file, telling.alt)] if file else blocks


def buttons(announcement_id: int, *others: InteractiveElement, is_cut: bool) -> ActionsBlock:
    """What a reader can do: say that they read it, ask why, see all where not all is said, and `others`."""
    value = str(announcement_id)
    see_all = [button("See all", "announcement_all", value)] if is_cut else []
    got_it = button("Got it", "announcement_got_it", value, style="primary")
    return actions(got_it, *see_all, button("Why?", "announcement_why", value), *others)


def partner_said(text: str, week: date, *, channel: str, language: str = ENGLISH) -> Message:
    """The approved words for partners as a message, alone: another organisation reads along."""
    parts = (part for line in text.split("\n") for part in _parts(line))
    # Escaped alone: it keeps the marks that its writers gave it.
    approved = Mrkdwn("\n".join(escape(part) for part in parts))
    words = Words("announcement", week=week, text=approved, on=dates_in(language))
    blocks = map(section, lines(words["partner"].split("\n")))
    return Message(channel, words.plain("partner_fallback"), built(*blocks), cause=CAUSE)


def _parts(line: str) -> list[str]:
    """A line in as many as it takes for each to fit into a section, however many `&` it has."""
    if len(escape(line)) <= MOST_IN_SECTION:
        return [line]
    most = MOST_IN_SECTION // LONGEST_ESCAPED
    end = line.rfind(" ", 0, most) + 1 or most
    return [line[:end], *_parts(line[end:])]


def said(  # noqa: PLR0913 - what a schedule says, and where
    content: Content,
    *,
    topic: Topic,
    scope: Scope,
    language: str,
    note: str | None,
    channel: str,
    announcement_id: int | None,
    file: str | None = None,
    own: str = "",
) -> Message:
    """An announcement as a message; a preview has no id, and so no buttons.

    `file` is the picture in Slack, where it is drawn already. `own` are an installation's own words.
    """
    telling = Telling(content, topic, scope, language, own)
    row = [] if announcement_id is None else [buttons(announcement_id, is_cut=telling.is_cut)]
    blocks = [*blocks_of(telling, note=note, file=file), *row]
    return Message(channel, telling.fallback, built(*blocks), cause=CAUSE)
