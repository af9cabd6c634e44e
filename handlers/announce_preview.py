"""What a schedule would announce now, shown to the lead who asks and to nobody else."""

from handlers.announce_standing import standing_of
from handlers.announcing import preview
from handlers.blocks import built, context, modal
from handlers.button_values import number_in
from handlers.doors import action
from handlers.interaction import Interaction
from handlers.reply import Reply, push
from rules.roles import Role
from store.session import Store


@action("announce_preview", role=Role.lead)
async def show_preview(ask: Interaction, store: Store) -> Reply:
    """The announcement as it would be said now, with the note for the next one."""
    async with store.reading(consistent=True) as reading:
        standing = await standing_of(reading, number_in(ask.value), ask)
        message = await preview(reading, standing.says, note=standing.schedule.note)
    small = context(standing.words()["preview"])
    view = modal("announce_preview", "Only you see this", [small])
    return push(view | {"blocks": [*built(small), *message.blocks]})
