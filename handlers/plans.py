"""/migration plan: the plan in force, the draft that is open, any plan as it was; draft, publish, discard."""

import asyncio
import re

from slack_sdk.models.blocks import Block, ButtonElement

from handlers import load_picture
from handlers.blocks import Words, actions, built, button, section
from handlers.button_values import number_in
from handlers.doors import action, topic
from handlers.drafting import ask_for_draft, close
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.lists import turned
from handlers.permission import not_allowed
from handlers.plan_shown import (
    Shown,
    compared,
    names_of,
    of_past,
    page_of_moves,
    proposal_of,
    provenance,
    shown,
    without_archive,
)
from handlers.publish_button import hearers_of
from handlers.publishing import ask_to_publish, decided_already
from handlers.reply import Reply, note, nothing
from rules.roles import Role
from store.audit import Change
from store.plan_archive import Asked
from store.plan_versions import PlanVersion
from store.plans import PlanState
from store.session import Reading, Store, Transaction

PATIENCE = 1.2
"""Seconds that a lead waits for a plan: of a million locations it takes some the first time."""
_PLAN = re.compile(r"plan(?:\s+#?(?P<number>[0-9]{1,9}))?", re.IGNORECASE)


def is_about_plans(text: str) -> bool:
    """Whether it asks for "plan" or "plan 7", and for no customer."""
    return _PLAN.fullmatch(text.strip()) is not None


@topic("plan", role=Role.lead, says="the plan in force and its draft; plan 7 shows that one")
async def answer_plan(ask: Interaction, store: Store) -> Reply:
    """The plan in force and the open draft; with a number, that plan as it was."""
    return await plans(ask, store, f"plan {ask.text.strip()}".strip())


async def plans(ask: Interaction, store: Store, text: str) -> Reply:
    """What "plan" or "plan 7" asks for.

    Raises:
        NotAllowed: who asks is no lead.
        Refused: there is no such plan.
    """
    asked = _PLAN.fullmatch(text.strip())
    async with store.reading(consistent=True) as reading:
        if not ask.person.may(Role.lead):
            raise await not_allowed(reading, ask.person, Role.lead)
        if asked is None:
            raise Refused(Words("plan", typed=text.partition(" ")[2])["no_number"])
        if asked["number"] is None:
            return await overview(reading)
        return await one(reading, store, ask, int(asked["number"]))


@action("plan_show", role=Role.lead)
async def show_one(ask: Interaction, store: Store) -> Reply:
    """One version was chosen."""
    async with store.reading(consistent=True) as reading:
        return await one(reading, store, ask, number_in(ask.value))


@action("plan_draft", role=Role.lead)
async def draft_anew(ask: Interaction, store: Store) -> Reply:
    """Have a draft made."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        words = await ask_for_draft(tx, asked_by=ask.person.id)
        return tx.answers(note(built(section(words)), words, replaces=False))


@action("plan_publish", role=Role.lead)
async def publish_one(ask: Interaction, store: Store) -> Reply:
    """Have a draft published."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        words = await ask_to_publish(tx, number_in(ask.value), asked_by=ask.person.id)
        return tx.answers(_aside(words))


@action("plan_discard", role=Role.lead)
async def discard_one(ask: Interaction, store: Store) -> Reply:
    """Put a draft aside."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        return tx.answers(_aside(await discard(tx, number_in(ask.value))))


def _aside(words: str | None) -> Reply:
    """Words for who pressed alone, unless the message that they pressed in says it already."""
    return note(built(section(words)), words, replaces=False) if words else nothing()


async def discard(tx: Transaction, plan_id: int) -> str | None:
    """Put a draft aside: it is kept, and can be looked at, but not published any more.

    Returns what to say to who does it, where no message of theirs says so.

    Raises:
        Refused: somebody decided about it before.
    """
    at = await tx.clock.now()
    if not await tx.plans.decide(plan_id, PlanState.discarded, by=tx.actor, at=at):
        raise Refused(await decided_already(tx, plan_id))
    tx.audit(Change("draft discarded", f"plan {plan_id}"))
    words = Words("plan", number=plan_id, who=tx.actor)["discarded"]
    sees_it = await close(tx, plan_id, words)
    return None if sees_it == tx.actor else words


@action("plan_moves", role=Role.lead)
async def show_moves(ask: Interaction, store: Store) -> Reply:
    """A page of all that a plan moves."""
    number, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        plan = await known(reading, await version_of(reading, int(number)), patience=PATIENCE)
        if plan is None:
            raise Refused(Words("plan")["before_archive"])
        fallback, blocks = await page_of_moves(reading, plan, page)
        return note(blocks, fallback, replaces=ask.name != "plan_moves" or page > 0)


async def overview(reading: Reading) -> Reply:
    """The plan in force, and the draft that is open."""
    in_force, draft = await reading.plans.in_force(), await reading.plans.draft()
    if in_force:
        line = Words("plan", plan=in_force)["in_force"]
        blocks: list[Block] = [section(line), provenance(in_force)]
    else:
        line = Words("plan")["none"]
        blocks = [section(line)]
    row: list[ButtonElement] = []
    if draft:
        blocks.append(section(Words("plan", draft=draft)["open_draft"]))
        row.append(button("Show the draft", "plan_show:draft", str(draft.id), style="primary"))
    row.append(button("Draft a new plan", "plan_draft", style=None if draft else "primary"))
    if in_force:
        row.append(button(f"Show plan {in_force.id}", "plan_show:plan", str(in_force.id)))
    return note(built(*blocks, actions(*row)), line)


async def one(reading: Reading, store: Store, ask: Interaction, number: int) -> Reply:
    """A plan as it was; a draft that is open, with the buttons that decide."""
    version = await version_of(reading, number)
    plan = await known(reading, version, patience=PATIENCE)
    if plan is None:
        fallback, blocks = without_archive(version)
        return note(blocks, fallback, replaces=False)
    drawn = await drawn_load(reading, store, ask, plan)
    is_open = version.state is PlanState.draft
    fallback, blocks = (compared if is_open else of_past)(plan, drawn)
    return note(blocks, fallback, replaces=False)


async def version_of(reading: Reading, number: int) -> PlanVersion:
    """The version with a number.

    Raises:
        Refused: there is none.
    """
    version = await reading.plans.get(number)
    if version is None:
        newest = await reading.plans.in_force()
        words = Words("plan", number=number, newest=newest.id if newest else None)
        raise Refused(words["unknown"])
    return version


async def known(
    reading: Reading, version: PlanVersion, *, patience: float | None = None
) -> Shown | None:
    """A version with all that is kept of it; None for one made before plans were kept whole.

    Raises:
        Refused: it is not read within so many seconds, the first time that somebody looks at it.
    """
    try:
        async with asyncio.timeout(patience):
            proposal = await reading.plan_archive.seen(version.id, proposal_of)
    except TimeoutError as late:
        raise Refused(Words("plan", number=version.id)["being_read"]) from late
    if proposal is None:
        return None
    asked = Asked(proposal.question, proposal.answer)
    base = await reading.plans.get(version.based_on) if version.based_on else None
    names = await reading.called.csas(asked.question.owners)
    load = await asyncio.to_thread(load_picture.load_of, asked, names)
    people = await hearers_of(reading, proposal) if version.state is PlanState.draft else None
    return shown(version, base, proposal, await names_of(reading, proposal), load, people)


async def drawn_load(reading: Reading, store: Store, ask: Interaction, plan: Shown) -> str | None:
    """The picture of a plan's load; where it is not there it is drawn now, for the next look."""
    if plan.load is None:
        return None
    kept = await reading.pictures.file(plan.load.digest)
    if kept and await ask.slack.has_file(kept):
        return kept
    async with store.transaction(actor=ask.person.id) as tx:
        await load_picture.have_drawn(tx, plan.load, lost=kept)
    return None
