"""The form that changes what is said of a draft, and sends it again."""

from handlers.doors import action
from handlers.files.draft_changes import changed_by
from handlers.files.share_drafts import draft_called
from handlers.files.share_form import form
from handlers.files.share_prefilled import typed_of
from handlers.files.share_sending import shown_with
from handlers.files.share_typed import NAME, Kept
from handlers.files.step_buttons import CHANGE
from handlers.interaction import Interaction
from handlers.reply import Reply
from handlers.windows import over
from rules.roles import Role
from store.session import Store


@action(CHANGE, role=Role.sender)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """The form with what is said of the draft; or as it was left."""
    number = int(ask.value)
    kept = Kept.new(draft=f"{NAME} change of {number}", changes=number)
    async with store.reading(consistent=True) as reading:
        file = await changed_by(reading, ask.person, kept)
        left = await draft_called(reading, ask.person.id, kept.draft)
        typed = left.typed if left else typed_of(file, ask.person.timezone)
        kept = kept.lengthened() if typed.has_extra else kept
        shown = await shown_with(reading, ask, typed, kept, is_draft=left is not None)
    view = form(typed, kept, shown)
    return await over(ask, view)
