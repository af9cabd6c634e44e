"""What the days of files ask for when the clock knocks: reminders, expiry, and the end of their bytes.

Any number of replicas may knock at once: who holds a file looks again whether it is still due, and
what is said is committed with what was noted, so each is told once.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from uuid import UUID

import structlog

from handlers.files.expiring import expire
from handlers.files.file_reminding import remind
from handlers.files.removing import drop_abandoned, drop_forgotten, remove_bytes
from handlers.files.taking import WAVEPOST
from store.files import Files, FilesUnavailable
from store.session import OutcomeUnknown, Store, StoreUnavailable, Transaction
from store.shared_files import SharedFile

log = structlog.get_logger(__name__)

Does = Callable[[Transaction, UUID, datetime], Awaitable[None]]


async def knock(store: Store, files: Files | None) -> None:
    """Do all that the days of files ask for now; bytes are removed where there is a bucket."""
    async with store.reading() as reading:
        now = await reading.clock.now()
        expired = _parcels(await reading.due_files.to_expire(now))
        soon = _parcels(await reading.due_files.to_remind(now))
        forgotten = await reading.due_files.to_drop(now)
        ended = await reading.due_files.to_remove(now)
    await _each(store, expired, expire)
    await _each(store, soon, remind)
    await _each(store, [file.id for file in forgotten], drop_forgotten)
    if files is None:
        return
    await drop_abandoned(store, files)
    for file in ended:
        try:
            await remove_bytes(store, files, file.id)
        except FilesUnavailable as trouble:
            log.warning("bytes could not be removed", file=file.number, reason=str(trouble))


def _parcels(files: Iterable[SharedFile]) -> list[UUID]:
    """The parcels of files, each once: whoever got several of one is told once."""
    return [*dict.fromkeys(file.row.parcel_id for file in files)]


async def _each(store: Store, ids: Iterable[UUID], does: Does) -> None:
    """Do it for each, in a transaction of its own."""
    for each in ids:
        try:
            async with store.transaction(actor=WAVEPOST) as tx:
                await does(tx, each, await tx.clock.now())
        except (StoreUnavailable, OutcomeUnknown):
            raise
        except Exception:
            # What is wrong with one must not keep all the others waiting.
            log.exception("the day of a file could not be minded", about=str(each))
