"""The modals that keep the catalogue tidy: a cause gets other words, or becomes part of another."""

from slack_sdk.models.blocks import ExternalDataSelectElement, PlainTextInputElement

from handlers.blocks import Words, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.cause_card import named
from handlers.choices import GONE
from handlers.dates import short
from handlers.doors import action, options, submission
from handlers.errors import FormErrors, Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, nothing, offer, show
from rules.naming import fold, is_said
from rules.roles import Role
from store.audit import Change
from store.catalogue import CauseCard
from store.session import Store, Transaction

MOST_OFFERED = 20
LONGEST = 150
WORDS, INTO = "words", "cause_into"
NO_WORDS = "Say in a few words why locations fail."
ITSELF = "This is the cause itself. Choose another one."
RENAME, MERGE = "Rename a cause", "Merge two causes"


# Other words


@action("cause_rename", role=Role.lead)
async def open_renaming(ask: Interaction, store: Store) -> Reply:
    """The words of a cause, to be changed."""
    async with store.reading() as reading:
        card = await named(reading, ask.value)
    words = PlainTextInputElement(action_id=WORDS, initial_value=card.words, max_length=LONGEST)
    hint = "Short and the same for everybody: what stopped the move, not where."
    fields = [ask_for("Why locations fail", words, block_id=WORDS, hint=hint)]
    await ask.open(
        modal("cause_rename", RENAME, fields, submit="Save", close="Cancel", kept=str(card.id))
    )
    return nothing()


@submission("cause_rename", role=Role.lead)
async def keep_words(ask: Interaction, store: Store) -> Reply:
    """Call it otherwise, everywhere."""
    words = " ".join(ask.filled.typed(WORDS).split())
    if not is_said(words):
        raise FormErrors({WORDS: NO_WORDS})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        card = await named(tx, ask.filled.private_metadata)
        await rename(tx, card, words)
        said = Words("causes", name=short(card.words), words=short(words))["renamed"]
        return tx.answers(show(modal("cause_renamed", RENAME, [section(said)])))


async def rename(tx: Transaction, card: CauseCard, words: str) -> None:
    """Call a cause otherwise.

    Raises:
        FormErrors: another cause is called so.
    """
    if not await tx.catalogue.rename(card.id, card.words, words):
        taken = Words("causes", words=short(words)).plain("named_already")
        raise FormErrors({WORDS: taken})
    before, after = {"words": card.words}, {"words": words}
    tx.audit(Change("cause renamed", f"cause {card.id}", before=before, after=after))


# One of two


@action("cause_merge", role=Role.lead)
async def open_merging(ask: Interaction, store: Store) -> Reply:
    """Of which other cause this is a part."""
    async with store.reading() as reading:
        card = await named(reading, ask.value)
    into = ExternalDataSelectElement(
        placeholder=plain("Type a few letters"), action_id=INTO, min_query_length=0
    )
    says = Words("causes", name=short(card.words))["merge_says"]
    fields = [section(says), ask_for("The other cause", into, block_id=INTO)]
    await ask.open(
        modal("cause_merge", MERGE, fields, submit="Merge", close="Cancel", kept=str(card.id))
    )
    return nothing()


@options(INTO, role=Role.lead)
async def offer_causes(ask: Interaction, store: Store) -> Reply:
    """The causes that have these letters in their words, the most frequent first."""
    async with store.reading() as reading:
        causes = await reading.catalogue.causes()
    typed = fold(ask.value) if ask.value.strip() else ""
    fitting = [each for each in causes if typed in fold(each.words)][:MOST_OFFERED]
    return offer([option(each.words, each.id).to_dict() for each in fitting])


@submission("cause_merge", role=Role.lead)
async def keep_merged(ask: Interaction, store: Store) -> Reply:
    """Let it be part of the other."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        card = await named(tx, ask.filled.private_metadata)
        other = await named(tx, ask.filled.chosen(INTO) or "0")
        failures = await merge(tx, card, other)
        said = Words("causes", name=short(card.words), words=short(other.words), failures=failures)[
            "merged"
        ]
        return tx.answers(show(modal("cause_merged", MERGE, [section(said)])))


async def merge(tx: Transaction, card: CauseCard, other: CauseCard) -> int:
    """Let a cause be part of another; gives how many failures count there now.

    Raises:
        FormErrors: both are the same.
        Refused: one of them became part of another meanwhile.
    """
    if card.id == other.id:
        raise FormErrors({INTO: ITSELF})
    failures = await tx.catalogue.merge(card.id, other.id)
    if failures is None:
        raise Refused(GONE)
    before, after = {"words": card.words}, {"into": other.id, "words": other.words}
    tx.audit(Change("causes merged", f"cause {card.id}", before=before, after=after))
    return failures
