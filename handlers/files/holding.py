"""Holding a file: its bytes stay, whatever day comes, until somebody lets go of it."""

from dataclasses import replace

from handlers.doors import action
from handlers.files.step_buttons import HOLD, acted_on
from handlers.files.taking import subject_of, worded
from handlers.files.taking_back import shown
from handlers.interaction import Interaction
from handlers.reply import Reply
from rules.roles import Role
from store.audit import Change
from store.session import Store, Transaction
from store.shared_files import SharedFile


@action(HOLD, role=Role.sender, also=Role.lead)
async def hold_or_let_go(ask: Interaction, store: Store) -> Reply:
    """Hold it; or let go of it where it is held."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        file, _ = await acted_on(tx, ask, ask.value)
        file = await set_held(tx, file, is_held=not file.row.is_held)
        said = "said_held" if file.row.is_held else "said_let_go"
        return tx.answers(await shown(tx, ask, file, said))


async def set_held(tx: Transaction, file: SharedFile, *, is_held: bool) -> SharedFile:
    """Hold a file, which is locked, or let go of it; audited, as it decides what can be proven later.

    Raises:
        Refused: its bytes are gone.
    """
    if file.row.removed_at is not None:
        raise worded(file, "removed")
    if file.row.is_held == is_held:
        return file
    await tx.shared_files.change(file.id, is_held=is_held)
    before, after = {"is_held": file.row.is_held}, {"is_held": is_held}
    what = "file: held" if is_held else "file: not held any more"
    tx.audit(Change(what, subject_of(file), before=before, after=after))
    return replace(file, row=file.row.model_copy(update={"is_held": is_held}))
