"""What the requester of an escalation hears of it, and those who joined: one message for each turn."""

from collections.abc import Sequence

from slack_sdk.models.blocks import InteractiveElement

from handlers.blocks import PEOPLE, Words, actions, built, button, context, lines, section
from handlers.dates import short
from handlers.escalation_turn import Turn
from rules.escalation import Step, Who, possible
from store.escalation_rows import EscalationRow
from store.escalations import Line
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
    line = await tx.escalations.line(turn.escalation.number)
    if line is None:
        return
    by = turn.taken.by if turn.taken else None
    for person in await hearers(tx, turn.escalation):
        if person != by:
            tx.say(news(line, turn, to=person))


async def hearers(tx: Transaction, row: EscalationRow) -> list[str]:
    """The ids of those who hear of an escalation: the requester, where Slack has them, and who joined."""
    joined = [joiner.person for joiner in await tx.escalations.joiners(row.number)]
    return [person for person in (row.sent_by, *joined) if person.startswith(PEOPLE)]


def news(line: Line, turn: Turn, *, to: str) -> Message:
    """What happened, to one person; the requester gets buttons for what they can do."""
    words = Words(
        "escalation", **told_of(line), taken=turn.taken, is_requester=to == line.row.sent_by
    )
    said = words[turn.step.replace(" ", "_") if turn.step else SENT]
    texts = said.split("\n")
    row = actions(*ways_on(line.row, to))
    blocks = built(*map(section, lines(texts)), context(words["small_print"]), row)
    return Message(to, texts[0], blocks, cause=CAUSE)


def told_of(line: Line) -> dict[str, object]:
    """The values of the words about an escalation."""
    return {
        "line": line,
        "row": line.row,
        "name": short(line.name, 45),
        "location": short(line.location, 45) if line.location else None,
    }


def ways_on(row: EscalationRow, person: str) -> Sequence[InteractiveElement]:
    """What a person can do with an escalation of theirs: see it, answer, withdraw it."""
    value = f"{row.number}|{row.version}"
    elements: list[InteractiveElement] = []
    mine = possible(row.state, Who.requester) if person == row.sent_by else ()
    if Step.answer in mine:
        elements.append(button("Answer", "escalation_answer", value, style="primary"))
    elements.append(button("See it", "escalation_open", value))
    if Step.withdraw in mine:
        elements.append(button("Withdraw", "escalation_withdraw", value))
    return elements
