"""Asking the scanner again about files that wait for it: as soon as it answers, they are checked anew."""

from datetime import timedelta

from handlers.files.file_checks import CHECK_AGAIN
from handlers.files.receiving import asked_for
from handlers.scanning import Scanner, ScannerUnavailable
from store.session import Store
from store.waiting_files import Waiting, waiting_for_scanner

PAUSE = timedelta(days=1)
"""So long nothing is begun again that could not be done: its sender hears of each time."""


async def knock(store: Store, scanner: Scanner | None) -> None:
    """Have checked what waits, where the scanner answers, or was taken out of the settings since.

    Nobody hears of it before something comes of it. Raises StoreUnavailable.
    """
    async with store.reading() as reading:
        waiting = await waiting_for_scanner(reading.connection)
    if waiting and await _answers(scanner):
        for each in waiting:
            await _begin(store, each)


async def _answers(scanner: Scanner | None) -> bool:
    if scanner is None:
        return True
    try:
        await scanner.version()
    except ScannerUnavailable:
        return False
    return True


async def _begin(store: Store, waiting: Waiting) -> None:
    """While one such check of the same sending goes on, or could not be done lately, no other is begun."""
    key = f"{CHECK_AGAIN} {waiting.parcel_id}"
    async with store.transaction(actor=waiting.by) as tx:
        if await tx.jobs.failed_lately(key, PAUSE):
            return
        await tx.jobs.start(
            CHECK_AGAIN,
            asked_for(waiting.versions),
            by=waiting.by,
            key=key,
            about=f"Delivery of {waiting.title}",
        )
