"""What the requester of an escalation hears of it, and those who joined: one message for each turn."""

from handlers.blocks import actions, built, context, lines, section
from handlers.escalation_buttons import own_steps, see_button
from handlers.escalation_turn import Turn
from handlers.escalation_words import about
from rules.escalation import Step
from rules.slack_ids import is_person
from store.escalation_lines import Line
from store.escalation_rows import EscalationRow
from store.outbox import Message
from store.session import Transaction

CAUSE = "escalation"
SILENT = frozenset({Step.triage, Step.hand_over, Step.answer})
"""The steps that nobody waits for."""
SENT = "sent"


async def tell(tx: Transaction, turn: Turn) -> None:
    """Tell the requester what happened, and those who joined; not who did it themselves."""
    if turn.step in SILENT:
        return
    line = await tx.escalation_lines.one(turn.escalation.number)
    if line is None:
        return
    by = turn.taken.by if turn.taken else None
    for person in await hearers(tx, turn.escalation):
        if person != by:
            tx.say(news(line, turn, to=person))


async def hearers(tx: Transaction, row: EscalationRow) -> list[str]:
    """The ids of those who hear of an escalation: the requester and who joined, unless they have left."""
    joined = [joiner.person for joiner in await tx.escalations.joiners(row.number)]
    people = [person for person in (row.sent_by, *joined) if is_person(person)]
    present = await tx.people.present(people)
    return [person for person in people if person in present]


def news(line: Line, turn: Turn, *, to: str) -> Message:
    """What happened, to one person; the requester gets buttons for what they can do."""
    is_requester = to == line.row.sent_by
    words = about(line, taken=turn.taken, details=turn.details or {}, is_requester=is_requester)
    said = words[turn.step.replace(" ", "_") if turn.step else SENT]
    texts = said.split("\n")
    row = actions(see_button(line.row.number), *own_steps(line.row, to))
    blocks = built(*map(section, lines(texts)), context(words["small_print"]), row)
    return Message(to, texts[0], blocks, cause=CAUSE)
