"""The press that gives the bytes: decided anew each time, by a link of a minute or through us."""

from collections.abc import AsyncGenerator
from functools import partial

import structlog

from handlers.errors import NotThere, Refused
from handlers.files.fetching import Held, holding, why_not
from handlers.files.portal_pages import FILE, NOTHING_FOR_YOU, file_path
from handlers.files.recipients import actor
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
    async with store.transaction(actor=actor(recipient)) as tx:
        held = await holding(tx, visit.named["id"], recipient, visit.now)
        if held is None:
            raise NotThere(NOTHING_FOR_YOU)
        why = held.refused or await _counted(tx, held) or await _meanwhile(tx, held, visit)
        given = None if why else await _given(files, held, store, visit)
        await tx.deliveries.note(
            held.delivery.id,
            Kind.refused if why else Kind.issued,
            visit.now,
            by=recipient.id,
            why=why,
            via="portal",
            agent=visit.agent,
        )
        if given:
            tx.audit(Change("file fetched", f"file {held.file.number}"))
    return held, given


async def _counted(tx: Transaction, held: Held) -> Refusal | None:
    """Count the fetch; of many at once no more get through than the limit says."""
    most = held.file.row.most_fetches
    is_within = await tx.deliveries.count_fetch(held.delivery.id, most)
    return None if is_within else Refusal.limit_reached


async def _meanwhile(tx: Transaction, held: Held, visit: PortalVisit) -> Refusal | None:
    """Why it is refused by now: this press may have waited for others, and it was revoked since."""
    file = await tx.shared_files.get(held.file.id)
    if file is None:
        return Refusal.removed
    return await why_not(tx, held.delivery, file, held.recipient, visit.now)


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
        _with(first, stream),
        partial(_completed, store, held, visit),
    )


async def _completed(store: Store, held: Held, visit: PortalVisit) -> None:
    """Note that all bytes went out."""
    async with store.transaction(actor=actor(held.recipient)) as tx:
        now = await tx.clock.now()
        await tx.deliveries.note(
            held.delivery.id,
            Kind.completed,
            now,
            by=held.recipient.id,
            via="portal",
            agent=visit.agent,
        )


async def _with(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    try:
        yield first
        async for chunk in rest:
            yield chunk
    finally:
        await rest.aclose()
