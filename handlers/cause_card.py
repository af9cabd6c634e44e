"""One cause of the catalogue: where it was met, what was done about it, and did it work."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, InteractiveElement

from handlers.blocks import Words, actions, built, button, context, facts, lines, section
from handlers.choices import GONE
from handlers.dates import short
from handlers.doors import action
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turned
from handlers.reply import Reply, note
from rules.catalogue import Remedy, best_of, gathered
from rules.roles import Role
from store.catalogue import CauseCard, Met
from store.session import Reading, Store

LONGEST_NAME, LONGEST_REMEDY = 36, 30
"""Of so many letters both fit into the first line."""
LONGEST_IN_LINE = 120
MOST_WAVES, MOST_REMEDIES = 6, 10


@action("cause_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of those who met it."""
    cause, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await card_of(reading, ask, await named(reading, cause), page)


async def named(reading: Reading, cause: str) -> CauseCard:
    """The cause with this number, or the one that it was merged into.

    Raises:
        Refused: it is gone.
    """
    found = await reading.catalogue.card(int(cause))
    if found is None:
        raise Refused(GONE)
    return found


async def card_of(reading: Reading, ask: Interaction, card: CauseCard, number: int = 0) -> Reply:
    """All that is known of a cause, with a page of those who met it."""
    done = gathered((await reading.catalogue.remedies([card.id]))[card.id])
    by_week = await reading.catalogue.by_week([card.id])
    met, total = await reading.catalogue.met(card.id, skip=number * PAGE, most=PAGE)
    if number and not met:
        return await card_of(reading, ask, card)
    words = in_words(card, done, [(week, count) for (_, week), count in by_week.items()])
    blocks: list[Block] = [
        section(words["line"]),
        facts(
            ("Waves", words["waves"]),
            ("First met", words["first_met"]),
            ("Orders were lost", words["lost_orders"]),
            ("Nothing was done yet", words["open"]),
        ),
        *map(section, lines([words["remedies_heading"], *remedy_lines(done)])),
    ]
    page = Page(met, number, total)
    if met:
        heading = Words("causes")["met_heading"]
        blocks += map(section, lines([heading, *map(met_line, met)]))
    if page.last:
        blocks.append(context(page.span))
    row = [*page.turns("cause_page", str(card.id)), *ways_on(ask, card)]
    return note(built(*blocks, actions(*row)), words["line"])


def in_words(card: CauseCard, done: Sequence[Remedy], weeks: Sequence[tuple[object, int]]) -> Words:
    """What can be said about a cause; `weeks` are its waves in order, with their failures."""
    best = best_of(done)
    return Words(
        "causes",
        card=card,
        name=short(card.words, LONGEST_NAME),
        best=best,
        remedy=short(best.words, LONGEST_REMEDY) if best else "",
        weeks=list(reversed(weeks[-MOST_WAVES:])),
        earlier=len(weeks[:-MOST_WAVES]),
        any=bool(done),
    )


def remedy_lines(done: Sequence[Remedy]) -> list[str]:
    """A line for each remedy, the most promising first."""
    told: list[str] = [
        Words("causes", remedy=each, words=short(each.words, LONGEST_IN_LINE))["remedy"]
        for each in done[:MOST_REMEDIES]
    ]
    more = len(done[MOST_REMEDIES:])
    return [*told, Words("causes", more=more)["more_remedies"]] if more else told


def met_line(met: Met) -> str:
    """A location that failed by it, what was done, and did it work."""
    remedy = short(met.remedy, LONGEST_IN_LINE) if met.remedy else ""
    return Words("causes", met=met, location=called(met), remedy=remedy)["met"]


def called(met: Met, most: int = LONGEST_IN_LINE) -> str:
    """A location with its customer, where its own name does not say whose it is."""
    is_told = met.location.casefold().startswith(met.customer.casefold())
    return short(met.location if is_told else f"{met.location}, {met.customer}", most)


def ways_on(ask: Interaction, card: CauseCard) -> list[InteractiveElement]:
    """What the asker can do about it, and the way to the others."""
    row: list[InteractiveElement] = []
    cause = str(card.id)
    if ask.person.may(Role.csa) and card.without_remedy:
        row.append(button("Say what was done", "remedy_say", cause, style="primary"))
    if ask.person.may(Role.csa) and card.remedied:
        row.append(button("Did it work?", "remedy_judge", cause))
    if ask.person.may(Role.lead):
        row.append(button("Rename", "cause_rename", cause))
        row.append(button("Merge", "cause_merge", cause))
    return [*row, button("All causes", "causes_all")]
