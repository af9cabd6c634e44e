"""The form of /share as it opens: as it was left, else with what is known; and what stands around it."""

from handlers.files.draft_changes import changed_by
from handlers.files.new_edition import Replaced, replaced_by
from handlers.files.share_drafts import draft_called, files_beside
from handlers.files.share_form import Shown, form
from handlers.files.share_known import known_of
from handlers.files.share_typed import Kept, Typed
from handlers.interaction import Interaction
from handlers.web_links import link_button
from store.people import Person
from store.session import Reading

UPLOAD = "/files/upload"


async def as_left(
    reading: Reading, ask: Interaction, kept: Kept, otherwise: Typed
) -> dict[str, object]:
    """The form as it was left; with something `otherwise` where it was not, or too long ago.

    Raises:
        Refused: what it is about cannot be sent so any more.
    """
    left = await draft_called(reading, ask.person.id, kept.draft)
    typed = left.typed if left else otherwise
    return await opened(reading, ask, typed, kept, is_draft=left is not None)


async def opened(
    reading: Reading, ask: Interaction, typed: Typed, kept: Kept, *, is_draft: bool
) -> dict[str, object]:
    """The form with what is typed into it, with the fields that few need where those hold something.

    Raises:
        Refused: what it is about cannot be sent so any more.
    """
    kept = kept.lengthened() if typed.has_extra else kept
    return form(typed, kept, await shown_with(reading, ask, typed, kept, is_draft=is_draft))


async def shown_with(
    reading: Reading, ask: Interaction, typed: Typed, kept: Kept, *, is_draft: bool = False
) -> Shown:
    """What the form shows besides what was typed.

    Raises:
        Refused: the form is too old to know the files of its message, or what it is about cannot be
            sent so any more.
    """
    replaced = await older_of(reading, ask.person, kept)
    return Shown(
        today=ask.today,
        known=await known_of(reading, typed.spaces),
        files=await files_beside(reading, ask.person, kept),
        title=replaced.file.row.title if replaced else "",
        is_draft=is_draft,
        ways_on=(*link_button(ask, UPLOAD, "Upload larger files"),),
    )


async def older_of(reading: Reading, person: Person, kept: Kept) -> Replaced | None:
    """The edition whose place is taken by what a form holds; None where there is none.

    Raises:
        Refused: they may not, or it cannot be replaced any more.
    """
    if kept.replaces:
        return await replaced_by(reading, person, kept)
    older = (await changed_by(reading, person, kept)).row.supersedes if kept.changes else None
    file = await reading.shared_files.get(older) if older else None
    return Replaced(file) if file else None
