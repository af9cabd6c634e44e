"""Files whose check did not come to its end: drafts again, and checked anew when somebody presses."""

from collections.abc import Collection, Sequence

from handlers.blocks import Words, actions, built, button, lines, section
from handlers.button_values import id_in
from handlers.doors import action
from handlers.errors import NotThere, Refused
from handlers.files.receiving import NO_FILE, submit
from handlers.files.taking import WAVEPOST, take
from handlers.interaction import Interaction
from handlers.jobs import MOST_IN_FALLBACK, shown
from handlers.reply import Reply, note
from rules.file_life import State, Step, Who
from rules.roles import Role
from store.jobs import JobRow
from store.outbox import Message
from store.session import Store, Transaction
from store.shared_files import SharedFile

AGAIN = "file_check_left_off"
CANCELLED = "Its check was cancelled."
NOT_DONE = "Its check could not be done."
NOTHING_LEFT = "Nothing of it waits for that any more. `/share sent` says how it stands."


async def leave_off(tx: Transaction, files: Sequence[SharedFile], words: str) -> None:
    """Make drafts again of files that are held and were being checked: nothing else would look at them."""
    now = await tx.clock.now()
    for file in files:
        back, who = Step.take_back, Who.wavepost
        await take(tx, file, back, by=WAVEPOST, who=who, now=now, words=words)


async def could_not_check(
    tx: Transaction, asked: JobRow, files: Sequence[SharedFile], problem: str
) -> Message | None:
    """Leave off what a job was to check; gives what its sender hears, None where nothing was left of it."""
    if not files:
        return None
    await leave_off(tx, files, NOT_DONE)
    failed = Words("jobs", job=asked, problem=problem)["failed"]
    left = Words("file_checks", files=[file.row for file in files])["left_off"]
    again = actions(button("Check again", AGAIN, str(files[0].row.parcel_id)))
    texts = map(section, lines([*failed.split("\n"), left]))
    return shown(asked, failed[:MOST_IN_FALLBACK], built(*texts, again))


async def check_left_off(tx: Transaction, files: Collection[SharedFile], *, by: str) -> bool:
    """Have those files checked that were left off; whether there are any. Their sender is `by`."""
    left = [file.id for file in files if _is_left_off(file)]
    if left:
        await submit(tx, left, by=by, now=await tx.clock.now())
    return bool(left)


@action(AGAIN, role=Role.sender)
async def check_again(ask: Interaction, store: Store) -> Reply:
    """Have all of a parcel checked whose check was left off, now that what hindered it may be gone."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        files = await tx.shared_files.of_parcel(id_in(ask.value), for_change=True)
        if not files or files[0].row.uploaded_by != ask.person.id:
            raise NotThere(NO_FILE)
        if not await check_left_off(tx, files, by=ask.person.id):
            raise Refused(NOTHING_LEFT)
        words = Words("file_forms")["said_sent_again"]
        return tx.answers(note(built(section(words)), words, replaces=False))


def _is_left_off(file: SharedFile) -> bool:
    last = file.last
    return (
        file.state is State.draft
        and last is not None
        and last.who is Who.wavepost
        and last.words in (CANCELLED, NOT_DONE)
    )
