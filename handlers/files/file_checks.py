"""Checking what was submitted: bring it, look at its bytes, have it scanned, settle what comes of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from handlers.errors import Refused
from handlers.files.bringing import bring
from handlers.files.check_outcomes import Checked, Looked, Outcome, keep, trouble
from handlers.files.check_words import told
from handlers.files.clearing import settle
from handlers.files.examining import examine
from handlers.files.left_off import CANCELLED, check_left_off, could_not_check, leave_off
from handlers.files.receiving import CHECK
from handlers.files.taking import hold
from handlers.files.upload_ending import put_whole
from handlers.jobs import Work, job
from rules.file_life import State
from rules.pieces import Piece
from store.file_pieces import read_piece
from store.file_streams import read_stream
from store.files import Files
from store.jobs import JobRow
from store.outbox import Message
from store.session import Reading, Transaction
from store.shared_file_rows import SharedFileRow
from store.shared_files import SharedFile

CHECK_AGAIN = "file_check_again"
NOWHERE = (
    "There is nowhere to keep it. Whoever runs Wavepost sets WAVEPOST_S3_BUCKET and what belongs to "
    "it; send it again then."
)


async def give_up(tx: Transaction, asked: JobRow, problem: str) -> Message | None:
    """A first check that cannot be done leaves drafts; what waits for a scanner is asked about again."""
    return await could_not_check(tx, asked, await _held(tx, asked), problem)


@job(CHECK, gives_up=give_up)
async def check(work: Work) -> None:
    """Check files that their sender submitted; a message shows how far it is, and what comes of it.

    Whether they still may send is asked at its end: else what they sent would be checked for ever.
    """
    await _check(work)


@job(CHECK_AGAIN)
async def check_again(work: Work) -> None:
    """Check files that waited for the scanner; their sender hears only of what comes of it."""
    await _check(work)


async def take_back_cancelled(tx: Transaction, cancelled: JobRow) -> None:
    """Make files drafts again whose check was cancelled."""
    if cancelled.kind in (CHECK, CHECK_AGAIN):
        await leave_off(tx, await _held(tx, cancelled), CANCELLED)


async def take_up_again(tx: Transaction, left: JobRow) -> bool:
    """Have files checked whose check was cancelled or could not be done; whether there are any."""
    if left.kind not in (CHECK, CHECK_AGAIN):
        return False
    ids = [UUID(each) for each in left.given["files"]]
    await hold(tx, ids)
    return await check_left_off(tx, await tx.shared_files.all_of(ids), by=left.asked_by)


async def _check(work: Work) -> None:
    async with work.store.reading() as reading:
        files = await _submitted(reading, work.job)
    looked = {file.id: await _look(work, file.row) for file in files}
    async with work.ending() as tx:
        now, checked = await tx.clock.now(), list[Checked]()
        for file in await _held(tx, work.job):
            checked.append(await keep(tx, file, looked[file.id], _cleared(checked), now))
        await _settle(tx, work, checked, now)


async def _submitted(reading: Reading, asked: JobRow) -> list[SharedFile]:
    """The files of a job that are as they were submitted: not those taken back meanwhile."""
    versions = {UUID(each): version for each, version in asked.given["files"].items()}
    found = await reading.shared_files.all_of(list(versions))
    # The database keeps an object's names in an order of its own; of two alike the first is sent.
    return [
        file
        for file in sorted(found, key=lambda each: each.number)
        if file.state is State.scanning and file.row.version == versions[file.id]
    ]


async def _held(tx: Transaction, asked: JobRow) -> list[SharedFile]:
    """The same, held until the commit."""
    await hold(tx, [UUID(each) for each in asked.given["files"]])
    return await _submitted(tx, asked)


async def _look(work: Work, row: SharedFileRow) -> Looked:
    """Look at the bytes of one file, once they are in the store.

    Raises what passes: Slack's errors, and FilesUnavailable; the job is then done again.
    """
    if work.files is None:
        return Looked(problem=NOWHERE)
    try:
        row = await _in_store(work, work.files, row)
        work.tell(f"Looking at {row.file_name}")
        files, version = work.files, row.object_version
        source = read_stream(files, row.key, version=version)

        async def reads(piece: Piece) -> bytes:
            start, length = piece.start, piece.length
            return await read_piece(files, row.key, start=start, length=length, version=version)

        examined = await examine(source, name=row.file_name, scanner=work.scanner, reads=reads)
    except Refused as refused:
        return Looked(problem=refused.words)
    return Looked(examined, trouble(row, examined))


async def _in_store(work: Work, files: Files, row: SharedFileRow) -> SharedFileRow:
    """The file with its bytes in the store: brought from Slack, or put together of what a browser sent.

    Raises Refused where they cannot be had.
    """
    if row.slack_file is None:
        brought: dict[str, object] = {"object_version": await put_whole(work.store, files, row)}
    elif row.promised_sha256 is not None and await files.exists(row.key):
        return row
    else:
        streamed = await bring(work, files, row, row.slack_file)
        brought = {
            "promised_size": streamed.size,
            "promised_sha256": streamed.sha256,
            "object_version": streamed.version,
        }
    async with work.meanwhile() as tx:
        await tx.shared_files.change(row.id, **brought)
    return row.model_copy(update=brought)


async def _settle(tx: Transaction, work: Work, checked: Sequence[Checked], now: datetime) -> None:
    """Let others decide about what is well, and tell the sender of what is not, each once."""
    news = [each for each in checked if each.outcome is not Outcome.cleared]
    is_first = work.job.kind == CHECK
    if not is_first:
        news = [each for each in news if each.outcome is not Outcome.waits]
    if news or (is_first and not checked):
        tx.say(work.message(*told(work.job.about, news, others=len(_cleared(checked)))))
    if cleared := _cleared(checked):
        await settle(tx, cleared, now, in_place_of=None if news else work.job.message)


def _cleared(checked: Sequence[Checked]) -> list[SharedFile]:
    return [each.file for each in checked if each.outcome is Outcome.cleared]
