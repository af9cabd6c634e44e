"""Writing what to tell about a wave: a first version, a new one, or a change of the draft."""

from dataclasses import replace

from slack_sdk.models.blocks import PlainTextInputElement

from handlers.blocks import modal
from handlers.blocks import question as ask_for
from handlers.doors import action, submission
from handlers.errors import FormErrors
from handlers.interaction import Interaction
from handlers.partner_draft import first_draft
from handlers.partner_news import show_waiting
from handlers.partner_refusals import refusal
from handlers.partner_shown import TITLE, WINDOW, window
from handlers.partner_told import Place, Pressed, Told
from handlers.reply import Reply, show
from handlers.windows import over
from rules.life import StepRefused
from rules.partner_message import (
    LONGEST,
    WRITES,
    AlreadyDrafted,
    Message,
    NotToBeWritten,
    Step,
    Taken,
    Version,
    Who,
)
from store.audit import Change
from store.session import Store, Transaction

TEXT = "text"


@action("partner_write", role=WRITES)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """The form for a next version, with the words that count now or a first draft."""
    place = Place.read(ask.value)
    async with store.reading(consistent=True) as reading:
        told = await Told.of(reading, place)
        if told.draft:
            raise await refusal(reading, place, AlreadyDrafted(told.draft))
        current = told.current
        text = current.text if current else await first_draft(reading, place)
    return await over(ask, form(told, Pressed(place, 0), text), instead_of=WINDOW)


@action("partner_rewrite", role=WRITES)
async def open_draft(ask: Interaction, store: Store) -> Reply:
    """The form with the draft as it is now."""
    pressed = Pressed.read(ask.value)
    async with store.reading(consistent=True) as reading:
        told = await Told.of(reading, pressed.place)
        if told.draft is None or told.draft.number != pressed.number:
            raise await refusal(reading, pressed.place, LookupError())
    version = told.draft.standing.version
    return await over(
        ask, form(told, replace(pressed, version=version), told.draft.text), instead_of=WINDOW
    )


def form(told: Told, pressed: Pressed, text: str) -> dict[str, object]:
    """The words in a field of their own."""
    words = told.words(longest=LONGEST)
    field = PlainTextInputElement(
        action_id=TEXT, multiline=True, max_length=LONGEST, initial_value=text
    )
    label, hint = words.plain("text_label"), words.plain("text_hint")
    fields = [ask_for(label, field, block_id=TEXT, hint=hint)]
    kept = str(pressed)
    return modal("partner_written", TITLE, fields, submit="Save", close="Cancel", kept=kept)


@submission("partner_written", role=WRITES)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Keep the words; those who can approve them hear of it."""
    filled = ask.filled
    pressed = Pressed.read(filled.private_metadata)
    place, text = pressed.place, filled.typed(TEXT).strip()
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            if pressed.number:
                draft = await rewrite(tx, pressed, text)
            else:
                draft = await begin(tx, place, text)
        except (NotToBeWritten, AlreadyDrafted, StepRefused, LookupError) as refused:
            raise FormErrors({TEXT: (await refusal(tx, place, refused)).plain}) from refused
        told = await Told.of(tx, place)
        said = told.words(number=draft.number)["said_written"]
        return tx.answers(show(await window(tx, ask, place, said=said)))


async def begin(tx: Transaction, place: Place, text: str) -> Version:
    """Keep a next version as a draft, as who this transaction is by; approvers hear of it.

    Raises:
        AlreadyDrafted: somebody has begun it.
        NotToBeWritten: the text has no words, is too long, or says what is current.
    """
    noun = tx.partner_messages
    message = await noun.of(place.week, place.audience, for_change=True)
    after = message.begun(text, tx.actor)
    draft = after.versions[-1]
    await noun.begin(place.week, place.audience, draft, await tx.clock.now())
    told = {"number": draft.number, "text": text}
    tx.audit(Change("message to partners written", place.subject, after=told))
    await show_waiting(tx, place, after)
    return draft


async def rewrite(tx: Transaction, pressed: Pressed, text: str) -> Version:
    """Keep other words of a draft, as who this transaction is by; approvers see them.

    Raises:
        StepRefused: it is no draft any more, or somebody changed it meanwhile.
        NotToBeWritten: the text has no words, is too long, or says what is current.
        LookupError: there is no such version.
    """
    place, noun = pressed.place, tx.partner_messages
    message = await noun.of(place.week, place.audience, for_change=True)
    at = await tx.clock.now()
    taken = Taken(Step.rewrite, tx.actor, Who.writer, pressed.version, at, text)
    after = message.after(pressed.number, taken)
    await keep(tx, place, message, after)
    await show_waiting(tx, place, after)
    return after.versions[pressed.number - 1]


async def keep(tx: Transaction, place: Place, before: Message, after: Message) -> list[Version]:
    """Keep what became of versions, and audit it; gives those that changed."""
    changed = [each for each in after.versions if each not in before.versions]
    await tx.partner_messages.keep(place.week, place.audience, changed)
    for version in changed:
        was = before.versions[version.number - 1]
        told = {"number": version.number, "state": version.standing.state, "text": version.text}
        last = version.standing.last
        change = Change(
            f"message to partners: {last.step if last else 'written'}",
            place.subject,
            before={"number": was.number, "state": was.standing.state, "text": was.text},
            after=told,
            reason=(last.words or None) if last and last.step is Step.decline else None,
        )
        tx.audit(change)
    return changed
