"""What somebody can do with a file, as its card offers it: by its life, and by who they are to it."""

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import button
from handlers.files.draft_changes import may_change
from handlers.files.new_edition import may_replace
from handlers.files.step_buttons import CHANGE, end_buttons, step_buttons
from handlers.interaction import Interaction
from handlers.web_links import link_button
from rules.file_life import OUT, State
from store.people import Person
from store.shared_files import SharedFile

NEW_EDITION = "file_new_edition"
"""The action that opens the form for the next edition of the file whose number is its value."""


def buttons(file: SharedFile, ask: Interaction) -> list[ButtonElement]:
    """The buttons of the card that this person sees: the likeliest first, and what ends it last."""
    has_receipts = file.row.released_at is not None
    return [
        *_going_on(file, ask.person),
        *link_button(
            ask, f"/files/{file.id}", "Receipts on the web" if has_receipts else "Look at it"
        ),
        *end_buttons(file, ask.person),
    ]


def own_buttons(file: SharedFile, person: Person) -> list[ButtonElement]:
    """Those that change something, which are in Slack alone."""
    return [*_going_on(file, person), *end_buttons(file, person)]


def _going_on(file: SharedFile, person: Person) -> list[ButtonElement]:
    number = str(file.number)
    edition = may_replace(file, person) and file.state in OUT
    change = may_change(file, person) and file.state is State.draft
    return [
        *([button("New edition", NEW_EDITION, number, style="primary")] if edition else []),
        *([button("Change it", CHANGE, number)] if change else []),
        *step_buttons(file, person),
    ]
