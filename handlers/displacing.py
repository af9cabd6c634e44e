"""Making room for an approved escalation: whom it displaces becomes a plan that holds, and all hear of it."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from handlers.blocks import Words
from handlers.drafting import close
from handlers.escalation_jobs import MAKE_ROOM
from handlers.escalation_thread import say_in_thread
from handlers.escalation_weeks import note_weeks
from handlers.import_jobs import importer
from handlers.importing import ImportingNow
from handlers.jobs import Work, job
from handlers.plan_dates import publication_of_displacement
from handlers.plan_outcome import Proposal
from handlers.planning import keep_draft, publish
from handlers.triage_case import Weighed, weighed_of
from handlers.triage_post import moved_lines, show
from handlers.weighing import Scene, moment_of, scene_of, weighed
from rules.calendar import week_of
from rules.displacing import Displacement, displace_promised, displaced_plan
from rules.escalation import State
from rules.question import Question
from rules.tradeoff import Tradeoff, rows_of, tradeoff
from store.escalation_rows import EscalationRow
from store.import_lock import ImportGoingOn, take_turn
from store.promises import Promises
from store.session import Reading, Transaction


@dataclass(frozen=True, eq=False)
class Room:
    """How room can be made for an escalation, as of one moment; without a proposal nobody moves."""

    scene: Scene
    due_on: date
    told: Tradeoff
    proposal: Proposal | None


class Changed(Exception):
    """What room was looked for in is not what it was."""


@job(MAKE_ROOM, in_turn=True)
async def make_room(work: Work) -> None:
    """Bring an approved escalation forward and move who makes room, as one plan.

    Who approved it needed the role then: what was granted is kept whoever leaves since.
    """
    escalation_id = int(work.job.given["escalation"])
    while not work.is_over:
        work.tell("Looking who makes room")
        room = await room_for(work, escalation_id)
        try:
            async with work.ending() as tx:
                await _check_current(tx, room)
                await _settle(tx, escalation_id, room)
        except Changed:
            continue
        except ImportingNow as busy:
            work.tell(f"Waiting for {await importer(work, busy)}, who is importing just now")


async def room_for(work: Work, escalation_id: int) -> Room | None:
    """How to make room now; None where it is not approved any more."""
    async with work.store.reading(consistent=True) as reading:
        row = await reading.escalations.get(escalation_id)
        if row is None or row.state is not State.approved or row.due_on is None:
            return None
        scene, ids = await scene_of(reading), await _granted(reading, escalation_id)
    question = await asyncio.to_thread(
        scene.material.question, scene.moment.today, scene.parameters
    )
    found = await _displaced(work, question, ids, row.due_on)
    told = await asyncio.to_thread(tradeoff, question, found, ids, row.due_on)
    if found is None or not (
        told.displaced or any(each.weeks_later != 0 for each in told.escalated)
    ):
        return Room(scene, row.due_on, told, None)
    answer = await work.in_child(displaced_plan, question.problem, found)
    says = await asyncio.to_thread(publication_of_displacement, question, answer, ids)
    return Room(scene, row.due_on, told, Proposal(question, answer, says))


async def _displaced(
    work: Work, question: Question, ids: Collection[str], due_on: date
) -> Displacement | None:
    """Who goes when so that these go by that day; None where no week can be looked for at all."""
    rows = rows_of(question, ids)
    if not rows:
        return None
    week = week_of(due_on, question.first_monday)
    return await work.in_child(displace_promised, question.problem, rows, week)


async def _granted(reading: Reading, escalation_id: int) -> list[str]:
    locations = await reading.escalations.locations(escalation_id)
    return [each.location_id for each in locations if each.granted]


async def _check_current(tx: Transaction, room: Room | None) -> None:
    """Look that nothing was published or imported since; nobody does either from now to the commit.

    Raises:
        Changed: something was.
        ImportingNow: somebody imports just now.
    """
    try:
        await take_turn(tx.connection, tx.actor)
    except ImportGoingOn as other:
        raise ImportingNow(other.actor) from other
    await Promises(tx.connection).lock()
    if room is None:
        return
    if await moment_of(tx) != room.scene.moment:
        raise Changed


async def _settle(tx: Transaction, escalation_id: int, room: Room | None) -> None:
    """Let the plan hold, and say what came of it."""
    row = await tx.escalations.get(escalation_id, for_change=True)
    if room is None or row is None or row.state is not State.approved:
        return
    before = await weighed_of(tx, row.weighed) if row.weighed else None
    plan_id = room.scene.moment.plan
    if room.proposal:
        plan_id = await _draft(tx, row, room.scene, room.proposal)
    kept = weighed(plan_id, room.due_on, room.told)
    await tx.escalations.note(escalation_id, weighed=kept)
    if room.proposal and plan_id:
        await publish(tx, plan_id, room.proposal.says)
    await note_weeks(tx)
    await _tell(tx, escalation_id, await weighed_of(tx, kept), before)


async def _draft(tx: Transaction, row: EscalationRow, scene: Scene, proposal: Proposal) -> int:
    """Keep the plan that makes room; a draft that was open gives way to it."""
    draft = await tx.plans.draft()
    why = Words("displacing", number=row.number).plain("why")
    plan_id = await keep_draft(
        tx, proposal, today=scene.moment.today, parameters=scene.parameters, why=why
    )
    if draft:
        values = {"number": draft.id, "newer": plan_id, "escalation": row.number}
        await close(tx, draft.id, Words("displacing", **values)["replaced"])
    return plan_id


async def _tell(tx: Transaction, escalation_id: int, now: Weighed, before: Weighed | None) -> None:
    """Say in the thread what came of it, and where that is not what was shown before."""
    line = await tx.escalation_lines.one(escalation_id)
    if line is None:
        return
    row = line.row
    words = Words(
        "displacing",
        row=row,
        told=now.tradeoff,
        displaced=moved_lines(now),
        plan=now.plan,
        differs=differs(now, before),
        granted=line.granted,
        of=line.locations,
        was_shown=before is not None and before.due_on == now.due_on,
    )
    has_week = row.state is State.scheduled
    await say_in_thread(tx, escalation_id, words["made" if has_week else "no_week"])
    if not has_week:
        await show(tx, escalation_id)


def differs(now: Weighed, before: Weighed | None) -> bool:
    """Whether others make room, or others go, than triage was shown when it decided."""
    if before is None:
        return True
    was, is_ = before.tradeoff, now.tradeoff
    return (was.escalated, was.displaced) != (is_.escalated, is_.displaced)
