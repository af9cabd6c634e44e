"""What a schedule would announce now, shown to the lead who asks and to nobody else."""

from typing import Any

from handlers.announce_schedule import TITLE
from handlers.announce_standing import standing_of
from handlers.announcing import preview
from handlers.blocks import built, context
from handlers.blocks import modal as in_modal
from handlers.doors import action
from handlers.interaction import Interaction
from handlers.reply import Reply, push
from rules.roles import Role
from store.session import Store


@action("announce_preview", role=Role.lead)
async def show_preview(ask: Interaction, store: Store) -> Reply:
    """The announcement as it would be said now, with the note for the next one."""
    async with store.reading(consistent=True) as reading:
        standing = await standing_of(reading, int(ask.value), ask)
        message = await preview(reading, standing.says, note=standing.schedule.note)
    said = standing.words()["preview"]
    return push(laid_out("Only you see this", said, message.blocks))


def laid_out(title: str, small: str, blocks: Any) -> dict[str, object]:  # noqa: ANN401 - as Slack has it
    """The blocks of an announcement in a modal, below small print that says which it is."""
    view = in_modal("announce_read", title or TITLE, [context(small)])
    return view | {"blocks": [*built(context(small)), *blocks]}
