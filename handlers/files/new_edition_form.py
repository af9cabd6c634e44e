"""The form for a file's next edition: what was said of the last one is filled in, but its bytes."""

from handlers.button_values import number_in
from handlers.doors import action
from handlers.files.card_buttons import NEW_EDITION
from handlers.files.file_rows import CARD
from handlers.files.new_edition import replaced_by
from handlers.files.share_opening import as_left
from handlers.files.share_prefilled import typed_before
from handlers.files.share_typed import NAME, Kept
from handlers.interaction import Interaction
from handlers.reply import Reply
from handlers.windows import over
from rules.roles import Role
from store.session import Store


@action(NEW_EDITION, role=Role.sender)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """The form, with what was said of the edition that it replaces; or as it was left."""
    number = number_in(ask.value)
    kept = Kept.new(draft=f"{NAME} of {number}", replaces=number)
    async with store.reading(consistent=True) as reading:
        replaced = await replaced_by(reading, ask.person, kept)
        view = await as_left(reading, ask, kept, typed_before(replaced.file, ask.person.timezone))
    return await over(ask, view, instead_of=CARD)
