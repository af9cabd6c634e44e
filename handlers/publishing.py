"""Publishing a draft: in one go, as long as what it was made from is as it was."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from handlers.blocks import Words, actions, built, button, lines, section
from handlers.dates import short
from handlers.drafting import DRAFT, close, tell
from handlers.errors import Refused
from handlers.import_jobs import importer
from handlers.importing import ImportingNow
from handlers.jobs import BEGUN, Work, begin, job, working
from handlers.plan_costs import other_numbers
from handlers.plan_dates import publication_of
from handlers.plan_outcome import Proposal, outcome_of
from handlers.planning import publish
from rules.parameters import Parameters
from rules.roles import Role
from rules.staleness import Changes, changes_between
from store.import_lock import ImportGoingOn, take_turn
from store.jobs import JobRow
from store.plan_archive import Asked
from store.plan_versions import PlanVersion
from store.planning import Planning
from store.plans import PlanState
from store.promises import Promises
from store.session import Reading, Transaction

PUBLISH = "publish plan"
MOST_NAMED = 5


async def ask_to_publish(tx: Transaction, plan_id: int, *, asked_by: str) -> str | None:
    """Have a draft published; returns what to say to who asked, where no message of theirs shows it.

    Raises:
        Refused: somebody decided about it before.
    """
    version = await tx.plans.get(plan_id)
    if version is None or version.state is not PlanState.draft:
        raise Refused(await decided_already(tx, plan_id))
    key = f"{PUBLISH} {plan_id}"
    given, about = {"plan": plan_id}, f"Publishing draft {plan_id}"
    made = await tx.jobs.of_result(DRAFT, given)
    if made and made.message and made.asked_by == asked_by:
        job_id = await tx.jobs.start(
            PUBLISH, given, by=asked_by, key=key, about=about, message=made.message
        )
        if (publishing := await tx.jobs.get(job_id)) and publishing.asked_by == asked_by:
            tx.say(working(publishing, BEGUN))
            return None
    else:
        job_id = await begin(tx, PUBLISH, given, by=asked_by, about=about, key=key)
    return await _begun(tx, job_id, plan_id, asked_by)


async def _begun(tx: Transaction, job_id: UUID, plan_id: int, asked_by: str) -> str:
    publishing = await tx.jobs.get(job_id)
    if publishing and publishing.asked_by != asked_by:
        words = Words("plan", who=publishing.asked_by, at=publishing.asked_at, number=plan_id)
        return words["publishing_by_other"]
    return Words("plan", number=plan_id)["publishing"]


@job(PUBLISH, role=Role.lead)
async def publish_draft(work: Work) -> None:
    """Let a draft hold, unless what it was made from has changed; then say what."""
    plan_id = int(work.job.given["plan"])
    work.tell("Looking whether anything has changed since the draft")
    while not work.is_over:
        try:
            async with work.ending() as tx:
                published = await publish_unless_stale(tx, plan_id, by_job=work.job)
                again = [] if published.is_done else [button("Draft again", "plan_draft")]
                texts = lines([published.words, *published.why_not])
                row = actions(*again) if again else None
                await tell(tx, work.job, published.words, built(*map(section, texts), row))
        except ImportingNow as busy:
            work.tell(f"Waiting for {await importer(work, busy)}, who is importing just now")


@dataclass(frozen=True, slots=True)
class Publishing:
    """How the publication of a draft ended, in words; `why_not` is what has changed since it."""

    words: str
    why_not: Sequence[str] = ()

    @property
    def is_done(self) -> bool:
        """Whether it was published."""
        return not self.why_not


async def publish_unless_stale(
    tx: Transaction, plan_id: int, *, by_job: JobRow | None = None
) -> Publishing:
    """Publish a draft, unless what it was made from has changed since. Two at once wait in turn.

    Nothing is imported from the look at what has changed to the commit.

    Raises:
        Refused: somebody decided about it before, or what it was made from is not kept.
        ImportingNow: somebody imports just now.
    """
    try:
        await take_turn(tx.connection, tx.actor)
    except ImportGoingOn as other:
        raise ImportingNow(other.actor) from other
    await Promises(tx.connection).lock()
    version, asked = await tx.plans.get(plan_id), await tx.plan_archive.question(plan_id)
    if version is None or version.state is not PlanState.draft:
        raise Refused(await decided_already(tx, plan_id))
    if asked is None:
        raise Refused(Words("plan", number=plan_id)["too_old"])
    today = (await tx.clock.now()).date()
    why_not, proposal = await _as_it_was(tx, version, asked, today)
    if why_not:
        return Publishing(Words("plan", number=plan_id)["stale"], why_not)
    await publish(tx, plan_id, proposal.says)
    words = Words("plan", number=plan_id, who=tx.actor)["published_by"]
    await close(tx, plan_id, words, but=by_job)
    outcome = outcome_of(proposal, plan_id, is_new=True)
    told = Words("plan", outcome=outcome)["told"]
    return Publishing(Words("plan", number=plan_id, told=told)["published"])


async def _as_it_was(
    tx: Transaction, version: PlanVersion, asked: Asked, today: date
) -> tuple[list[str], Proposal]:
    """Why a draft is stale, in words, if it is; and what it says to those who are there now."""
    since = await tx.plans.published_since(version.based_on or 0)
    parameters = await tx.parameters.current()
    question = await Planning(tx.connection).question(today, parameters)
    if since:
        newest = since[-1]
        words = Words("plan", plan=newest, when=await when(tx, newest))
        return [words["stale_plan"]], Proposal.of(asked.question, asked.plan)
    changes = await asyncio.to_thread(changes_between, asked.question, question)
    why_not = [*_other_parameters(version, parameters), *await in_words(tx, changes)]
    if why_not:
        return why_not, Proposal.of(asked.question, asked.plan)
    says = await asyncio.to_thread(publication_of, question, asked.plan)
    return [], Proposal(question, asked.plan, says)


def _other_parameters(version: PlanVersion, parameters: Parameters) -> list[str]:
    """That other parameters hold now, if they do; what only forecasts use does not matter."""
    titles = [each.number.title for each in other_numbers(version, parameters)]
    return [Words("plan", titles=titles)["stale_parameters"]] if titles else []


async def in_words(reading: Reading, changes: Changes) -> list[str]:
    """What has changed, a line for each kind of thing."""
    told: list[str] = [Words("plan")["stale_week"]] if changes.a_week_began else []
    customers = await reading.called.customers(
        [*changes.customers[:MOST_NAMED], *changes.closed[:MOST_NAMED]]
    )
    csas = await reading.called.csas(changes.csas[:MOST_NAMED])
    for block, ids, names in (
        ("stale_customers", changes.customers, customers),
        ("stale_csas", changes.csas, csas),
        ("stale_closed", changes.closed, customers),
    ):
        if ids:
            told.append(_named(block, ids, names))
    return told


def _named(block: str, ids: Sequence[str], names: dict[str, str]) -> str:
    named = [short(names[each]) for each in ids[:MOST_NAMED]]
    return Words("plan", number=len(ids), named=named, more=len(ids[MOST_NAMED:]))[block]


async def decided_already(reading: Reading, plan_id: int) -> str:
    """Who decided about a draft, and when; or that there is none of this number."""
    version = await reading.plans.get(plan_id)
    if version is None:
        newest = await reading.plans.in_force()
        return Words("plan", number=plan_id, newest=newest.id if newest else None)["unknown"]
    return Words("plan", plan=version, when=await when(reading, version))["decided_already"]


async def when(reading: Reading, version: PlanVersion) -> str:
    """When it was decided about, in business time: today's as an hour."""
    at, now = version.decided_at, await reading.clock.now()
    if at is None:
        return ""
    return Words("plan", at=at, is_today=at.date() == now.date())["when"]
