"""Decisions that wait for somebody: the escalation with its buttons in a modal, and the list on Home."""

from slack_sdk.models.blocks import Block, DividerBlock, HeaderBlock

from handlers.blocks import Words, context, modal, section
from handlers.button_values import number_in
from handlers.doors import action
from handlers.duty import duty
from handlers.errors import NotThere
from handlers.escalation_buttons import decide_button
from handlers.escalation_words import about
from handlers.interaction import Interaction
from handlers.reply import Reply
from handlers.triage_case import case_of
from handlers.triage_post import shown
from handlers.windows import over
from rules.roles import Role
from store.session import Reading, Store

MOST_ON_HOME = 5


@action("triage_case", role=Role.lead)
async def open_case(ask: Interaction, store: Store) -> Reply:
    """All that triage reads of an escalation, and what it can do, wherever it was opened."""
    number = number_in(ask.value)
    async with store.reading(consistent=True) as reading:
        case = await case_of(reading, number)
    if case is None:
        raise NotThere(f"There is no escalation {number}.")
    _, blocks = shown(case)
    return await over(ask, modal("triage_case", f"Escalation {number}", blocks))


async def home_section(reading: Reading, ask: Interaction) -> list[Block]:
    """What waits for a lead's decision, first what is due first; nothing where nothing does."""
    if not ask.person.may(Role.lead):
        return []
    is_on_duty = (await duty(reading, ask.now)).on_duty == ask.person.id
    rows, total = await reading.escalation_lines.waiting_for(
        ask.person.id, is_on_duty=is_on_duty, most=MOST_ON_HOME
    )
    if not rows:
        return []
    more = Words("escalation_clock", more=total - len(rows))["more_waiting"]
    return [
        DividerBlock(),
        HeaderBlock(text="Waits for your decision"),
        *(
            section(
                Words("escalation_clock", row=each.row, what=about(each)["what"])["waiting"],
                accessory=decide_button(each.row.number),
            )
            for each in rows
        ),
        *([context(more)] if total > len(rows) else []),
    ]
