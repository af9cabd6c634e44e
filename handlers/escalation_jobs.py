"""The long work that escalations ask for: weighing them, making room, and showing them elsewhere."""

from datetime import date

from handlers.escalation_turn import WAVEPOST, Turn
from rules.escalation import Step
from store.escalation_rows import EscalationRow
from store.jobs import JobRow, JobState
from store.session import Transaction

WEIGH = "weigh escalations"
MOVE = "move triage"
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
    """Have all weighed that should be."""
    await _ask_for(tx, WEIGH, "Weighing the escalations that are not decided")


async def ask_to_move(tx: Transaction) -> None:
    """Have all that is not decided shown where triage reads from now on."""
    await _ask_for(tx, MOVE, "Showing the open escalations where triage reads now")


async def _ask_for(tx: Transaction, kind: str, about: str) -> None:
    """Have one job do all there is of a kind; one that waits is joined.

    One that is being done may have looked for the last time, so another is done after it.
    """
    job = await _started(tx, kind, about, key=kind)
    if job and job.state is JobState.running:
        await _started(tx, kind, about, key=f"{kind} next")


async def _started(tx: Transaction, kind: str, about: str, *, key: str) -> JobRow | None:
    return await tx.jobs.get(await tx.jobs.start(kind, {}, by=WAVEPOST, key=key, about=about))
