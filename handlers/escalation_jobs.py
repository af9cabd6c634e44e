"""The long work that follows from a turn of an escalation: weighing it, and making room for it."""

from datetime import date

from handlers.escalation_turn import WAVEPOST, Turn
from rules.escalation import Step
from store.escalation_rows import EscalationRow
from store.jobs import JobRow, JobState
from store.session import Transaction

WEIGH = "weigh escalations"
AFTER_IT = f"{WEIGH} next"
"""The key of a job that waits for one that is being done."""
MAKE_ROOM = "make room"
GRANTED = frozenset({Step.approve, Step.approve_partly})


async def begin(tx: Transaction, turn: Turn) -> None:
    """Have a new escalation weighed, and room made for one that was approved."""
    row = turn.escalation
    if turn.step is None:
        await ask_to_weigh(tx)
    elif turn.taken and turn.step in GRANTED:
        await ask_for_room(tx, row.number, by=turn.taken.by)


async def ask_for_room(tx: Transaction, escalation_id: int, *, by: str) -> None:
    """Have room made for an approved escalation; a job that waits to do that, or does, is joined."""
    await tx.jobs.start(
        MAKE_ROOM,
        {"escalation": escalation_id},
        by=by,
        key=f"{MAKE_ROOM} {escalation_id}",
        about=f"Making room for escalation {escalation_id}",
    )


async def weigh_another_day(tx: Transaction, row: EscalationRow, due_on: date) -> None:
    """Have it worked out whom it would displace to grant an escalation by another day."""
    weighed = (row.weighed or {}) | {"asked": due_on.isoformat()}
    await tx.escalations.note(row.number, weighed=weighed)
    await ask_to_weigh(tx)


async def weigh_anew(tx: Transaction) -> None:
    """Have everything weighed again that is not decided: what was told of the plan holds no longer."""
    if await tx.escalations.undecided():
        await ask_to_weigh(tx)


async def ask_to_weigh(tx: Transaction) -> None:
    """Have all weighed that should be: one job does, and one that waits is joined.

    One that is being done may have looked for the last time, so another is done after it.
    """
    job = await _weighing(tx, WEIGH)
    if job and job.state is JobState.running:
        await _weighing(tx, AFTER_IT)


async def _weighing(tx: Transaction, key: str) -> JobRow | None:
    about = "Weighing the escalations that are not decided"
    return await tx.jobs.get(await tx.jobs.start(WEIGH, {}, by=WAVEPOST, key=key, about=about))
