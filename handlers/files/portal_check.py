"""The check of a download: the recipient's own browser computes its SHA-256, and says so."""

import hmac

from handlers.errors import Refused
from handlers.files.fetching import Held, held_at
from handlers.files.portal_pages import FILE, file_path, portal_page_of
from handlers.files.recipients import actor
from handlers.pages import GoTo, Html
from handlers.portal_doors import May, PortalVisit, portal_form, portal_page
from rules.receipts import Kind, Refusal
from store.session import Store
from store.shared_files import SharedFile

OTHER_BYTES = (
    "These are other bytes than those that were sent, so nothing was confirmed. Please download the file "
    "again, and check what you get then. If it goes on, tell the person who sent it."
)


@portal_page(f"{FILE}/check", may=May.recipient)
async def check_page(visit: PortalVisit, store: Store) -> Html | GoTo:
    """Has the browser compute what a file on the recipient's own disk is."""
    async with store.reading() as reading:
        held = await held_at(reading, visit)
    return _taken_back(held) or _page(visit, held.file)


@portal_form(f"{FILE}/check", may=May.recipient)
async def confirm(visit: PortalVisit, store: Store) -> Html | GoTo:
    """The recipient's computer found this SHA-256; it is kept where they downloaded the file here.

    The sum stands on the file's page, so that it was typed proves nothing of who never had the bytes.
    """
    async with store.transaction(actor=actor(visit.proven)) as tx:
        held = await held_at(tx, visit)
        if back := _taken_back(held):
            return back
        found = visit.form.get("sha256", "").strip().lower()
        if not hmac.compare_digest(found.encode(), (held.file.row.sha256 or "").encode()):
            raise Refused(OTHER_BYTES)
        is_kept = await tx.evidence.was_issued(held.delivery.id, visit.proven.id)
        if is_kept:
            await tx.evidence.note(
                held.delivery.id,
                Kind.confirmed,
                visit.now,
                by=visit.proven.id,
                via="portal",
                agent=visit.agent,
            )
    return _page(visit, held.file, is_same=True, is_kept=is_kept)


def _taken_back(held: Held) -> GoTo | None:
    """To the page that says so, where the file was taken back: what somebody has of it is not to be used."""
    return GoTo(file_path(held.file.id)) if held.refused is Refusal.revoked else None


def _page(
    visit: PortalVisit, file: SharedFile, *, is_same: bool = False, is_kept: bool = False
) -> Html:
    return portal_page_of(
        "portal_check", visit, scripts=True, file=file.row, is_same=is_same, is_kept=is_kept
    )
