"""/migration missed: every announcement that concerned me, when it reached me and by which way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.announcement_readers import channels_read
from handlers.blocks import Words, actions, built, button, context, lines, modal, section
from handlers.doors import action, topic
from handlers.interaction import Interaction
from handlers.lists import Page, turn, turned
from handlers.missed_words import heard_of, line
from handlers.reach_report import of_week, report
from handlers.reach_words import titled
from handlers.reply import Reply, note, push, show
from rules.concerning import customer_of
from rules.following import Kind, Subject
from rules.roles import Role
from store.session import Reading, Store

WEEKS = 3
"""So many weeks are on a page."""
LATELY = timedelta(days=7)
MOST_ON_HOME = 3
MINE = "mine"


@dataclass(frozen=True, slots=True)
class Told:
    """A line of something that was announced, and whether it may have been missed."""

    line: str
    may_be_missed: bool


@topic(
    "missed", role=Role.viewer, says="what was announced that concerns you, and how it reached you"
)
async def answer_missed(ask: Interaction, store: Store) -> Reply:
    """The newest weeks in which anything was announced."""
    async with store.reading(consistent=True) as reading:
        return _answer(ask, await page_of(reading, ask, 0))


@action("missed", role=Role.viewer)
async def show_missed(ask: Interaction, store: Store) -> Reply:
    """The same, below what was pressed on, or over Home."""
    async with store.reading(consistent=True) as reading:
        blocks = await page_of(reading, ask, 0)
    if ask.in_modal or not ask.channel:
        return push(_over(blocks))
    return note(built(*blocks), Words("missed")["fallback"], replaces=False)


@action("missed_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Other weeks."""
    _, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return _answer(ask, await page_of(reading, ask, page))


def _answer(ask: Interaction, blocks: Sequence[Block]) -> Reply:
    if ask.in_modal:
        return show(_over(blocks))
    return note(built(*blocks), Words("missed")["fallback"])


def _over(blocks: Sequence[Block]) -> dict[str, Any]:
    return modal("missed", "What concerned you", blocks)


async def page_of(reading: Reading, ask: Interaction, number: int) -> list[Block]:
    """A page of weeks with what was announced in each of them that concerned a person."""
    weeks = await reading.reach.weeks(ask.now)
    here = Page(weeks[number * WEEKS : (number + 1) * WEEKS], number, len(weeks), WEEKS)
    told = {week: await _week(reading, ask, week) for week in here.items}
    turns = here.turns("missed_page", MINE)
    row = [*turns, button("Follow something", "follow_form")]
    return [
        *map(section, lines(texts(told))),
        *([context(Words("missed", span=here.span)["span"])] if turns else []),
        actions(*row),
    ]


def texts(told: Mapping[date, Sequence[Told]]) -> list[str]:
    """What was announced by week, as lines: what may have been missed before all that was not."""
    missed = {week: [each for each in those if each.may_be_missed] for week, those in told.items()}
    others = {
        week: [each for each in those if not each.may_be_missed] for week, those in told.items()
    }
    total = sum(map(len, missed.values()))
    words = Words("missed", weeks=len(told), total=total)
    if not total:
        return [words["head" if told else "nothing"], *_by_week(others)]
    first = [words["missed_head"], *_by_week({week: of for week, of in missed.items() if of})]
    rest = _by_week({week: of for week, of in others.items() if of or not missed[week]})
    return [*first, *([words["others_head"], *rest] if rest else [])]


def _by_week(told: Mapping[date, Sequence[Told]]) -> list[str]:
    found: list[str] = []
    for week, those in told.items():
        words = Words("missed", week=week)
        found += [words["week" if those else "quiet_week"], *(each.line for each in those)]
    return found


async def _week(reading: Reading, ask: Interaction, week: date) -> list[Told]:
    """A line for each thing that was announced in a week and concerned a person."""
    me = ask.person.id
    said = await of_week(reading, week, ask.now)
    made = await report(reading, said, ask.now, beside=said, only=[me])
    read = await channels_read(reading, ask.person, {each.channel for each in said})
    heard = heard_of(made, me, read)
    titles = await titled(reading, [each.said for each in heard])
    named = {customer for each in heard for fact in each.facts if (customer := customer_of(fact))}
    names = await reading.subscriptions.names([Subject(Kind.customer, each) for each in named])
    called = {each.id: name for each, name in names.items()}
    return [Told(line(each, titles[each.said.id], called), each.may_be_missed) for each in heard]


async def home_section(reading: Reading, ask: Interaction) -> list[Block]:
    """What was announced lately where one reads along, and one did not confirm; nothing where all is."""
    unread = await reading.reach.unread(ask.person.id, ask.now - LATELY, ask.now)
    if not unread:
        return []
    newest = (await reading.reach.some(unread[:MOST_ON_HOME]))[::-1]
    titles = await titled(reading, newest)
    shown = [(titles[each.id], each.channel, each.at) for each in newest if each.id in titles]
    words = Words("missed", total=len(unread), shown=shown, more=len(unread) - len(shown))
    return [
        section(words["unread"], accessory=button("See them", "missed", turn(MINE))),
    ]
