"""Holding a file: its bytes stay, whatever day comes, until somebody lets go of it."""

from handlers.doors import action
from handlers.files.step_buttons import HOLD, LET_GO, acted_on, may_let_go
from handlers.files.taking import subject_of, worded
from handlers.files.taking_back import shown
from handlers.interaction import Interaction
from handlers.reply import Reply
from rules.roles import Role
from store.audit import Change
from store.session import Store, Transaction
from store.shared_files import SharedFile


@action(HOLD, role=Role.sender, also=Role.lead)
async def hold(ask: Interaction, store: Store) -> Reply:
    """Hold it; pressed by several at once it is held all the same."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        file, _ = await acted_on(tx, ask, ask.value)
        file = await set_held(tx, file, is_held=True)
        return tx.answers(await shown(tx, ask, file, "said_held"))


@action(LET_GO, role=Role.sender, also=Role.lead)
async def let_go(ask: Interaction, store: Store) -> Reply:
    """Let go of it: for a lead, and for who held it.

    Raises:
        Refused: somebody else holds it.
    """
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        file, _ = await acted_on(tx, ask, ask.value)
        if file.row.is_held and not may_let_go(file, ask.person):
            raise worded(file, "held_by_others")
        file = await set_held(tx, file, is_held=False)
        return tx.answers(await shown(tx, ask, file, "said_let_go"))


async def set_held(tx: Transaction, file: SharedFile, *, is_held: bool) -> SharedFile:
    """Hold a file, which is locked, or let go of it; audited, as it decides what can be proven later.

    What another one holds too is nobody's own any more: then only a lead lets go of it.

    Raises:
        Refused: its bytes are gone.
    """
    if file.row.removed_at is not None:
        raise worded(file, "removed")
    was_held, by = file.row.is_held, tx.actor if is_held else None
    if was_held and is_held and file.row.held_by != by:
        by = None
    if (was_held, file.row.held_by) == (is_held, by):
        return file
    await tx.shared_files.change(file.id, is_held=is_held, held_by=by)
    what = "file: held" if is_held else "file: not held any more"
    before, after = {"is_held": was_held}, {"is_held": is_held}
    tx.audit(Change(what, subject_of(file), before=before, after=after))
    return file.having(is_held=is_held, held_by=by)
