"""An announcement again: as it was said, and with the whole lists that its message had no room for."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.announcement_readers import channels_read
from handlers.announcement_said import Listed, Telling
from handlers.blocks import Words, actions, button, context, lines, modal, section
from handlers.button_values import number_in
from handlers.doors import action
from handlers.errors import NotThere
from handlers.interaction import Interaction
from handlers.lists import Page, turn, turned
from handlers.reply import Reply, show
from handlers.windows import in_place, over
from rules.announcement import Part, Section, Topic
from rules.announcement_content import Content
from rules.roles import Role
from store.announcement_rows import AnnouncementRow
from store.people import Person
from store.session import Reading, Store

GONE = "This announcement is not kept any more."
TITLE = "As it was announced"
MOST_LINES = 40
"""In a window, which has room for more than a message."""
LABELS = {
    Section.this_wave: "This week",
    Section.next_wave: "Next wave",
    Section.failures: "Failures",
    Section.roadmap: "Roadmap",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody looks at: an announcement, which of its lists, and which page of that."""

    announcement: int
    section: Section
    page: int = 0

    def __str__(self) -> str:
        return turn(f"{self.announcement}/{self.section}", self.page)

    @classmethod
    def read(cls, value: str) -> "Place":
        """The place that a button stands for."""
        scope, page = turned(value)
        announcement, _, named = scope.partition("/")
        return cls(int(announcement), Section(named), page)


@action("announcement_read", role=Role.viewer)
async def read_one(ask: Interaction, store: Store) -> Reply:
    """The words of an announcement, as its channel read them."""
    async with store.reading(consistent=True) as reading:
        row = await one(reading, ask.person, number_in(ask.value))
    return await over(ask, modal("announcement_read", TITLE, as_said(row)))


@action("announcement_all", role=Role.viewer)
async def see_all(ask: Interaction, store: Store) -> Reply:
    """The first of its lists, whole."""
    async with store.reading(consistent=True) as reading:
        row = await one(reading, ask.person, number_in(ask.value))
        content = await content_of(reading, row)
    sections = [part.section for part in content.announcement.parts if part.listed]
    view = whole(row, content, Place(number_in(ask.value), sections[0]) if sections else None)
    return await in_place(ask, view)


@action("announcement_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page, or another of its lists."""
    place = Place.read(ask.value)
    async with store.reading(consistent=True) as reading:
        row = await one(reading, ask.person, place.announcement)
        content = await content_of(reading, row)
    return show(whole(row, content, place))


async def one(reading: Reading, person: Person, id_: int) -> AnnouncementRow:
    """An announcement that was said, for somebody who may read it.

    Raises:
        NotThere: there is none with this id, it was skipped, or it is not theirs to read.
    """
    row = await reading.announcements.get(id_)
    if row is None or row.said is None:
        raise NotThere(GONE)
    if not await channels_read(reading, person, [row.channel]):
        raise NotThere(GONE)
    return row


async def content_of(reading: Reading, row: AnnouncementRow) -> Content:
    """All that was known when it was said.

    Raises:
        NotThere: nothing was kept of it besides its words.
    """
    kept = await reading.announcements.content(row.content) if row.content else None
    if kept is None:
        raise NotThere(GONE)
    return Content.from_json(kept)


def telling_of(row: AnnouncementRow, content: Content) -> Telling:
    """A content in the words of its announcement's topic, scope and language."""
    return Telling(content, Topic(row.topic), row.scope, row.language)


def as_said(row: AnnouncementRow) -> list[Block]:
    """What its channel read, without what could be pressed there."""
    words = Words("announcement_read", row=row)
    said = [block for block in row.said or () if block["type"] != "actions"]
    see_all = button("See the whole lists", "announcement_all", str(row.id))
    return [
        context(words["said"]),
        *Block.parse_all(said),
        *([actions(see_all)] if row.content else []),
    ]


def whole(row: AnnouncementRow, content: Content, place: Place | None) -> dict[str, object]:
    """One of its lists a page at a time, with the way to the others."""
    telling = telling_of(row, content)
    blocks: list[Block] = [section(f"*{telling.title}*")]
    listed = {part.section: part for part in content.announcement.parts if part.listed}
    part = listed.get(place.section) if place else None
    if part is None or place is None:
        blocks.append(section(Words("announcement_read")["no_lists"]))
        return modal("announcement_all", TITLE, blocks)
    if len(listed) > 1:
        blocks.append(actions(*_others(place, list(listed))))
    return modal("announcement_all", TITLE, [*blocks, *_page(telling, part, place)])


def _others(place: Place, sections: list[Section]) -> list[ButtonElement]:
    return [
        button(
            LABELS[each],
            f"announcement_page:{each}",
            str(Place(place.announcement, each)),
            style="primary" if each is place.section else None,
        )
        for each in sections
    ]


def _page(telling: Telling, part: Part, place: Place) -> list[Block]:
    total = len(part.listed)
    number = min(place.page, Page((), 0, total, MOST_LINES).last)
    items: Sequence[Listed] = part.listed[number * MOST_LINES : (number + 1) * MOST_LINES]
    page = Page(items, number, total, MOST_LINES)
    texts = lines([telling.line(part), *map(telling.item, items)])
    turns = page.turns("announcement_page", f"{place.announcement}/{place.section}")
    return [
        *map(section, texts),
        context(page.span),
        *([actions(*turns)] if turns else []),
    ]
