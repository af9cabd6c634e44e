"""The form for a file's next edition: what was said of the last one is filled in, but its bytes."""

from dataclasses import replace

from handlers.doors import action
from handlers.files.card_buttons import NEW_EDITION
from handlers.files.new_edition import Replaced, replaced_by
from handlers.files.share_drafts import draft_called
from handlers.files.share_form import form
from handlers.files.share_prefilled import typed_of
from handlers.files.share_sending import shown_with
from handlers.files.share_typed import NAME, Kept, Typed
from handlers.interaction import Interaction
from handlers.reply import Reply
from handlers.windows import over
from rules.roles import Role
from store.session import Store


@action(NEW_EDITION, role=Role.sender)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """The form, with what was said of the edition that it replaces; or as it was left."""
    number = int(ask.value)
    kept = Kept.new(draft=f"{NAME} of {number}", replaces=number)
    async with store.reading(consistent=True) as reading:
        replaced = await replaced_by(reading, ask.person, kept)
        left = await draft_called(reading, ask.person.id, kept.draft)
        typed = left.typed if left else _as_before(replaced, ask.person.timezone)
        kept = kept.lengthened() if typed.has_extra else kept
        view = form(
            typed, kept, await shown_with(reading, ask, typed, kept, is_draft=left is not None)
        )
    return await over(ask, view)


def _as_before(replaced: Replaced, zone: str) -> Typed:
    """What was said of the last edition. Its note was about that one, and its days are over or near."""
    said = typed_of(replaced.file, zone)
    return replace(said, note="", expires_on=None, retained_until=None)
