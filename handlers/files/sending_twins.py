"""The answers to "the same bytes are there already": send it all the same, or drop it."""

from handlers.blocks import Words, built, section
from handlers.button_values import id_in
from handlers.doors import action
from handlers.errors import NotThere
from handlers.files.check_words import DROP, SEND_ANYWAY
from handlers.files.receiving import NO_FILE, submit
from handlers.files.taking import held, take
from handlers.interaction import Interaction
from handlers.reply import Reply, note, nothing
from rules.file_life import Step, Who
from rules.roles import Role
from store.session import Store


@action(SEND_ANYWAY, role=Role.sender)
async def send_anyway(ask: Interaction, store: Store) -> Reply:
    """Have it checked again; nobody asks a second time."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await submit(tx, [id_in(ask.value)], by=ask.person.id, now=ask.now)
        return tx.answers(nothing())


@action(DROP, role=Role.sender)
async def drop(ask: Interaction, store: Store) -> Reply:
    """Forget the draft."""
    by = ask.person.id
    async with store.transaction(ask.key, actor=by) as tx:
        file = await held(tx, id_in(ask.value))
        if file.row.uploaded_by != by:
            raise NotThere(NO_FILE)
        await take(tx, file, Step.drop, by=by, who=Who.sender, now=ask.now)
        words = Words("file_checks", file=file.row)["dropped"]
        return tx.answers(note(built(section(words)), words, replaces=False))
