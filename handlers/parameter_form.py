"""The modal that changes one chapter of the parameters; what it would do is worked out as a job."""

import json
from collections.abc import Sequence

from slack_sdk.models.blocks import Block, PlainTextInputElement

from handlers.blocks import Words, built, context, modal, section
from handlers.blocks import question as ask_for
from handlers.doors import action, submission
from handlers.errors import FormErrors
from handlers.interaction import Interaction
from handlers.parameter_preview import begin_preview
from handlers.parameter_versions import SAME, Proposal, Standing, all_defaults, standing
from handlers.reply import Reply, note, nothing
from rules.adjusting import (
    CHAPTERS,
    Chapter,
    Number,
    UnfitNumbers,
    adjusted,
    differences,
    titled,
    written,
)
from rules.parameters import Parameters
from rules.roles import Role
from store.session import Store, Transaction

LONGEST_NOTE = 300
LONGEST_NUMBER = 30
MOST_IN_TITLE = 24
WHY = "why"
OF_CHAPTER = {chapter.key: chapter for chapter in CHAPTERS}


@action("parameters_change", role=Role.lead)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """The numbers of one chapter, to be changed."""
    async with store.reading() as reading:
        now = await standing(reading)
    await ask.open(form(OF_CHAPTER[ask.value], now))
    return nothing()


def form(chapter: Chapter, now: Standing) -> dict[str, object]:
    """A field for each number, with what it may be; it remembers what it has shown."""
    fields: list[Block] = [_field(number, now.parameters) for number in chapter.numbers]
    if chapter.numbers[0].is_weight:
        total = sum(number.of(now.parameters) for number in chapter.numbers)
        fields.insert(0, section(Words("parameters", total=written(total))["weights"]))
    why = PlainTextInputElement(action_id=WHY, max_length=LONGEST_NOTE)
    fields.append(ask_for("Why", why, block_id=WHY, hint="Kept with the change.", optional=True))
    fields.append(context(Words("parameters")["form_note"]))
    title = chapter.title if len(chapter.title) <= MOST_IN_TITLE else "Parameters"
    kept = json.dumps({"chapter": chapter.key, "version": now.version})
    return modal("parameters", title, fields, submit="See the effect", close="Cancel", kept=kept)


@submission("parameters", role=Role.lead)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Have it worked out what the numbers would do; what cannot be used is said under its field."""
    kept = json.loads(ask.filled.private_metadata)
    chapter = OF_CHAPTER[kept["chapter"]]
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        shown = await _shown(tx, kept["version"])
        typed = {each.key: ask.filled.typed(each.key) for each in chapter.numbers}
        wanted = _changed(chapter.numbers, typed, shown)
        proposal = Proposal(wanted, ask.filled.typed(WHY).strip())
        return tx.answers(await propose(tx, proposal))


@action("parameters_reset", role=Role.lead)
async def reset(ask: Interaction, store: Store) -> Reply:
    """Have it worked out what going back to the defaults would do."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        return tx.answers(await propose(tx, all_defaults()))


async def propose(tx: Transaction, proposal: Proposal) -> Reply:
    """Begin to work out what a proposal would do, for who this transaction is by."""
    await begin_preview(tx, proposal)
    words = Words("parameters")["begun"]
    return note(built(section(words)), words, replaces=False)


async def _shown(tx: Transaction, version: int) -> Parameters:
    """What the form has shown: others may have saved since."""
    seen = await tx.parameters.get(version)
    return seen.parameters if seen else Parameters()


def _changed(numbers: Sequence[Number], typed: dict[str, str], shown: Parameters) -> dict[str, str]:
    """What was typed otherwise than it was shown, as it is written.

    Raises:
        FormErrors: it cannot be used, or all is as it was.
    """
    touched = {
        each.key: typed[each.key]
        for each in numbers
        if typed[each.key].strip() != written(each.of(shown))
    }
    try:
        changes = differences(shown, adjusted(shown, touched))
    except UnfitNumbers as unfit:
        problems = {key: titled(words) for key, words in unfit.problems.items()}
        raise FormErrors(problems) from unfit
    if not changes:
        raise FormErrors({numbers[0].key: SAME})
    return {change.number.key: written(change.after) for change in changes}


def _field(number: Number, now: Parameters) -> Block:
    element = PlainTextInputElement(
        action_id=number.key, initial_value=written(number.of(now)), max_length=LONGEST_NUMBER
    )
    hint = Words("parameters", number=number, default=written(number.default)).plain("form_hint")
    return ask_for(number.title, element, block_id=number.key, hint=hint)
