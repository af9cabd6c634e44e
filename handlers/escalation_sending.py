"""What happens in the form of /escalate: it is typed into, emptied, sent."""

import json
from collections.abc import Sequence

from handlers.doors import action, submission
from handlers.errors import Expected, FormErrors
from handlers.escalating import NotPossible, Wish, escalate
from handlers.escalation_form import form
from handlers.escalation_known import Known, known_of
from handlers.escalation_possible import Hindered, sentences
from handlers.escalation_shown import shown
from handlers.escalation_typed import NAME, Kept, Typed
from handlers.interaction import Interaction
from handlers.reply import Reply, nothing, show
from rules.escalation import Category
from rules.roles import Role
from store.interactions import InteractionKey
from store.session import Store

ONCE = "escalation form"


@action("escalation_what", role=Role.viewer)
async def look_at_choice(ask: Interaction, store: Store) -> Reply:
    """Something was chosen: what is known of it comes to stand above the fields."""
    typed, kept = Typed.of(ask.filled), Kept.of(ask.filled)
    async with store.transaction(actor=ask.person.id) as tx:
        await tx.form_drafts.keep(ask.person.id, NAME, typed.to_json())
        known = await known_of(tx, typed.what, typed.wished_on, ask.today)
    return show(form(typed, kept, known, person=ask.person.id))


@action("escalation_wished", role=Role.viewer)
async def look_at_day(ask: Interaction, store: Store) -> Reply:
    """A day was chosen: what is in its way comes to stand above the fields."""
    return await look_at_choice.answer(ask, store)


@action("escalation_explanation", role=Role.viewer)
async def keep_draft(ask: Interaction, store: Store) -> Reply:
    """Something was typed: it is kept, in case the form is gone before it is sent."""
    async with store.transaction(actor=ask.person.id) as tx:
        await tx.form_drafts.keep(ask.person.id, NAME, Typed.of(ask.filled).to_json())
    return nothing()


@action("escalation_anew", role=Role.viewer)
async def start_over(ask: Interaction, store: Store) -> Reply:
    """Forget what was typed: the form is empty."""
    async with store.transaction(actor=ask.person.id) as tx:
        await tx.form_drafts.drop(ask.person.id, NAME)
        known = await known_of(tx, (), None, ask.today)
    kept = Kept.of(ask.filled).emptied()
    return show(form(Typed(), kept, known, person=ask.person.id))


@submission(NAME, role=Role.viewer)
async def send(ask: Interaction, store: Store) -> Reply:
    """The form was sent: keep what is asked for, or say what is wrong; what was typed stays."""
    typed, kept = Typed.of(ask.filled), Kept.of(ask.filled)
    try:
        return await sent(ask, store, typed, kept)
    except Expected:
        async with store.transaction(actor=ask.person.id) as tx:
            await tx.form_drafts.keep(ask.person.id, NAME, typed.to_json())
        raise


async def sent(ask: Interaction, store: Store, typed: Typed, kept: Kept) -> Reply:
    """Escalate, once for each form; or show first who asked for the same.

    Raises:
        FormErrors: something is wrong; nothing was kept.
        AlreadyDone: the form was sent before.
    """
    once = InteractionKey.of(ONCE, kept.id, json.dumps(typed.to_json()).encode())
    async with store.reading(consistent=True) as reading:
        await reading.interactions.recall(once)
        known = await known_of(reading, typed.what, typed.wished_on, ask.today)
    mistakes = _hindered(known) | typed.mistakes()
    if mistakes:
        raise FormErrors({kept.block(field): words for field, words in mistakes.items()})
    if typed.wished_on is None or {line.row.number for line in known.repeated} - set(kept.seen):
        return show(form(typed, kept, known, person=ask.person.id))
    wish = Wish(
        known.locations,
        Category(typed.category),
        typed.explanation,
        typed.wished_on,
        urgent_because=typed.urgent_because,
        link=typed.link,
    )
    async with store.transaction(once, actor=ask.person.id) as tx:
        try:
            number = await escalate(tx, wish, by=ask.person.id, today=ask.today)
        except NotPossible as refused:
            raise FormErrors(_by_field(kept, refused.found)) from refused
        await tx.form_drafts.drop(ask.person.id, NAME)
        view = await shown(tx, number, person=ask.person.id, first="sent")
        return tx.answers(show(view))


def _hindered(known: Known) -> dict[str, str]:
    """What is in the way, by field."""
    if known.wrong:
        return {"what": known.wrong}
    in_time = {"wished": known.in_time} if known.in_time else {}
    return in_time | _fields_of(known.hindrances)


def _by_field(kept: Kept, found: Sequence[Hindered]) -> dict[str, str]:
    return {kept.block(field): words for field, words in _fields_of(found).items()}


def _fields_of(found: Sequence[Hindered]) -> dict[str, str]:
    of_the_day = [each for each in found if each.is_of_the_day]
    of_the_choice = [each for each in found if not each.is_of_the_day]
    said = {"what": sentences(of_the_choice), "wished": sentences(of_the_day)}
    return {field: words for field, words in said.items() if words}
