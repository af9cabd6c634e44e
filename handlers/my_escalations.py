"""Escalations in a list: those of a person, all open ones, and what Home shows of them."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DividerBlock,
    HeaderBlock,
    StaticSelectElement,
)

from handlers.blocks import Words, actions, button, context, lines, section
from handlers.choices import chooser
from handlers.doors import action
from handlers.escalation_buttons import own_steps
from handlers.escalation_words import about
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turned
from handlers.reply import Reply
from handlers.windows import answered
from rules.escalation import State, Step
from rules.roles import Role
from store.escalation_lines import Line
from store.session import Reading, Store

MINE, OPEN = "mine", "open"
MOST_ON_HOME = 3
MOST_ASKED = 10


@action("escalations_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of a list."""
    scope, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await (mine if scope == MINE else everybodys)(reading, ask, page)


@action("escalations_mine", role=Role.viewer)
async def open_mine(ask: Interaction, store: Store) -> Reply:
    """One's own, from a button."""
    async with store.reading(consistent=True) as reading:
        return await mine(reading, ask)


async def mine(reading: Reading, ask: Interaction, page: int = 0) -> Reply:
    """What a person asked for or joined, open ones first."""
    rows, total = await reading.escalation_lines.of_person(
        ask.person.id, skip=page * PAGE, most=PAGE
    )
    if page and not rows:
        return await mine(reading, ask)
    return await _listed(ask, Page(rows, page, total), MINE)


async def everybodys(reading: Reading, ask: Interaction, page: int = 0) -> Reply:
    """All that are open, first those whose clock ends first."""
    rows, total = await reading.escalation_lines.open(skip=page * PAGE, most=PAGE)
    if page and not rows:
        return await everybodys(reading, ask)
    is_lead = ask.person.may(Role.lead)
    sheet = [button("Send me a sheet", "escalations_sheet")] if is_lead else []
    return await _listed(ask, Page(rows, page, total), OPEN, *sheet)


async def home_section(reading: Reading, person: str) -> list[Block]:
    """The newest of a person on their Home; nothing where there are none that are open."""
    rows, total = await reading.escalation_lines.of_person(person, skip=0, most=MOST_ON_HOME)
    shown = [row for row in rows if not row.row.is_over]
    if not shown:
        return []
    more = [button(f"See all ({total:,})", "escalations_mine")] if total > len(shown) else []
    return [
        DividerBlock(),
        HeaderBlock(text="My escalations"),
        *_rows(shown),
        actions(_chooser(shown), *more, block_id="home_escalations"),
    ]


async def waiting_for_answer(reading: Reading, person: str) -> list[Block]:
    """What triage asked a person and waits for, each with the buttons to answer it."""
    rows, _ = await reading.escalation_lines.of_person(person, skip=0, most=MOST_ASKED)
    asked = [
        each for each in rows if each.row.state == State.waiting and each.row.sent_by == person
    ]
    if not asked:
        return []
    blocks: list[Block] = [HeaderBlock(text="Waits for your answer")]
    for each in asked:
        steps = await reading.escalations.steps(each.row.number)
        question = next(step for step in reversed(steps) if step.step == Step.ask)
        said = about(each, question=question)["question"]
        row = actions(*own_steps(each.row, person), block_id=f"home_asked_{each.row.number}")
        blocks += [*map(section, lines(said.split("\n"))), row]
    return [*blocks, DividerBlock()]


async def _listed(ask: Interaction, page: Page[Line], scope: str, *more: ButtonElement) -> Reply:
    """The list as an answer; from Home in a window, in which its pages are turned."""
    head = Words("escalation_list", scope=scope, total=page.total)["head"]
    new = button("Escalate", "escalate")
    blocks: list[Block] = [section(head), actions(new, *more)]
    if page.items:
        turns = page.turns("escalations_page", scope)
        row = actions(_chooser(page.items), *turns, new, *more)
        blocks = [section(head), *_rows(page.items), context(page.span), row]
    return await answered(ask, "escalations", "Escalations", blocks, head)


def _rows(rows: Sequence[Line]) -> list[Block]:
    return [section(text) for text in lines([f"• {about(row)['row']}" for row in rows])]


def _chooser(rows: Sequence[Line]) -> StaticSelectElement:
    choices = [(str(row.row.number), about(row).plain("label")) for row in rows]
    return chooser("Open one of these", "escalation_open", choices)
