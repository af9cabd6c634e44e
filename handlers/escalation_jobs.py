"""The long work that follows from a turn of an escalation: weighing it, and making room for it."""

from datetime import date

from handlers.escalation_turn import WAVEPOST, Turn
from rules.escalation import Step
from store.session import Transaction

WEIGH = "weigh escalation"
MAKE_ROOM = "make room"
GRANTED = frozenset({Step.approve, Step.approve_partly})


async def begin(tx: Transaction, turn: Turn) -> None:
    """Have a new escalation weighed, and room made for one that was approved."""
    row = turn.escalation
    if turn.step is None:
        await ask_to_weigh(tx, row.number, row.wished_on)
    elif turn.taken and turn.step in GRANTED:
        await tx.jobs.start(
            MAKE_ROOM,
            {"escalation": row.number},
            by=turn.taken.by,
            key=f"{MAKE_ROOM} {row.number}",
            about=f"Making room for escalation {row.number}",
        )


async def ask_to_weigh(tx: Transaction, escalation_id: int, due_on: date) -> None:
    """Have it worked out whom it would displace to grant an escalation by a day."""
    given = {"escalation": escalation_id, "due_on": due_on.isoformat()}
    about = f"Weighing escalation {escalation_id}"
    await tx.jobs.start(
        WEIGH, given, by=WAVEPOST, key=f"{WEIGH} {escalation_id} {due_on}", about=about
    )


async def weigh_anew(tx: Transaction) -> None:
    """Have everything weighed again that is not decided: what was told of the plan holds no longer."""
    for escalation_id in await tx.escalations.undecided():
        row = await tx.escalations.get(escalation_id)
        if row:
            due_on = (row.weighed or {}).get("due_on")
            await ask_to_weigh(
                tx, escalation_id, date.fromisoformat(due_on) if due_on else row.wished_on
            )
