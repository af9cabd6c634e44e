"""What happens in the form of /share: it is typed into, sent to be shown once more, and sent for good."""

from collections.abc import Sequence

from handlers.blocks import day
from handlers.doors import action, submission
from handlers.errors import Expected, FormErrors
from handlers.files.authors import unclear_author
from handlers.files.new_edition import Replaced
from handlers.files.share_confirming import confirmation
from handlers.files.share_drafts import files_beside, keep_draft, keep_pending
from handlers.files.share_fields import SEALED_CHOSEN, TYPED
from handlers.files.share_form import ANEW, MORE, SPACES, form
from handlers.files.share_known import Known, known_of
from handlers.files.share_mistakes import mistakes, wrong_files
from handlers.files.share_opening import older_of, shown_with
from handlers.files.share_typed import NAME, Kept, Typed
from handlers.interaction import GivenFile, Interaction
from handlers.reply import Reply, nothing, push, show
from rules.roles import Role
from store.interactions import InteractionKey
from store.session import Store

ONCE = "files sent"


@action(SPACES, role=Role.sender)
async def look_at_spaces(ask: Interaction, store: Store) -> Reply:
    """Spaces were chosen: who would get it comes to stand below them."""
    return await _redrawn(ask, store, Typed.of(ask.filled), Kept.of(ask.filled))


@action(SEALED_CHOSEN, role=Role.sender)
async def look_at_encryption(ask: Interaction, store: Store) -> Reply:
    """It is encrypted, or not: what recipients need to read it is asked for, or not any more."""
    return await _redrawn(ask, store, Typed.of(ask.filled), Kept.of(ask.filled))


@action(MORE, role=Role.sender)
async def show_more(ask: Interaction, store: Store) -> Reply:
    """The fields that few need."""
    return await _redrawn(ask, store, Typed.of(ask.filled), Kept.of(ask.filled).lengthened())


@action(ANEW, role=Role.sender)
async def start_over(ask: Interaction, store: Store) -> Reply:
    """Forget what was typed: the form is empty."""
    return await _redrawn(ask, store, Typed(), Kept.of(ask.filled).emptied())


@action(TYPED, role=Role.sender)
async def keep_typed(ask: Interaction, store: Store) -> Reply:
    """Something was typed: it is kept, in case the form is closed before it is sent."""
    async with store.transaction(actor=ask.person.id) as tx:
        await keep_draft(tx, ask.person.id, Kept.of(ask.filled), Typed.of(ask.filled))
    return nothing()


async def _redrawn(ask: Interaction, store: Store, typed: Typed, kept: Kept) -> Reply:
    async with store.transaction(actor=ask.person.id) as tx:
        await keep_draft(tx, ask.person.id, kept, typed)
        shown = await shown_with(tx, ask, typed, kept)
    return show(form(typed, kept, shown))


@submission(NAME, role=Role.sender)
async def look_again(ask: Interaction, store: Store) -> Reply:
    """The form was filled in: show who will get what, or say what is wrong; what was typed stays."""
    typed, kept = Typed.of(ask.filled), Kept.of(ask.filled)
    try:
        return await _asked_once_more(ask, store, typed, kept)
    except Expected:
        async with store.transaction(actor=ask.person.id) as tx:
            await keep_draft(tx, ask.person.id, kept, typed)
        raise


async def _asked_once_more(ask: Interaction, store: Store, typed: Typed, kept: Kept) -> Reply:
    """What is about to be sent, laid over the form: who goes back finds all as it was.

    Raises:
        FormErrors: something is wrong; nothing was sent.
        AlreadyDone: the form was sent before.
    """
    async with store.transaction(actor=ask.person.id) as tx:
        await tx.interactions.recall(once(kept))
        given = await files_beside(tx, ask.person, kept)
        files = ask.filled.files("files") if given is None else given
        known = await known_of(tx, typed.spaces)
        replaced = await older_of(tx, ask.person, kept)
        wrong = wrong_fields(ask, typed, kept, known, files, replaced)
        if unclear := await unclear_author(tx, typed.author_name):
            wrong.setdefault(kept.block("author_name"), unclear)
        if wrong:
            raise FormErrors(wrong)
        await keep_draft(tx, ask.person.id, kept, typed)
        await keep_pending(tx, ask.person.id, kept, typed, files)
        outside = tx.outside
    expires = f"the end of {day(typed.expires_on)}" if typed.expires_on else ""
    return push(confirmation(typed, kept, known, files, outside=outside, expires=expires))


def wrong_fields(
    ask: Interaction,
    typed: Typed,
    kept: Kept,
    known: Known,
    files: Sequence[GivenFile],
    replaced: Replaced | None,
) -> dict[str, str]:
    """What is wrong, by the block under which it is told; the files' own comes first."""
    of_files = "" if kept.changes else wrong_files(files, kept)
    found = mistakes(typed, known, now=ask.now, zone=ask.person.timezone)
    if replaced and "spaces" not in found and (foreign := replaced.wrong_spaces(known)):
        found["spaces"] = foreign
    by_block = {kept.block(field): words for field, words in found.items()}
    # A message's files are no field, so what is wrong with them is told where they go.
    place = kept.block("spaces") if kept.message else "files"
    return ({place: of_files} if of_files else {}) | by_block


def once(kept: Kept) -> InteractionKey:
    """A form is sent once, whatever it holds by then."""
    return InteractionKey.of(ONCE, kept.id, b"")
