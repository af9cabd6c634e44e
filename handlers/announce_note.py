"""A lead's note for the next announcement of a schedule, which says it once."""

from slack_sdk.models.blocks import PlainTextInputElement

from handlers.announce_schedule import back_button, shown
from handlers.announce_standing import standing_of
from handlers.announcement_said import LONGEST_NOTE
from handlers.announcement_schedules import write_note
from handlers.blocks import Words, actions, modal, section
from handlers.blocks import question as ask_for
from handlers.button_values import number_in
from handlers.doors import action, submission
from handlers.interaction import Interaction
from handlers.reply import Reply, show
from rules.roles import Role
from store.session import Store


@action("announce_note", role=Role.lead)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """The note as it is, to be written or taken back."""
    async with store.reading(consistent=True) as reading:
        standing = await standing_of(reading, number_in(ask.value), ask)
    typed = PlainTextInputElement(
        action_id="announce_note",
        multiline=True,
        max_length=LONGEST_NOTE,
        initial_value=standing.schedule.note,
    )
    hint = Words("announce").plain("note_hint")
    fields = [
        section(standing.words()["title"]),
        ask_for("Your words", typed, block_id="words", hint=hint, optional=True),
        actions(back_button(standing.schedule.id)),
    ]
    view = modal("announce_note", "A note", fields, submit="Keep", close="Cancel", kept=ask.value)
    return show(view)


@submission("announce_note", role=Role.lead)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Keep the note, or take it back where it was emptied."""
    id_ = int(ask.filled.private_metadata)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        schedule = await write_note(tx, id_, ask.filled.typed("words"))
        done = "note_kept" if schedule.note else "note_gone"
        return tx.answers(show(await shown(tx, ask, id_, done)))
