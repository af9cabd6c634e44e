"""The press that gives the bytes: decided anew each time, by a link of a minute or through us."""

from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog

from handlers.errors import NotThere, Refused
from handlers.files.fetching import SHOWN, STRANGE
from handlers.files.portal_pages import FILE, NOTHING_FOR_YOU, file_path
from handlers.files.recipients import actor, is_welcome
from handlers.pages import GoTo
from handlers.portal_doors import Bytes, May, PortalVisit, ToStore, portal_form
from rules.addresses import known_id
from rules.fetching import refusal
from rules.receipts import Kind, Refusal
from store.audit import Change
from store.fetches import Wanted
from store.file_links import link_to
from store.file_streams import read_stream
from store.files import Files, FilesUnavailable
from store.session import Store, Transaction

log = structlog.get_logger(__name__)

NO_STORE = (
    "There is no store for files here just now, so nothing could be downloaded. Please tell the person "
    "who sent you the file."
)
VIA = "portal"
"""By which way evidence came."""
MOST_GIVEN_BACK = 3
"""So many downloads that broke off do not count against the limit of a delivery."""


@portal_form(f"{FILE}/download", may=May.recipient)
async def download(visit: PortalVisit, store: Store) -> GoTo | ToStore | Bytes:
    """Gives the bytes, or goes back to the page that says why not."""
    if visit.files is None:
        raise Refused(NO_STORE)
    try:
        decided = await _decided(visit, store, visit.files)
    except FilesUnavailable as error:
        # What it says is for who runs this, and names what is theirs.
        log.warning("a file could not be given", reason=str(error))
        raise Refused(NO_STORE) from error
    if not isinstance(decided, Refusal):
        return decided
    if decided in STRANGE:
        raise NotThere(NOTHING_FOR_YOU)
    return GoTo(file_path(_file_of(visit)))


async def _decided(visit: PortalVisit, store: Store, files: Files) -> Refusal | ToStore | Bytes:
    """Decide, count and note, all or nothing; why nothing is given, or what is."""
    recipient = visit.proven
    async with AsyncExitStack() as undo:
        async with store.transaction(actor=actor(recipient)) as tx:
            wanted = await tx.fetches.wanted(_file_of(visit), recipient.id, for_change=True)
            if wanted is None:
                raise NotThere(NOTHING_FOR_YOU)
            why = refusal(wanted.asked, visit.now) or await _issued(tx, wanted, visit)
            if why:
                await _note(tx, wanted, Kind.refused, visit.now, visit, why)
                return why
            given = await _given(files, wanted, store, visit)
            if isinstance(given, Bytes):
                undo.push_async_callback(given.rest.aclose)
            tx.audit(Change("file fetched", f"file {wanted.number}"))
        # It was kept that they are given: from here on the answer closes the stream.
        undo.pop_all()
    return given


def _file_of(visit: PortalVisit) -> UUID:
    """Which file it is about; raises NotThere where that is none."""
    named = known_id(visit.named["id"])
    if named is None:
        raise NotThere(NOTHING_FOR_YOU)
    return named


async def _issued(tx: Transaction, wanted: Wanted, visit: PortalVisit) -> Refusal | None:
    """Count the download as given; of many at once no more get through than the limit says."""
    is_within = await tx.fetches.issue(
        wanted.delivery_id,
        visit.now,
        most=wanted.most_fetches,
        by=visit.proven.id,
        via=VIA,
        agent=visit.agent,
    )
    return None if is_within else Refusal.limit_reached


async def _given(files: Files, wanted: Wanted, store: Store, visit: PortalVisit) -> ToStore | Bytes:
    """The bytes themselves where the space has them go through us, else a link to them."""
    name, version = wanted.file_name, wanted.object_version
    if not wanted.is_proxied:
        return ToStore(await link_to(files, wanted.key, version=version, name=name))
    stream = read_stream(files, wanted.key, version=version)
    # Its first piece is asked for now: a store that is away is told in words.
    first = await anext(stream, b"")
    return Bytes(
        name,
        wanted.size or 0,
        wanted.sha256 or "",
        first,
        stream,
        partial(_completed, store, wanted, visit),
        partial(_broke_off, store, wanted, visit),
        partial(_is_theirs, store, wanted, visit),
    )


async def _completed(store: Store, wanted: Wanted, visit: PortalVisit) -> None:
    """Note that all bytes went out."""
    async with store.transaction(actor=actor(visit.proven)) as tx:
        await _note(tx, wanted, Kind.completed, await tx.clock.now(), visit)


async def _broke_off(store: Store, wanted: Wanted, visit: PortalVisit) -> None:
    """Give the fetch back that came to nothing: a limit counts files, not broken connections.

    A few times, as who breaks off just before the end has nearly all of it. One that is broken off by
    our own end, in a crash, stays counted: its sender can allow another.
    """
    async with store.transaction(actor=actor(visit.proven)) as tx:
        await tx.fetches.give_back(wanted.delivery_id, most=MOST_GIVEN_BACK)


async def _is_theirs(store: Store, wanted: Wanted, visit: PortalVisit) -> bool:
    """Whether they may have, by now, what is on its way to them; that they may not is noted.

    That this very download was the last one that they had does not count against it.
    """
    recipient = visit.proven
    async with store.transaction(actor=actor(recipient)) as tx:
        now = await tx.clock.now()
        still = await tx.fetches.wanted(wanted.file_id, recipient.id)
        if still is None or not await is_welcome(tx, recipient):
            return False
        why = refusal(still.asked, now)
        if why in SHOWN:
            return True
        await _note(tx, wanted, Kind.refused, now, visit, why)
    return False


async def _note(
    tx: Transaction,
    wanted: Wanted,
    kind: Kind,
    now: datetime,
    visit: PortalVisit,
    why: Refusal | None = None,
) -> None:
    """Keep as evidence what came of a press of Download."""
    await tx.evidence.note(
        wanted.delivery_id, kind, now, by=visit.proven.id, why=why, via=VIA, agent=visit.agent
    )
