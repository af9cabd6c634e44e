"""Steps in the life of a file: the one way to take them, and the words for why one is not taken."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from handlers.blocks import Words, day, moment
from handlers.blocks import who as said_by
from handlers.dates import short
from handlers.errors import NotThere, Refused
from rules.file_life import LIFE, Step, Taken, Who
from rules.life import NotTheirs, Outdated, StepRefused, WordsMissing
from store.audit import Change
from store.session import Reading, Transaction
from store.shared_files import PUTS_OUT, SharedFile

LONGEST_TITLE = 60
WAVEPOST = "Wavepost"
"""Who takes the steps that no person takes."""
GONE = "That file is not there any more, so nothing was changed."


async def held(tx: Transaction, file_id: UUID) -> SharedFile:
    """A file, held until the commit with all that were sent together with it: messages show them all.

    Raises:
        NotThere: there is no such file.
    """
    [file] = await all_held(tx, [file_id])
    return file


async def all_held(tx: Transaction, file_ids: Sequence[UUID]) -> list[SharedFile]:
    """Several files in the order asked for, held; see `hold`.

    Raises:
        NotThere: there is no such file as one of them.
    """
    await hold(tx, file_ids)
    files = await tx.shared_files.all_of(file_ids)
    if len(files) != len(set(file_ids)):
        raise NotThere(GONE)
    return files


async def hold(tx: Transaction, file_ids: Collection[UUID]) -> None:
    """Hold files until the commit, with all that were sent together with them: messages show them all.

    Editions whose place they could take are held as well. Whoever acts on several files holds them all
    at once: here that is done in one order, so that nobody waits for each other.
    """
    parcels = await tx.shared_files.parcels_of(file_ids)
    out = await tx.shared_files.hold_families(parcels)
    for parcel in sorted(parcels | await tx.shared_files.parcels_of(out)):
        await tx.shared_files.of_parcel(parcel, for_change=True)


async def take(
    tx: Transaction,
    file: SharedFile,
    step: Step,
    *,
    by: str,
    who: Who,
    now: datetime,
    words: str = "",
) -> SharedFile:
    """Take a step with a file that was read for change, with its audit; gives it as it stands then.

    Raises:
        Refused: the step cannot be taken; the words say who was first, or what is missing.
    """
    taken = Taken(step, by, who, file.row.version, now, words)
    try:
        standing = LIFE.take(file.standing, taken)
        await tx.shared_files.take(file.id, standing)
    except StepRefused as refused:
        raise await refusal(tx, file, refused) from refused
    tx.audit(_change(file, taken, after=standing.state))
    out_since = {"released_at": now} if step in PUTS_OUT else {}
    stands = {"state": standing.state, "version": standing.version, "state_since": now}
    return replace(file.having(**stands, **out_since), last=taken)


async def check_seen(reading: Reading, file: SharedFile, version: int) -> None:
    """Whether a file stands as whoever decides was shown it: for decisions that are about what they saw.

    Raises:
        Refused: somebody took a step since; the words say who, and which.
    """
    if file.row.version != version:
        raise await not_now(reading, file)


async def not_now(reading: Reading, file: SharedFile) -> Refused:
    """The words for what is not done with a file as it stands: who took the last step, and which."""
    return await refusal(reading, file, Outdated(file.standing, None, "A step was taken."))


def subject_of(file: SharedFile) -> str:
    """What the audit calls a file."""
    return f"file {file.number}"


async def refusal(reading: Reading, file: SharedFile, refused: StepRefused) -> Refused:
    """The words for a step that cannot be taken; in the plain ones people are called by their names."""
    match refused:
        case WordsMissing():
            return worded(file, "words_missing")
        case NotTheirs():
            return worded(file, "not_theirs")
    last = refused.standing.last
    if last is None:
        return worded(file, "not_sent", title=short(file.row.title, LONGEST_TITLE))
    names = await reading.called.people([last.by])
    written = f"{day(last.at.date())} at {last.at:%H:%M} UTC"
    about = {
        "title": short(file.row.title, LONGEST_TITLE),
        "number": file.number,
        "step": last.step,
    }
    said = Words("file_steps", **about, by=said_by(last.by), at=moment(last.at))
    plain = Words("file_steps", **about, by=names[last.by], at=written)
    return Refused(said["meanwhile"], plain=plain.plain("meanwhile"))


def worded(file: SharedFile, block: str, **values: object) -> Refused:
    """A refusal in the words of one block of the template about steps."""
    words = Words("file_steps", file=file, **values)
    return Refused(words[block], plain=words.plain(block))


def _change(file: SharedFile, taken: Taken, *, after: str) -> Change:
    told = {"state": after, "title": file.row.title, "edition": file.row.edition}
    if taken.step is Step.release:
        told["sha256"] = file.row.sha256
        told["spaces"] = [f"{space.organisation} / {space.name}" for space in file.spaces]
    return Change(
        f"file: {taken.step}",
        subject_of(file),
        before={"state": str(file.state)},
        after=told,
        reason=taken.words or None,
    )
