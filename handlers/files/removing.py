"""The end of bytes: what expired, was revoked or replaced long ago, and is not to be kept, goes for good."""

from datetime import UTC, datetime
from uuid import UUID

import structlog

from handlers.files.parcel_told import refresh
from handlers.files.taking import WAVEPOST, held, subject_of, take
from rules.file_days import Days, removed_at
from rules.file_life import State, Step, Who
from rules.upload_parts import UPLOAD_HOLDS
from store.audit import Change
from store.browser_uploads import give_up
from store.file_removing import remove_file
from store.files import Files, FilesUnavailable
from store.session import Store, Transaction
from store.shared_files import SharedFile
from store.uploads import UploadRow

log = structlog.get_logger(__name__)

FORGOTTEN = "Nobody sent it for 30 days."
NEVER_ENDED = "Its upload never ended."


async def remove_bytes(store: Store, files: Files, file_id: UUID) -> None:
    """Remove a file's bytes for good, in all their versions, if their day has come and nobody holds them.

    That they go is kept before: whoever wants to hold the file, or have it out again, is told that it is
    too late. Killed in between, it is done again: what is gone already is no error. Raises
    FilesUnavailable.
    """
    async with store.transaction(actor=WAVEPOST) as tx:
        file, now = await held(tx, file_id), await tx.clock.now()
        if is_due(file, now):
            await _give_up_bytes(tx, file, now)
        elif file.row.removed_at is None or file.row.wiped_at is not None:
            return
    await remove_file(files, file.row.key)
    async with store.transaction(actor=WAVEPOST) as tx:
        await tx.shared_files.change(file_id, wiped_at=await tx.clock.now())


async def _give_up_bytes(tx: Transaction, file: SharedFile, now: datetime) -> None:
    """Keep that a file cannot be had any more, by whomever; who was told of it sees so."""
    await tx.shared_files.change(file.id, removed_at=now)
    change = Change(
        "file: bytes removed",
        subject_of(file),
        before={"size": file.row.size, "sha256": file.row.sha256},
        after={"state": str(file.state)},
    )
    tx.audit(change)
    await refresh(tx, [file.having(removed_at=now)])


def is_due(file: SharedFile, now: datetime) -> bool:
    """Whether a file's bytes go now."""
    row = file.row
    has_ended = file.state.is_final or file.state is State.expired
    if not has_ended or row.removed_at is not None:
        return False
    if file.state is State.refused:
        # Nobody is to have these bytes back.
        return not row.is_held
    days = row.days or Days(row.uploaded_at, row.expires_at, row.retained_until, row.is_held)
    goes_at = removed_at(days, row.state_since)
    return goes_at is not None and goes_at <= now


async def drop_forgotten(tx: Transaction, file_id: UUID, now: datetime) -> None:
    """Drop a draft that nobody sent for a month."""
    file = await held(tx, file_id)
    if file.state is State.draft:
        await _drop(tx, file, now, FORGOTTEN)


async def drop_abandoned(store: Store, files: Files) -> None:
    """Give up uploads that were begun long ago and never ended, with all that arrived of them."""
    async with store.reading() as reading:
        abandoned = await reading.uploads.abandoned(datetime.now(UTC) - UPLOAD_HOLDS)
    for upload in abandoned:
        try:
            await _give_up(store, files, upload)
        except FilesUnavailable as trouble:
            log.warning("an upload could not be given up", upload=upload.id, reason=str(trouble))


async def _give_up(store: Store, files: Files, upload: UploadRow) -> None:
    async with store.transaction(actor=WAVEPOST) as tx:
        file = await held(tx, upload.file_id)
        if not await tx.uploads.end(upload.id):
            return
        await give_up(files, file.row.key, upload_id=upload.upload_id)
        if file.state is State.draft:
            await _drop(tx, file, await tx.clock.now(), NEVER_ENDED)


async def _drop(tx: Transaction, file: SharedFile, now: datetime, why: str) -> None:
    await take(tx, file, Step.drop, by=WAVEPOST, who=Who.wavepost, now=now, words=why)
