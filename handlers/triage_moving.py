"""Showing all that is open where triage reads from now on, a few at a time: there may be hundreds."""

from handlers.escalation_jobs import MOVE
from handlers.jobs import Work, job
from handlers.triage_case import case_of
from handlers.triage_place import triage_lanes
from handlers.triage_post import say_anew
from store.session import Transaction

AT_ONCE = 20
"""So many are shown in one transaction."""


@job(MOVE, in_turn=True)
async def move(work: Work) -> None:
    """Show everything that is not decided in the lanes of triage, wherever those are by then."""
    last, done = 0, 0
    while True:
        async with work.meanwhile() as tx:
            lanes = await triage_lanes(tx)
            unshown, left = await tx.escalations.unshown(lanes, after=last, most=AT_ONCE)
            work.tell("Showing what is open", done, done + left)
            for escalation_id in unshown:
                await _show_in(tx, escalation_id, lanes)
        if not unshown:
            break
        last, done = unshown[-1], done + len(unshown)
    async with work.ending():
        pass


async def _show_in(tx: Transaction, escalation_id: int, lanes: list[str]) -> None:
    """Show one in those of the lanes where it is not shown, unless it was decided just now."""
    row = await tx.escalations.get(escalation_id, for_change=True)
    case = await case_of(tx, escalation_id)
    if row is None or case is None or row.state.is_decided:
        return
    there = {each.lane for each in await tx.escalations.posts(escalation_id)}
    for lane in lanes:
        if lane not in there:
            await say_anew(tx, case, lane)
