"""Copying what to tell: the words alone, and a note of who copied which version."""

from dataclasses import replace

from slack_sdk.models.blocks import PlainTextInputElement

from handlers.blocks import actions, context, modal, section
from handlers.blocks import question as ask_for
from handlers.doors import action, submission
from handlers.interaction import Interaction
from handlers.partner_shown import TITLE, WINDOW, back_button, shown
from handlers.partner_told import Pressed, partner_words, stopped_since
from handlers.reply import Reply, nothing
from handlers.windows import over
from rules.partner_message import LONGEST, Version
from rules.roles import Role
from rules.wave_life import Step as WaveStep
from store.session import Store, Transaction

TEXT = "text"


@action("partner_copy", role=Role.viewer)
async def copy(ask: Interaction, store: Store) -> Reply:
    """Show the words alone, and keep that this person has them; of older ones, what counts now."""
    pressed = Pressed.read(ask.value)
    place = pressed.place
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        version = await copy_words(tx, pressed, via="modal" if ask.in_modal else "message")
        if version is None:
            said = partner_words(place)["newer"]
            newer = await shown(tx, ask, place, said=said)
            return tx.answers(replace(newer, replaces=not pressed.on_post))
        stopped = await stopped_since(tx, place.week, version)
        tx.answers(nothing())
    return await over(ask, words_alone(pressed, version, stopped), instead_of=WINDOW)


async def copy_words(tx: Transaction, pressed: Pressed, *, via: str) -> Version | None:
    """Keep that who this transaction is by copied a version; None where another one counts by now."""
    place, noun = pressed.place, tx.partner_messages
    message = await noun.of(place.week, place.audience, for_change=True)
    if message.current is None or message.current.number != pressed.number:
        return None
    at = await tx.clock.now()
    await noun.copied(place.week, place.audience, pressed.number, by=tx.actor, at=at, via=via)
    return message.current


@submission(WINDOW, role=Role.viewer)
async def done(_ask: Interaction, _store: Store) -> Reply:
    """The window closes: a field in it needs a button that says so."""
    return nothing()


def words_alone(
    pressed: Pressed, version: Version, stopped: WaveStep | None = None
) -> dict[str, object]:
    """The words in a field, which can be selected and copied on a phone too.

    Above them stands a warning where the wave was `stopped` by that step since they were approved.
    """
    words = partner_words(pressed.place, number=version.number, stopped=stopped)
    field = PlainTextInputElement(
        action_id=TEXT, multiline=True, max_length=LONGEST, initial_value=version.text
    )
    label, hint = words.plain("copy_label"), words.plain("copy_hint")
    blocks = [
        *([section(words["stopped"])] if stopped else []),
        ask_for(label, field, block_id=TEXT, hint=hint),
        context(words["copy_note"]),
        actions(back_button(pressed.place)),
    ]
    return modal(WINDOW, TITLE, blocks, submit="Done")
