"""Where a view is shown that a command or a button asked for, and lists that are answers or windows."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.blocks import Mrkdwn, built, modal
from handlers.interaction import Interaction
from handlers.reply import Reply, note, nothing, push, show


async def over(ask: Interaction, view: dict[str, Any], *, instead_of: str = "") -> Reply:
    """A view over the modal that was pressed in, by itself where there was none.

    It takes the place of a modal of the name `instead_of`: nobody closes a pile of windows.
    """
    if not ask.in_modal:
        await ask.open(view)
        return nothing()
    return show(view) if instead_of and ask.filled.callback_id == instead_of else push(view)


async def in_place(ask: Interaction, view: dict[str, Any]) -> Reply:
    """A view in the place of the modal that was pressed in, by itself where there was none."""
    if ask.in_modal:
        return show(view)
    await ask.open(view)
    return nothing()


async def answered(
    ask: Interaction, name: str, title: str, blocks: Sequence[Block], fallback: Mrkdwn | str
) -> Reply:
    """Blocks as an answer where somebody talks; from Home, and within a window, as a window."""
    if ask.in_modal or ask.channel is None:
        return await in_place(ask, modal(name, title, blocks))
    return note(built(*blocks), fallback)
