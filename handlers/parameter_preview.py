"""What other parameters would do: worked out by a job, shown, then saved or discarded."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from handlers.blocks import (
    Blocks,
    Words,
    actions,
    built,
    button,
    context,
    escape,
    lines,
    section,
    who,
)
from handlers.button_values import id_in
from handlers.doors import action
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.jobs import BEGUN, Work, begin, job, shown, working
from handlers.parameter_effects import effects_of
from handlers.parameter_versions import (
    Proposal,
    SavedMeanwhile,
    Standing,
    save,
    saved_since,
    standing,
)
from handlers.parameter_words import changes_of, effects_words
from handlers.reply import Reply, nothing
from rules.adjusting import UnfitNumbers, differences, titled
from rules.roles import Role
from store.jobs import JobRow
from store.outbox import Message
from store.session import Reading, Store, Transaction

PREVIEW = "parameter preview"
TITLE = "Preview of other parameters"
OPEN_FOR = timedelta(days=1)
DECIDED = "This was decided already: look at the message as it is now."
TOO_LATE = "Nobody saved this within a day, so it was given up. Please change the numbers again."


async def begin_preview(tx: Transaction, proposal: Proposal) -> None:
    """Have it worked out what a proposal would do, for who this transaction is by."""
    await begin(tx, PREVIEW, proposal.to_json(), by=tx.actor, about=TITLE)


@job(PREVIEW, role=Role.lead)
async def preview(work: Work) -> None:
    """Work out what a proposal would do next to what counts now, and ask whether to save it."""
    proposal = Proposal.of(work.job.given)
    work.tell("Scoring all locations twice")
    async with work.store.reading(consistent=True) as reading:
        now = await standing(reading)
        try:
            wanted = proposal.applied_to(now.parameters)
        except UnfitNumbers as unfit:
            raise Refused(titled(str(unfit))) from unfit
        changes = changes_of(differences(now.parameters, wanted))
        effects = await effects_of(reading, now.parameters, wanted, compute=work.in_child)
        said = await effects_words(reading, effects)
        meanwhile = await _meanwhile(reading, proposal, now)
    open_ = Proposal(proposal.numbers, proposal.note, now.version)
    async with work.ending(open_.to_json() if changes else {}) as tx:
        shows = _asks(work.job.id, changes, said, meanwhile) if changes else _closed("already")
        tx.say(work.message(*shows))


async def _meanwhile(reading: Reading, proposal: Proposal, now: Standing) -> SavedMeanwhile | None:
    """What somebody saved after this proposal was shown once, where it was."""
    was_shown = "again" in proposal.answer if proposal.answer else False
    return await saved_since(reading, proposal.based_on, now) if was_shown else None


def _asks(
    job_id: UUID, changes: Sequence[str], said: Sequence[str], meanwhile: SavedMeanwhile | None
) -> tuple[str, Blocks]:
    words = Words(
        "parameters",
        by=who(meanwhile.by) if meanwhile else "",
        meanwhile=changes_of(meanwhile.changes) if meanwhile else [],
    )
    listed = [f"• {escape(line)}" for line in changes]
    row = actions(
        button("Save", "parameters_save", str(job_id), style="primary"),
        button("Discard", "parameters_discard", str(job_id)),
    )
    texts = [words["asks"], *lines(listed), *map(escape, said)]
    blocks = built(*map(section, texts), row, context(words["dates_stay"]))
    return words["fallback"], blocks


def _closed(how: str, **values: object) -> tuple[str, Blocks]:
    words = Words("parameters", **values)[how]
    return words, built(section(words))


@action("parameters_save", role=Role.lead)
async def agree(ask: Interaction, store: Store) -> Reply:
    """Save what was shown; where somebody saved meanwhile, show what it would do now."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        shown_by, proposal = await _open(tx, ask)
        try:
            version, changes = await save(tx, proposal)
        except SavedMeanwhile:
            await _look_again(tx, shown_by, proposal)
            return tx.answers(nothing())
        await tx.jobs.note(shown_by.id, {**(shown_by.result or {}), "answer": "saved"})
        words = Words("parameters", version=version, changes=changes_of(changes))["saved"]
        draft = actions(button("Draft a new plan", "plan_draft"))
        tx.say(shown(shown_by, words, built(section(words), draft)))
        return tx.answers(nothing())


@action("parameters_discard", role=Role.lead)
async def decline(ask: Interaction, store: Store) -> Reply:
    """Save nothing."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        shown_by, _ = await _open(tx, ask)
        await tx.jobs.note(shown_by.id, {**(shown_by.result or {}), "answer": "discarded"})
        tx.say(shown(shown_by, *_closed("discarded", person=ask.person.id)))
        return tx.answers(nothing())


async def _open(tx: Transaction, ask: Interaction) -> tuple[JobRow, Proposal]:
    """The proposal that a job has shown, held until the commit.

    Raises:
        Refused: it was decided before, or is too old.
    """
    found = await tx.jobs.get(id_in(ask.value), for_change=True)
    if found is None or not found.result or found.result["answer"]:
        raise Refused(DECIDED)
    if await tx.jobs.ended_before(found, OPEN_FOR):
        raise Refused(TOO_LATE)
    return found, Proposal.of(found.result)


async def _look_again(tx: Transaction, shown_by: JobRow, proposal: Proposal) -> None:
    """Work out in the same message what a proposal would do next to what was saved meanwhile."""
    await tx.jobs.note(shown_by.id, {**(shown_by.result or {}), "answer": "again"})
    given = Proposal(proposal.numbers, proposal.note, proposal.based_on, "again").to_json()
    job_id = await tx.jobs.start(
        PREVIEW,
        given,
        by=shown_by.asked_by,
        key=f"{PREVIEW} {shown_by.id}",
        about=TITLE,
        message=shown_by.message,
    )
    begun = await tx.jobs.get(job_id)
    if begun:
        tx.say(working(begun, BEGUN))


async def forget_undecided(store: Store) -> None:
    """Close previews that nobody decided for a day."""
    async with store.transaction(actor="clock") as tx:
        for each in await tx.jobs.unanswered([PREVIEW], OPEN_FOR):
            await tx.jobs.note(each.id, {**(each.result or {}), "answer": "expired"})
            tx.say(_expired(each))


def _expired(each: JobRow) -> Message:
    return shown(each, *_closed("expired"))
