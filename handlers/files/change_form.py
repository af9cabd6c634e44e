"""The form that changes what is said of a draft, and sends it again."""

from handlers.button_values import number_in
from handlers.doors import action
from handlers.files.draft_changes import changed_by
from handlers.files.file_rows import CARD
from handlers.files.share_opening import as_left
from handlers.files.share_prefilled import typed_of
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
    number = number_in(ask.value)
    kept = Kept.new(draft=f"{NAME} change of {number}", changes=number)
    async with store.reading(consistent=True) as reading:
        file = await changed_by(reading, ask.person, kept)
        view = await as_left(reading, ask, kept, typed_of(file, ask.person.timezone))
    return await over(ask, view, instead_of=CARD)
