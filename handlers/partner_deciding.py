"""Deciding about a draft of what to tell: a second person approves or declines, a writer takes it back."""

from slack_sdk.models.blocks import PlainTextInputElement

from handlers.blocks import context, modal
from handlers.blocks import question as ask_for
from handlers.doors import action, submission
from handlers.errors import FormErrors
from handlers.interaction import Interaction
from handlers.partner_news import close_waiting, decision, tell_copiers
from handlers.partner_refusals import refusal
from handlers.partner_shown import TITLE, WINDOW, shown, window
from handlers.partner_told import Pressed, partner_words
from handlers.partner_writing import keep
from handlers.reply import Reply, closing, nothing, show
from handlers.windows import over
from rules.life import StepRefused
from rules.naming import is_said
from rules.partner_message import MAY, Step, Taken, Who
from store.session import Store, Transaction

WORDS = "words"
LONGEST_WORDS = 1_000


@action("partner_approve", role=MAY[Step.approve])
async def approve(ask: Interaction, store: Store) -> Reply:
    """Let the version that was shown count from now on."""
    return await _pressed(ask, store, Step.approve)


@action("partner_drop", role=MAY[Step.drop])
async def take_back(ask: Interaction, store: Store) -> Reply:
    """Take a draft back that one wrote."""
    return await _pressed(ask, store, Step.drop)


@action("partner_decline", role=MAY[Step.decline])
async def open_decline(ask: Interaction, store: Store) -> Reply:
    """Ask why; not where the draft has gone meanwhile."""
    pressed = Pressed.read(ask.value)
    async with store.reading(consistent=True) as reading:
        place = pressed.place
        message = await reading.partner_messages.of(place.week, place.audience)
        try:
            message.after(pressed.number, _taken(ask, pressed, Step.decline, "…"))
        except (StepRefused, LookupError) as refused:
            raise await refusal(reading, place, refused) from refused
    words = partner_words(place)
    field = PlainTextInputElement(action_id=WORDS, multiline=True, max_length=LONGEST_WORDS)
    label, hint = words.plain("decline_label"), words.plain("decline_hint")
    fields = [
        context(words["decline_intro"]),
        ask_for(label, field, block_id=WORDS, hint=hint),
    ]
    view = modal(
        "partner_declined", TITLE, fields, submit="Decline", close="Cancel", kept=str(pressed)
    )
    return await over(ask, view, instead_of=WINDOW)


@submission("partner_declined", role=MAY[Step.decline])
async def submit_decline(ask: Interaction, store: Store) -> Reply:
    """Decline the version that was shown; who wrote it reads why."""
    pressed = Pressed.read(ask.filled.private_metadata)
    words = ask.filled.typed(WORDS).strip()
    if not is_said(words):
        raise FormErrors({WORDS: partner_words(pressed.place).plain("decline_missing")})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        taken = _taken(ask, pressed, Step.decline, words)
        try:
            await decide(tx, pressed, taken)
        except (StepRefused, LookupError) as refused:
            raise FormErrors(
                {WORDS: (await refusal(tx, pressed.place, refused)).plain}
            ) from refused
        if pressed.on_post:
            return tx.answers(closing())
        said = partner_words(pressed.place, number=pressed.number)["said_decline"]
        return tx.answers(show(await window(tx, ask, pressed.place, said=said)))


async def _pressed(ask: Interaction, store: Store, step: Step) -> Reply:
    """Take a step that needs no words, and show what is told then."""
    pressed = Pressed.read(ask.value)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            told = await decide(tx, pressed, _taken(ask, pressed, step))
        except (StepRefused, LookupError) as refused:
            raise await refusal(tx, pressed.place, refused) from refused
        if pressed.on_post:
            return tx.answers(nothing())
        words = partner_words(pressed.place, number=pressed.number, told=told)
        return tx.answers(await shown(tx, ask, pressed.place, said=words[f"said_{step}"]))


def _taken(ask: Interaction, pressed: Pressed, step: Step, words: str = "") -> Taken:
    return Taken(step, ask.person.id, Who.second, pressed.version, ask.now, words)


async def decide(tx: Transaction, pressed: Pressed, taken: Taken) -> int:
    """Approve, decline or take back a draft; gives how many are told that what they copied changed.

    Its writers hear what became of it, but who is told of the change by what they copied hears once.

    Raises:
        StepRefused: it is no draft any more, somebody changed it, or it takes a second person.
        LookupError: there is no such version.
    """
    place, noun = pressed.place, tx.partner_messages
    message = await noun.of(place.week, place.audience, for_change=True)
    after = message.after(pressed.number, taken)
    await keep(tx, place, message, after)
    await close_waiting(tx, place, pressed.number, taken.step)
    told = await tell_copiers(tx, place, after) if taken.step is Step.approve else []
    if taken.step is not Step.drop:
        writers = after.versions[pressed.number - 1].writers - {taken.by, *told}
        for person in sorted(await tx.people.present(writers)):
            tx.say(decision(person, place, taken.step, by=taken.by, words=taken.words))
    return len(told)
