"""Weighing an escalation: whom it would displace, worked out before anybody decides."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from handlers.escalation_jobs import WEIGH
from handlers.jobs import Work, job
from handlers.triage_case import TRADEOFF
from handlers.triage_post import show
from rules.calendar import week_of
from rules.displacing import Displacement, displace_promised
from rules.granting import granting
from rules.parameters import Parameters
from rules.question import Material, Question
from rules.tradeoff import Tradeoff, rows_of, tradeoff
from store.jobs import Json
from store.planning import Planning
from store.session import Reading


@dataclass(frozen=True, eq=False)
class Scene:
    """What an escalation is weighed against, as of one moment: `plan` is the one in force, if any."""

    today: date
    parameters: Parameters
    material: Material
    plan: int | None
    newest_import: int


@job(WEIGH)
async def weigh(work: Work) -> None:
    """Work out whom an escalation would displace, and show it to triage."""
    escalation_id, due_on = (
        work.job.given["escalation"],
        date.fromisoformat(work.job.given["due_on"]),
    )
    work.tell("Reading the plan")
    async with work.store.reading(consistent=True) as reading:
        scene = await scene_of(reading)
        ids = [each.location_id for each in await reading.escalations.locations(escalation_id)]
    work.tell("Looking who would make room")
    question = await asyncio.to_thread(wished, scene, ids, due_on)
    found = await displaced(work, question, ids, due_on)
    told = await asyncio.to_thread(tradeoff, question, found, ids, due_on)
    async with work.ending() as tx:
        row = await tx.escalations.get(escalation_id, for_change=True)
        if row and not row.state.is_decided:
            await tx.escalations.note(escalation_id, weighed=weighed(scene, due_on, told))
            await show(tx, escalation_id)


async def scene_of(reading: Reading) -> Scene:
    """All that is needed to weigh escalations now."""
    today = (await reading.clock.now()).date()
    parameters = await reading.parameters.current()
    version = await reading.plans.in_force()
    planning = Planning(reading.connection)
    return Scene(
        today,
        parameters,
        await planning.material(today, parameters),
        version.id if version else None,
        await planning.newest_import(),
    )


def wished(scene: Scene, ids: Collection[str], due_on: date) -> Question:
    """The question as it would be were these locations granted that day."""
    granted = granting(
        scene.material.granted,
        ids,
        csa_email="",
        due_on=due_on,
        points=scene.parameters.priority.most_bump,
        given_on=scene.today,
    )
    return replace(scene.material, granted=granted).question(scene.today, scene.parameters)


async def displaced(
    work: Work, question: Question, ids: Collection[str], due_on: date
) -> Displacement | None:
    """Who goes when so that these go by that day; None where no week can be looked for at all."""
    rows = rows_of(question, ids)
    if not rows:
        return None
    week = week_of(due_on, question.first_monday)
    return await work.in_child(displace_promised, question.problem, rows, week)


def weighed(scene: Scene, due_on: date, told: Tradeoff) -> Json:
    """What was worked out, as it is kept with the escalation."""
    kept: Json = TRADEOFF.dump_python(told, mode="json")
    return {"plan": scene.plan, "due_on": due_on.isoformat(), "tradeoff": kept}
