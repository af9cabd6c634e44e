"""Removing a weekly announcement: asked once more, and done."""

from handlers.announce_schedule import TITLE, back_button
from handlers.announce_standing import standing_of
from handlers.announcement_schedules import remove
from handlers.blocks import Words, actions, modal, section
from handlers.button_values import number_in
from handlers.doors import action, submission
from handlers.interaction import Interaction
from handlers.reply import Reply, show
from rules.roles import Role
from store.session import Store


@action("announce_remove", role=Role.lead)
async def ask_once_more(ask: Interaction, store: Store) -> Reply:
    """What would be announced no more."""
    async with store.reading(consistent=True) as reading:
        standing = await standing_of(reading, number_in(ask.value), ask)
    fields = [section(standing.words()["ask_remove"]), actions(back_button(standing.schedule.id))]
    view = modal(
        "announce_removed", "Remove it?", fields, submit="Remove", close="Keep it", kept=ask.value
    )
    return show(view)


@submission("announce_removed", role=Role.lead)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Announce it no more."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        schedule = await remove(tx, int(ask.filled.private_metadata))
        said = Words("announce", channel=schedule.current.channel)["removed"]
        return tx.answers(show(modal("announce_gone", TITLE, [section(said)])))
