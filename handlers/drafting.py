"""Drafting a plan: asked for by anybody's hand or by what happened, made as a job, shown to a lead."""

import asyncio
from dataclasses import dataclass
from datetime import date

from handlers.blocks import Blocks, Words, built, section
from handlers.errors import Refused
from handlers.jobs import Work, begin, job, shown
from handlers.load_picture import Load, drawn, load_of
from handlers.plan_outcome import Proposal, is_same
from handlers.plan_shown import compared, names_of
from handlers.plan_shown import shown as shown_as
from handlers.planning import NOTHING_TO_PLAN, keep_draft
from handlers.publish_button import hearers_of
from rules.parameters import Parameters
from rules.question import Question
from rules.roles import Role
from rules.slack_ids import is_person
from rules.waves import plan
from store.jobs import JobRow, JobState, Json
from store.outbox import Message
from store.plan_archive import Asked
from store.plan_versions import PlanVersion
from store.planning import Planning
from store.promises import Promises
from store.session import Store, Transaction

DRAFT = "draft plan"
AFTER_IT = f"{DRAFT} next"
"""The key of a draft that waits for one that is being made."""

ABOUT = "A draft of a new plan"
CAUSE = "plan"
SHOWS = "/wavepost plan"


async def ask_for_draft(tx: Transaction, *, asked_by: str, why: str = "") -> str:
    """Have a draft made; returns what to say to who asked. One is made at a time.

    One that waits is joined. One that is being made may have read before what is wished for was
    written, so another is made after it.

    `asked_by` is a person's id, who then sees it made and compared; where it is none (the command
    line, the clock), every lead is told instead. `why` ends a sentence: "Loyalty slipped".
    """
    given = {"why": why}
    made = await _asked(tx, given, asked_by, DRAFT)
    if made and made.state is JobState.running:
        made = await _asked(tx, given, asked_by, AFTER_IT)
    if made and made.asked_by != asked_by and is_person(made.asked_by):
        return Words("plan", who=made.asked_by, at=made.asked_at, command=SHOWS)["begun_by_other"]
    return Words("plan")["begun"]


async def _asked(tx: Transaction, given: Json, by: str, key: str) -> JobRow | None:
    """The draft with this key: a new one, or the one that is not over."""
    if is_person(by):
        job_id = await begin(tx, DRAFT, given, by=by, about=ABOUT, key=key)
    else:
        job_id = await tx.jobs.start(DRAFT, given, by=by, key=key, about=ABOUT)
    return await tx.jobs.get(job_id)


@job(DRAFT, role=Role.lead, in_turn=True)
async def draft(work: Work) -> None:
    """Ask, plan, and show what came of it; where nothing would change, say so."""
    work.tell("Reading what a plan is made from")
    wish = await wished(work.store, why=work.job.given["why"])
    work.tell(f"Looking for weeks for {wish.question.going.height:,} locations")
    answer = await work.in_child(plan, wish.question.problem)
    work.tell("Comparing it with the plan in force")
    proposal = await asyncio.to_thread(Proposal.of, wish.question, answer)
    load, file_id = await _load(work, Asked(wish.question, answer))
    result: dict[str, int] = {}
    async with work.ending(result) as tx:
        base, version = await keep_unless_same(tx, wish, proposal)
        if version is None:
            words = nothing_new(base)
            await tell(tx, work.job, words, built(section(words)))
            return
        result["plan"] = version.id
        if load and file_id:
            await tx.pictures.keep(load.digest, file_id)
        names = await names_of(tx, proposal)
        people = await hearers_of(tx, proposal)
        told, blocks = compared(shown_as(version, base, proposal, names, load, people), file_id)
        await tell(tx, work.job, told, blocks)


@dataclass(frozen=True, eq=False)
class Wish:
    """What a draft is made from, as of one moment, and what for."""

    today: date
    parameters: Parameters
    question: Question
    why: str | None


async def wished(store: Store, *, why: str = "") -> Wish:
    """What to ask the planner now.

    Raises:
        Refused: no location was imported yet.
    """
    async with store.reading(consistent=True) as reading:
        today = (await reading.clock.now()).date()
        parameters = await reading.parameters.current()
        question = await Planning(reading.connection).question(today, parameters)
    if question.is_empty:
        raise Refused(NOTHING_TO_PLAN)
    return Wish(today, parameters, question, why or None)


async def keep_unless_same(
    tx: Transaction, wish: Wish, proposal: Proposal
) -> tuple[PlanVersion | None, PlanVersion | None]:
    """Keep a draft, in place of an open one; gives the plan in force and the draft, if it is one.

    It is none where it says nothing that the plan in force does not say.
    """
    promises = Promises(tx.connection)
    await promises.lock()
    base, standing = await tx.plans.in_force(), await promises.standing()
    if standing and is_same(standing, wish.parameters.model_dump(), proposal.says):
        return base, None
    before = await tx.plans.draft()
    plan_id = await keep_draft(
        tx, proposal, today=wish.today, parameters=wish.parameters, why=wish.why
    )
    if before:
        words = Words("plan", number=before.id, newer=plan_id)["replaced"]
        await close(tx, before.id, words)
    return base, await tx.plans.get(plan_id)


def nothing_new(base: PlanVersion | None) -> str:
    """That a draft would say nothing new, in words."""
    return Words("plan", name=f"Plan {base.id if base else ''}".strip())["nothing_new"]


async def close(
    tx: Transaction, plan_id: int, words: str, *, but: JobRow | None = None
) -> str | None:
    """Put words in place of the message that shows a draft; returns who sees them there, if anybody.

    Not where `but` shows there how it goes on.
    """
    made = await tx.jobs.of_result(DRAFT, {"plan": plan_id})
    if not made or not made.message or (but and but.message == made.message):
        return None
    tx.say(shown(made, words, built(section(words))))
    return made.asked_by


async def tell(tx: Transaction, job: JobRow, fallback: str, blocks: Blocks) -> None:
    """Show who asked what came of a job, in place of its message; where nobody did, every lead."""
    if is_person(job.asked_by):
        tx.say(shown(job, fallback, blocks))
        return
    for lead in await tx.roles.people_with(Role.lead):
        tx.say(Message(lead, fallback, blocks, cause=CAUSE))


async def _load(work: Work, asked: Asked) -> tuple[Load | None, str | None]:
    """The load of a plan and its picture; a plan is worth showing without one."""
    async with work.store.reading() as reading:
        names = await reading.called.csas(asked.question.owners)
    load = await asyncio.to_thread(load_of, asked, names)
    return load, await drawn(work, load) if load else None
