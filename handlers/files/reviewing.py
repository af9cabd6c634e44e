"""Deciding about files that wait for a second person: release them, or decline them and say why."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, CheckboxesElement, Option, PlainTextInputElement

from handlers.blocks import MOST_IN_OPTION, Words, built, context, modal, plain, section
from handlers.blocks import question as ask_for
from handlers.dates import short
from handlers.doors import action, submission
from handlers.errors import FormErrors, Refused
from handlers.files.file_card import card
from handlers.files.file_rows import CARD
from handlers.files.needs import needs
from handlers.files.releasing import let_out
from handlers.files.rounds import hand_out_in_rounds
from handlers.files.second_persons import approval_of, is_personal, may_decide
from handlers.files.sender_news import tell_declined
from handlers.files.sender_waiting import show_on_its_way
from handlers.files.taking import all_held, check_seen, held, take, worded
from handlers.files.waiting import Seen, show_waiting
from handlers.interaction import Interaction
from handlers.reply import Reply, closing, note, nothing, show
from handlers.windows import over
from rules.file_life import State, Step, Who
from rules.naming import is_said
from rules.roles import Role
from store.people import Person
from store.session import Store, Transaction
from store.shared_files import SharedFile

WORDS, WHICH = "words", "which"
LONGEST_WORDS = 1_000
TITLE = "Decline files"


@action("file_release", role=Role.approver, also=Role.lead)
async def release_files(ask: Interaction, store: Store) -> Reply:
    """Let files go out that were shown."""
    return await _released(ask, store)


@action("file_release_personal", role=Role.privacy)
async def release_personal(ask: Interaction, store: Store) -> Reply:
    """Let files with data of persons go out."""
    return await _released(ask, store)


@action("file_decline", role=Role.approver, also=Role.lead)
async def open_decline(ask: Interaction, store: Store) -> Reply:
    """Ask which of the files that were shown are declined, and why."""
    return await _ask_why(ask, store, "file_declined")


@action("file_decline_personal", role=Role.privacy)
async def open_decline_personal(ask: Interaction, store: Store) -> Reply:
    """The same for files with data of persons."""
    return await _ask_why(ask, store, "file_declined_personal")


@submission("file_declined", role=Role.approver, also=Role.lead)
async def decline_files(ask: Interaction, store: Store) -> Reply:
    """Decline files: they are drafts again, and their sender reads why."""
    return await _declined(ask, store)


@submission("file_declined_personal", role=Role.privacy)
async def decline_personal(ask: Interaction, store: Store) -> Reply:
    """The same for files with data of persons."""
    return await _declined(ask, store)


async def _released(ask: Interaction, store: Store) -> Reply:
    seen = Seen.read(ask.value)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        files = await _shown(tx, ask.person, seen)
        for file in files:
            missing = needs(file, ask.now, approval_of(ask.person))
            if missing:
                raise worded(file, "still_missing", need=missing[0])
        out = await let_out(tx, files, by=ask.person.id, now=ask.now)
        await hand_out_in_rounds(tx, out, by=ask.person.id)
        await show_waiting(tx, files[0].row.parcel_id, ask.now)
        await show_on_its_way(tx, files[0].row.parcel_id, ask.now)
        sender = files[0].row.uploaded_by
        said = Words("file_waiting", count=len(files), sender=sender)["said_released"]
        return tx.answers(await _answer(tx, ask, seen, said))


async def _ask_why(ask: Interaction, store: Store, name: str) -> Reply:
    seen = Seen.read(ask.value)
    async with store.transaction(actor=ask.person.id) as tx:
        files = await _shown(tx, ask.person, seen)
    return await over(ask, decline_form(name, files, seen), instead_of=CARD)


async def _declined(ask: Interaction, store: Store) -> Reply:
    filled = ask.filled
    seen = Seen.read(filled.private_metadata)
    why = filled.typed(WORDS).strip()
    words = Words("file_waiting")
    if not is_said(why):
        raise FormErrors({WORDS: words.plain("decline_missing")})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            files = await _shown(tx, ask.person, seen)
        except Refused as refused:
            raise FormErrors({WORDS: refused.plain}) from refused
        chosen = filled.several(WHICH)
        some = [file for file in files if len(files) == 1 or str(file.id) in chosen]
        if not some:
            raise FormErrors({WHICH: words.plain("decline_none")})
        for file in some:
            await take(
                tx, file, Step.decline, by=ask.person.id, who=Who.second, now=ask.now, words=why
            )
        await show_waiting(tx, files[0].row.parcel_id, ask.now)
        await show_on_its_way(tx, files[0].row.parcel_id, ask.now)
        await tell_declined(tx, some, by=ask.person.id, why=why)
        return tx.answers(closing())


async def _shown(tx: Transaction, person: Person, seen: Seen) -> list[SharedFile]:
    """The files that somebody decides about, held, if they stand as they were shown.

    Raises:
        Refused: somebody took a step since, or this person is no second person to one of them.
    """
    versions = dict(seen.versions)
    files = await all_held(tx, list(versions))
    for file in files:
        await check_seen(tx, file, versions[file.id])
        if not may_decide(file, person) or file.state is not State.in_review:
            raise worded(file, "own_personal" if is_personal(file) else "own")
    return files


def decline_form(name: str, files: Sequence[SharedFile], seen: Seen) -> dict[str, object]:
    """The form that asks why; and which, where there are several."""
    words = Words("file_waiting", sender=files[0].row.uploaded_by)
    field = PlainTextInputElement(action_id=WORDS, multiline=True, max_length=LONGEST_WORDS)
    blocks: list[Block] = [context(words["decline_intro"])]
    if len(files) > 1:
        options = [
            Option(text=plain(short(file.row.title, MOST_IN_OPTION)), value=str(file.id))
            for file in files
        ]
        which = CheckboxesElement(action_id=WHICH, options=options, initial_options=options)
        blocks.append(ask_for(words.plain("decline_which"), which, block_id=WHICH))
    label, hint = words.plain("decline_label"), words.plain("decline_hint")
    blocks.append(ask_for(label, field, block_id=WORDS, hint=hint))
    return modal(name, TITLE, blocks, submit="Decline", close="Cancel", kept=str(seen))


async def _answer(tx: Transaction, ask: Interaction, seen: Seen, said: str) -> Reply:
    """On a message that changes by itself there is nothing to add."""
    if seen.on_post:
        return nothing()
    if ask.in_modal:
        file = await held(tx, seen.versions[0][0])
        return show(await card(tx, file, ask, said=said))
    return note(built(section(said)), said)
