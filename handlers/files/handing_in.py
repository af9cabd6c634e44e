"""Sending what was shown and agreed to: the files of a form of /share go to be checked, and then out."""

from uuid import UUID

from handlers.blocks import escape
from handlers.doors import submission
from handlers.errors import Refused
from handlers.files import share_confirming
from handlers.files.draft_changes import change, changed_by
from handlers.files.new_edition import Replaced
from handlers.files.receiving import NewFile, Via, receive
from handlers.files.share_confirming import begun
from handlers.files.share_drafts import forget, pending
from handlers.files.share_known import known_of
from handlers.files.share_sending import older_of, once, wrong_fields
from handlers.files.share_typed import Kept, Typed
from handlers.interaction import GivenFile, Interaction
from handlers.reply import Reply, show
from rules import file_facts
from rules.clearance import Classification
from rules.file_days import end_of
from rules.file_names import NAMELESS
from rules.roles import Role
from rules.seen_words import seen
from store.session import Store

CALLED_BY_NAME = "{title}: {name}"


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
        facts = [(each, new_file(asked.typed, each, ask, replaced, len(files))) for each in files]
        if kept.changes:
            [(_, said)] = facts
            await change(tx, await changed_by(tx, ask.person, kept), said, ask.now)
        else:
            via = Via.message if kept.message else Via.form
            await receive(tx, facts, by=ask.person.id, via=via, now=ask.now)
        await forget(tx, ask.person.id, kept)
        return tx.answers(show(begun(files)))


def new_file(
    typed: Typed, file: GivenFile, ask: Interaction, replaced: Replaced | None, together: int
) -> NewFile:
    """The facts of one of the files that are sent `together`, as the form has them."""
    if typed.expires_on is None:
        raise ValueError("A form without a day of expiry is not sent.")
    return NewFile(
        title=titled(typed.title, file.name, together=together),
        author=typed.author or typed.author_name,
        space_ids=tuple(UUID(value) for value, _ in typed.spaces),
        tags=file_facts.tags(typed.tags),
        facts=file_facts.facts(typed.facts),
        classification=Classification(typed.classification),
        encryption=typed.encryption,
        note=typed.note,
        expires_at=end_of(typed.expires_on, ask.person.timezone),
        retained_until=typed.retained_until,
        most_fetches=int(typed.most_fetches) if typed.most_fetches else None,
        supersedes=replaced.file.id if replaced else None,
    )


def titled(title: str, name: str, *, together: int) -> str:
    """What one of so many files is called that are sent under one title, or under none."""
    name = seen(name) or NAMELESS
    if title and together > 1:
        return CALLED_BY_NAME.format(title=title, name=name)
    return title or name
