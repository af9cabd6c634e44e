"""Looking at the published list of escalated stores, every few minutes, by whichever replica is first."""

import asyncio
import contextlib
import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from bot.child import in_child
from bot.published_sheet import NotReached, Place, fetch
from bot.settings import PublishedSheetSettings
from handlers.import_files import CheckedSheet, Unreadable, read_files
from handlers.importing import ImportingNow
from handlers.jobs import ChildDied
from handlers.published_list import miss, refuse, take_in
from rules.columns import Kind
from store.session import Store, StoreUnavailable

log = structlog.get_logger(__name__)

NAME = "published.csv"
"""What the list is called where sheets have names; its address stays a secret."""


async def look(store: Store, settings: PublishedSheetSettings, *, leads_channel: str) -> None:
    """Look at the list where one is set, unless somebody looked a moment ago."""
    if settings.address is None:
        return
    address = settings.address.get_secret_value()
    sheet = hashlib.sha256(address.encode()).hexdigest()
    with contextlib.suppress(StoreUnavailable, ImportingNow):
        async with store.transaction(actor="clock") as tx:
            pause = timedelta(minutes=settings.minutes)
            is_ours, mark = await tx.sheet_polls.claim(sheet, pause=pause)
            today = (await tx.clock.now()).date()
        if not is_ours:
            return
        place = Place(address, settings.hosts, within=settings.within)
        try:
            published = await fetch(place, mark)
            if published is None:
                return
            checked = await _read(published.content, today)
        except NotReached as trouble:
            log.warning("the published list could not be had", why=str(trouble))
            await miss(store, sheet, str(trouble), leads_channel=leads_channel)
        except (Unreadable, ChildDied) as trouble:
            await refuse(store, sheet, trouble.plain, leads_channel=leads_channel)
        else:
            await take_in(store, sheet, checked, published.etag, leads_channel=leads_channel)


async def _read(content: bytes, today: date) -> Sequence[CheckedSheet]:
    """The rows of the list, read in a process of their own, which a bad file may take down."""
    with TemporaryDirectory(prefix="wavepost-list-") as folder:
        path = Path(folder, NAME)
        await asyncio.to_thread(path.write_bytes, content)
        return await in_child(partial(read_files, today=today, kind=Kind.escalated_stores), [path])
