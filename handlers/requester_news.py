"""What the requester of an escalation hears of it, and those who joined: one message for each turn."""

from collections.abc import Sequence
from datetime import date

from handlers.blocks import actions, built, context, lines, section
from handlers.dates import short
from handlers.escalation_buttons import own_steps, see_button
from handlers.escalation_turn import Turn
from handlers.escalation_words import about
from handlers.triage_case import TRADEOFF
from rules.escalation import Step
from rules.slack_ids import is_person
from store.escalation_lines import Line
from store.escalation_rows import EscalationRow
from store.escalations import AskedFor
from store.outbox import Message
from store.session import Transaction

CAUSE = "escalation"
MOST_NAMED = 3
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
    asked = await tx.escalations.locations(turn.escalation.number)
    granted = [each for each in asked if each.granted]
    by = turn.taken.by if turn.taken else None
    for person in await hearers(tx, turn.escalation):
        if person != by:
            tx.say(news(line, turn, to=person, granted=granted))


async def hearers(tx: Transaction, row: EscalationRow) -> list[str]:
    """The ids of those who hear of an escalation: the requester and who joined, unless they have left."""
    joined = [joiner.person for joiner in await tx.escalations.joiners(row.number)]
    people = [person for person in (row.sent_by, *joined) if is_person(person)]
    present = await tx.people.present(people)
    return [person for person in people if person in present]


def news(line: Line, turn: Turn, *, to: str, granted: Sequence[AskedFor] = ()) -> Message:
    """What happened, to one person; the requester gets buttons for what they can do."""
    words = about(
        line,
        taken=turn.taken,
        details=turn.details or {},
        is_requester=to == line.row.sent_by,
        before=_week_before(line.row),
        granted=[f"{short(each.name)} ({each.location_id})" for each in granted[:MOST_NAMED]],
        more_granted=len(granted) - MOST_NAMED,
    )
    said = words[turn.step.replace(" ", "_") if turn.step else SENT]
    texts = said.split("\n")
    row = actions(see_button(line.row.number), *own_steps(line.row, to))
    blocks = built(*map(section, lines(texts)), context(words["small_print"]), row)
    return Message(to, texts[0], blocks, cause=CAUSE)


def _week_before(row: EscalationRow) -> date | None:
    """The Monday that all of it had when it was weighed; None where there was none, or several."""
    if not row.weighed or "tradeoff" not in row.weighed:
        return None
    told = TRADEOFF.validate_python(row.weighed["tradeoff"])
    weeks = {each.before for each in told.escalated}
    return weeks.pop() if len(weeks) == 1 else None
