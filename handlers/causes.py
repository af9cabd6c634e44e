"""/wavepost causes: why locations fail, what was done about it, and did it work."""

from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import Block, StaticSelectElement

from handlers.blocks import Words, actions, built, context, lines, section
from handlers.cause_card import card_of, named
from handlers.cause_picture import pictured
from handlers.choices import MOST_ECHOED, chooser
from handlers.dates import short
from handlers.doors import action, topic
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turned
from handlers.reply import Reply, note
from rules.catalogue import Cause, Remedy, best_of, gathered, meant
from rules.naming import fold
from rules.roles import Role
from store.catalogue import CauseLine, CausePage
from store.session import Reading, Store

LONGEST_NAME, LONGEST_REMEDY = 60, 80


@topic(
    "causes",
    role=Role.viewer,
    says="why locations fail, what was done about it, and whether it worked",
)
async def answer_causes(ask: Interaction, store: Store) -> Reply:
    """All causes, the most frequent first; with words, the one that they name."""
    async with store.reading(consistent=True) as reading:
        typed = ask.text.strip()
        if fold(typed):
            return await found(reading, ask, typed)
        page = await reading.catalogue.page(skip=0, most=PAGE)
        return await listed(reading, ask, store, page)


@action("causes_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of them."""
    _, number = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        page = await reading.catalogue.page(skip=number * PAGE, most=PAGE)
        if not page.lines:
            number, page = 0, await reading.catalogue.page(skip=0, most=PAGE)
        return await listed(reading, ask, store, page, number)


@action("causes_all", role=Role.viewer)
async def show_all(ask: Interaction, store: Store) -> Reply:
    """All causes, below what was pressed on."""
    async with store.reading(consistent=True) as reading:
        page = await reading.catalogue.page(skip=0, most=PAGE)
        return replace(await listed(reading, ask, store, page), replaces=False)


@action("cause_open", role=Role.viewer)
async def open_one(ask: Interaction, store: Store) -> Reply:
    """A cause was chosen from the list, which stays."""
    async with store.reading(consistent=True) as reading:
        return replace(await card_of(reading, ask, await named(reading, ask.value)), replaces=False)


async def found(reading: Reading, ask: Interaction, typed: str) -> Reply:
    """The cause that is named by what was typed, or those that may be meant."""
    if cause := await reading.catalogue.called(typed):
        return await card_of(reading, ask, await named(reading, str(cause)))
    causes = await reading.catalogue.causes()
    alike = meant(typed, causes).alike or tuple(
        each for each in causes if fold(typed) in fold(each.words)
    )
    if len(alike) == 1:
        return await card_of(reading, ask, await named(reading, alike[0].id))
    words = Words("causes", typed=short(typed, MOST_ECHOED))["which" if alike else "unknown"]
    offered = alike or causes
    return note(built(section(words), actions(_opener(offered)) if offered else None), words)


async def listed(
    reading: Reading, ask: Interaction, store: Store, page: CausePage, number: int = 0
) -> Reply:
    """A page of the causes, and on the first one their picture."""
    head = headline(page)
    if not page.total:
        return note(built(section(head), context(Words("causes")["none_yet"])), head)
    remedies = await reading.catalogue.remedies([line.id for line in page.lines])
    here = Page(page.lines, number, page.total)
    blocks: list[Block] = [
        section(head),
        *map(section, lines([row(line, remedies[line.id]) for line in page.lines])),
    ]
    if here.last:
        blocks.append(context(here.span))
    if not number:
        blocks += await pictured(reading, ask, store, page)
    opener = _opener([Cause(str(line.id), line.words) for line in page.lines])
    return note(built(*blocks, actions(opener, *here.turns("causes_page", "all"))), head)


def headline(page: CausePage) -> str:
    """Which cause is the most frequent."""
    first = short(page.lines[0].words, LONGEST_NAME) if page.lines else ""
    return Words("causes", page=page, name=first)["head"]


def row(line: CauseLine, done: Sequence[Remedy]) -> str:
    """One cause in the list, and what helps."""
    known = gathered(done)
    best = best_of(known)
    shown = best or (known[0] if known else None)
    words = Words(
        "causes",
        line=line,
        name=short(line.words),
        best=best,
        remedy=short(shown.words, LONGEST_REMEDY) if shown else "",
        tried=sum(each.tried for each in known),
        unknown=sum(each.unknown for each in known),
    )
    return f"{words['row']}\n{words['row_remedy']}"


def _opener(causes: Sequence[Cause]) -> StaticSelectElement:
    return chooser("Open a cause", "cause_open", [(each.id, each.words) for each in causes[:100]])
