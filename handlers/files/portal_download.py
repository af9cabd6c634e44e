"""The press that gives the bytes: decided anew each time, by a link of a minute or through us."""

from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial

import structlog

from handlers.errors import NotThere, Refused
from handlers.files.fetching import SHOWN, Held, holding
from handlers.files.portal_pages import FILE, NOTHING_FOR_YOU, file_path
from handlers.files.recipients import actor, is_welcome
from handlers.pages import GoTo
from handlers.portal_doors import Bytes, May, PortalVisit, ToStore, portal_form
from rules.receipts import Kind, Refusal
from store.audit import Change
from store.file_links import link_to
from store.file_streams import read_stream
from store.files import Files, FilesUnavailable
from store.session import Store, Transaction

log = structlog.get_logger(__name__)

NO_STORE = (
    "There is no store for files here just now, so nothing could be downloaded. Please tell the person "
    "who sent you the file."
)
MOST_GIVEN_BACK = 3
"""So many downloads that broke off do not count against the limit of a delivery."""


@portal_form(f"{FILE}/download", may=May.recipient)
async def download(visit: PortalVisit, store: Store) -> GoTo | ToStore | Bytes:
    """Gives the bytes, or goes back to the page that says why not."""
    if visit.files is None:
        raise Refused(NO_STORE)
    try:
        held, given = await _decided(visit, store, visit.files)
    except FilesUnavailable as error:
        # What it says is for who runs this, and names what is theirs.
        log.warning("a file could not be given", reason=str(error))
        raise Refused(NO_STORE) from error
    if given:
        return given
    if held.is_strange:
        raise NotThere(NOTHING_FOR_YOU)
    return GoTo(file_path(held.file.id))


async def _decided(
    visit: PortalVisit, store: Store, files: Files
) -> tuple[Held, ToStore | Bytes | None]:
    """Decide, count and note, all or nothing; and what is given, None where nothing is."""
    recipient = visit.proven
    async with AsyncExitStack() as undo:
        async with store.transaction(actor=actor(recipient)) as tx:
            held = await holding(tx, visit.named["id"], recipient, visit.now, for_change=True)
            if held is None:
                raise NotThere(NOTHING_FOR_YOU)
            why = held.refused or await _counted(tx, held)
            given = None if why else await _given(files, held, store, visit)
            if isinstance(given, Bytes):
                undo.push_async_callback(given.rest.aclose)
            await _note(tx, held, Kind.refused if why else Kind.issued, visit.now, visit, why)
            if given:
                tx.audit(Change("file fetched", f"file {held.file.number}"))
        # It was kept that they are given: from here on the answer closes the stream.
        undo.pop_all()
    return held, given


async def _counted(tx: Transaction, held: Held) -> Refusal | None:
    """Count the fetch; of many at once no more get through than the limit says."""
    most = held.file.row.most_fetches
    is_within = await tx.deliveries.count_fetch(held.delivery.id, most)
    return None if is_within else Refusal.limit_reached


async def _given(files: Files, held: Held, store: Store, visit: PortalVisit) -> ToStore | Bytes:
    """The bytes themselves where the space has them go through us, else a link to them."""
    row = held.file.row
    if not held.is_proxied:
        address = await link_to(files, row.key, version=row.object_version, name=row.file_name)
        return ToStore(address)
    stream = read_stream(files, row.key, version=row.object_version)
    # Its first piece is asked for now: a store that is away is told in words.
    first = await anext(stream, b"")
    return Bytes(
        row.file_name,
        row.size or 0,
        row.sha256 or "",
        first,
        stream,
        partial(_completed, store, held, visit),
        partial(_broke_off, store, held),
        partial(_is_theirs, store, held, visit),
    )


async def _completed(store: Store, held: Held, visit: PortalVisit) -> None:
    """Note that all bytes went out."""
    async with store.transaction(actor=actor(held.recipient)) as tx:
        await _note(tx, held, Kind.completed, await tx.clock.now(), visit)


async def _broke_off(store: Store, held: Held) -> None:
    """Give the fetch back that came to nothing: a limit counts files, not broken connections.

    A few times, as who breaks off just before the end has nearly all of it. One that is broken off by
    our own end, in a crash, stays counted: its sender can allow another.
    """
    async with store.transaction(actor=actor(held.recipient)) as tx:
        await tx.deliveries.give_back(held.delivery.id, most=MOST_GIVEN_BACK)


async def _is_theirs(store: Store, held: Held, visit: PortalVisit) -> bool:
    """Whether they may have, by now, what is on its way to them; that they may not is noted.

    That this very download was the last one that they had does not count against it.
    """
    recipient = held.recipient
    async with store.transaction(actor=actor(recipient)) as tx:
        now = await tx.clock.now()
        still = await holding(tx, visit.named["id"], recipient, now)
        if still is None or not await is_welcome(tx, recipient):
            return False
        if still.refused in SHOWN:
            return True
        await _note(tx, held, Kind.refused, now, visit, still.refused)
    return False


async def _note(
    tx: Transaction,
    held: Held,
    kind: Kind,
    now: datetime,
    visit: PortalVisit,
    why: Refusal | None = None,
) -> None:
    """Keep as evidence what came of a press of Download."""
    await tx.evidence.note(
        held.delivery.id,
        kind,
        now,
        by=held.recipient.id,
        why=why,
        via="portal",
        agent=visit.agent,
    )
