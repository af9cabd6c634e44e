"""Planning: drafts are kept, and published, in one way that every door shares."""

import asyncio
from datetime import date
from typing import Any

from handlers.concerned import tell_concerned
from handlers.errors import Refused
from handlers.escalation_jobs import weigh_anew
from handlers.escalation_weeks import note_weeks
from handlers.pictures import draw_ahead
from handlers.plan_news import news_of, waiting_longer
from handlers.plan_outcome import Outcome, Proposal, is_same, outcome_of
from rules.parameters import Parameters
from rules.waves import plan
from store.audit import Change
from store.planning import Planning
from store.plans import PlanRow, PlanState
from store.promises import Promises, Publication
from store.session import Transaction
from store.slip_reasons import slipped

NOTHING_TO_PLAN = (
    "There is nothing to plan yet, so nothing was changed. Import a master sheet first."
)


async def publish_first_plan(tx: Transaction, *, today: date, parameters: Parameters) -> Outcome:
    """Plan from what was imported, and promise what comes out of it, in one step.

    Promises that exist are kept where there is room. The same plan again changes nothing and is not
    kept as a version. Two at once wait for each other.

    Raises:
        Refused: no location was imported yet.
    """
    promises = Promises(tx.connection)
    await promises.lock()
    question = await Planning(tx.connection).question(today, parameters)
    if question.is_empty:
        raise Refused(NOTHING_TO_PLAN)
    answer = await asyncio.to_thread(plan, question.problem)
    proposal = await asyncio.to_thread(Proposal.of, question, answer)
    standing = await promises.standing()
    if standing and is_same(standing, parameters.model_dump(), proposal.says):
        return outcome_of(proposal, standing.plan_id, is_new=False)
    plan_id = await keep_draft(tx, proposal, today=today, parameters=parameters)
    await publish(tx, plan_id, proposal.says)
    return outcome_of(proposal, plan_id, is_new=True)


async def keep_draft(
    tx: Transaction,
    proposal: Proposal,
    *,
    today: date,
    parameters: Parameters,
    why: str | None = None,
) -> int:
    """Keep a proposal as the draft, in place of the one that was open; returns its number.

    Needs `Promises.lock`: it is based on the plan that is in force now.
    """
    at = await tx.clock.now()
    in_force, open_ = await tx.plans.in_force(), await tx.plans.draft()
    if open_:
        await tx.plans.decide(open_.id, PlanState.discarded, by=tx.actor, at=at)
    question, answer = proposal.question, proposal.answer
    scoring = question.scoring
    plan_id = await tx.plans.add(
        PlanRow(
            state=PlanState.draft,
            made_on=today,
            first_monday=question.first_monday,
            made_by=tx.actor,
            parameters=parameters.model_dump(),
            cost=answer.cost,
            bound=answer.bound,
            placed=proposal.says.placed,
            unplaced=proposal.says.unplaced,
            why=why,
            based_on=in_force.id if in_force else None,
            scoring_id=await tx.scores.keep(scoring.locations, scoring.scores) if scoring else None,
        )
    )
    await tx.plan_archive.keep(plan_id, question, answer)
    await tx.tallies.keep()
    return plan_id


async def publish(tx: Transaction, plan_id: int, new: Publication) -> None:
    """Let a draft hold: promise what it says, record every move, tell the people concerned.

    Needs `Promises.lock`, and that nobody has decided about the draft.
    """
    at = await tx.clock.now()
    await tx.plans.decide(plan_id, PlanState.published, by=tx.actor, at=at)
    await Promises(tx.connection).publish(plan_id, new, actor=tx.actor, at=at)
    await tx.tallies.keep()
    _audit(tx, new, plan_id)
    why = await slipped(tx.connection, waiting_longer(new))
    news = await asyncio.to_thread(news_of, new, await tx.subscriptions.singled_out(), why)
    await tell_concerned(tx, f"plan {plan_id}", news)
    await note_weeks(tx)
    await weigh_anew(tx)
    await draw_ahead(tx)


def _audit(tx: Transaction, new: Publication, plan_id: int) -> None:
    """Append the plan, and every promise that it moved."""
    tx.audit(
        Change(
            action="plan published",
            subject=f"plan {plan_id}",
            after={
                "placed": new.placed,
                "unplaced": new.unplaced,
                "promised": new.news.height,
                "moved": int(new.moves["locations"].sum()),
            },
        )
    )
    audit_moves(tx, new)


def audit_moves(tx: Transaction, new: Publication) -> None:
    """Append every promise that it moves, or withdraws."""
    for move in new.moves.iter_rows(named=True):
        tx.audit(
            Change(
                action="promise moved",
                subject=f"customer {move['customer_id']}",
                before=_promise(move["from_week"], move["locations"]),
                after=_promise(move["to_week"], move["locations"]) if move["to_week"] else None,
                reason=move["reason"],
            )
        )


def _promise(week: date, locations: int) -> dict[str, Any]:
    return {"week": week.isoformat(), "locations": locations}
