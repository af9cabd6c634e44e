"""Sending what was shown and agreed to: the files of a form of /share go to be checked, and then out."""

from handlers.blocks import escape
from handlers.doors import submission
from handlers.errors import Refused
from handlers.files import share_confirming
from handlers.files.draft_changes import change, changed_by
from handlers.files.new_files import new_files
from handlers.files.receiving import Via, receive
from handlers.files.share_confirming import begun
from handlers.files.share_drafts import forget, pending
from handlers.files.share_known import known_of
from handlers.files.share_opening import older_of
from handlers.files.share_sending import once, wrong_fields
from handlers.files.share_typed import Kept
from handlers.interaction import Interaction
from handlers.reply import Reply, show
from rules.roles import Role
from store.session import Store


@submission(share_confirming.NAME, role=Role.sender)
async def send(ask: Interaction, store: Store) -> Reply:
    """Send what was shown, once, however often this arrives."""
    kept = Kept.of(ask.filled)
    async with store.transaction(once(kept), actor=ask.person.id) as tx:
        asked = await pending(tx, ask.person.id, kept)
        files = asked.files or ()
        known = await known_of(tx, asked.typed.spaces)
        replaced = await older_of(tx, ask.person, kept)
        wrong = wrong_fields(ask, asked.typed, kept, known, files, replaced)
        if wrong:
            words = f"{' '.join(wrong.values())} Nothing was sent: go back and change it."
            raise Refused(escape(words), plain=words)
        facts = new_files(asked.typed, files, replaced, ask.person.timezone)
        if kept.changes:
            [(_, said)] = facts
            await change(tx, await changed_by(tx, ask.person, kept), said, ask.now)
        else:
            via = Via.message if kept.message else Via.form
            await receive(tx, facts, by=ask.person.id, via=via, now=ask.now)
        await forget(tx, ask.person.id, kept)
        return tx.answers(show(begun(files)))
