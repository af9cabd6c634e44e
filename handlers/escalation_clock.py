"""The clock of an escalation, set anew after each of its turns; urgent ones page who is on duty."""

from datetime import datetime

from handlers.blocks import Words, actions, built, lines, section
from handlers.duty import duty
from handlers.escalation_buttons import decide_button, see_button
from handlers.escalation_turn import WAVEPOST, Turn
from handlers.escalation_words import about
from rules.escalation import State, Step, Taken, Who, waits
from rules.roles import Role
from rules.working_time import clock
from store.escalation_rows import EscalationRow
from store.outbox import Message
from store.session import Reading, Transaction

CAUSE = "escalation clock"
OF_CLOCK = "clock"
"""What a hand-over by the clock keeps besides: that the time was half over, or over."""
HALF, OVER = "half", "over"
NONE_REMINDED, HALF_REMINDED, ALL_REMINDED = 0, 1, 2


async def follow(tx: Transaction, turn: Turn) -> Taken | None:
    """Set the clock by what happened; hand what is urgent to who is on duty."""
    row = turn.escalation
    if State(row.state).is_decided:
        if row.knocks_at:
            await tx.escalations.note(row.number, knocks_at=None)
        return None
    is_over = (turn.details or {}).get(OF_CLOCK) == OVER
    if is_over and turn.taken:
        await wind(tx, row, began=turn.taken.at, reminded=NONE_REMINDED)
    else:
        await wind(tx, row, began=row.clock_began_at or row.sent_at, reminded=row.reminded)
    if turn.taken and turn.step is Step.hand_over and turn.taken.who is Who.triage:
        await _tell_of_handing(tx, row, turn.taken)
    return await _paged(tx, row) if turn.step is None and row.is_urgent else None


async def wind(tx: Transaction, row: EscalationRow, *, began: datetime, reminded: int) -> None:
    """Keep when the time of an escalation is over, and when it has to be looked at before."""
    steps = [each.taken for each in await tx.escalations.steps(row.number)]
    triage = (await tx.triage.now()).triage
    runs = clock(
        began,
        triage.hours(began.date()),
        is_urgent=row.is_urgent,
        stops=waits(row.sent_by, steps),
        clocks=triage.clocks,
    )
    knocks = {NONE_REMINDED: runs.half, HALF_REMINDED: runs.end}.get(reminded)
    await tx.escalations.note(
        row.number,
        clock_began_at=began,
        clock_ends_at=runs.end,
        reminded=reminded,
        knocks_at=knocks,
    )


async def rewind(tx: Transaction) -> None:
    """Set all clocks that run by the hours and lengths that count from now on."""
    for row in await tx.escalations.running():
        await wind(tx, row, began=row.clock_began_at or row.sent_at, reminded=row.reminded)


async def _paged(tx: Transaction, row: EscalationRow) -> Taken | None:
    """Tell who is on duty of what is urgent, and hand it to them; all leads where nobody is."""
    now = await duty(tx, row.sent_at)
    person = now.after({row.sent_by})
    for each in [person] if person else now.names:
        await say_to(tx, row.number, each, "paged")
    if person is None:
        return None
    return Taken(Step.hand_over, WAVEPOST, Who.planner, row.version, row.sent_at, to=person)


async def _tell_of_handing(tx: Transaction, row: EscalationRow, taken: Taken) -> None:
    """Tell who has it in hand now, unless they took it themselves."""
    if taken.to and taken.to != taken.by:
        await say_to(tx, row.number, taken.to, "handed_over", by=taken.by, words=taken.words)


async def say_to(tx: Transaction, number: int, to: str, block: str, **values: object) -> None:
    """Tell a person something of the clock of an escalation."""
    words = await words_about(tx, number, **values)
    texts = words[block].split("\n")
    names = {each.id for each in await tx.roles.members_who_may(Role.lead)}
    decide = [decide_button(number)] if to in names else []
    row = actions(*decide, see_button(number))
    blocks = built(*map(section, lines(texts)), row)
    tx.say(Message(to, words.plain("heading"), blocks, cause=CAUSE))


async def words_about(reading: Reading, number: int, **values: object) -> Words:
    """What can be said of the clock of an escalation."""
    line = await reading.escalation_lines.one(number)
    if line is None:
        raise LookupError(f"escalation {number} is about nothing")
    return Words("escalation_clock", row=line.row, what=about(line)["what"], **values)
