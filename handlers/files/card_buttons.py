"""What somebody can do with a file, as its card offers it: by its life, and by who they are to it."""

from collections.abc import Collection

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import button
from handlers.files.new_edition import may_replace
from handlers.interaction import Interaction
from handlers.web_links import link_button
from rules.file_life import LIFE, OUT, Step, Who
from rules.roles import Role
from store.people import Person
from store.shared_files import SharedFile

NEW_EDITION = "file_new_edition"
"""The action that opens the form for the next edition of the file whose number is its value."""


def parts_of(file: SharedFile, person: Person) -> Collection[Who]:
    """In which parts somebody may take steps from a file's card."""
    parts = {Who.sender} if person.id == file.row.uploaded_by else set()
    return parts | ({Who.lead} if person.may(Role.lead) else set())


def possible(file: SharedFile, person: Person) -> frozenset[Step]:
    """The steps that somebody may take with a file as it stands now."""
    return frozenset(
        step for part in parts_of(file, person) for step in LIFE.possible(file.state, part)
    )


def buttons(file: SharedFile, ask: Interaction) -> list[ButtonElement]:
    """The buttons of the card that this person sees."""
    number = str(file.number)
    edition = may_replace(file, ask.person) and file.state in OUT
    return [
        *([button("New edition", NEW_EDITION, number)] if edition else []),
        *link_button(ask, f"/files/{file.id}", "Receipts on the web"),
    ]
