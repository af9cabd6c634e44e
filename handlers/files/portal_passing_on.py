"""What a recipient does with a file besides having it: passes it on, or asks for it again."""

from urllib.parse import quote

from handlers.errors import Refused
from handlers.files.access_asking import ask_for_new_link
from handlers.files.fetching import SHOWN, held_at
from handlers.files.portal_pages import FILE, LINK, file_path, portal_page_of
from handlers.files.recipients import actor
from handlers.pages import GoTo, Html
from handlers.portal_doors import May, PortalVisit, portal_form
from rules.receipts import Kind, Refusal
from store.session import Store

NO_ADDRESS = (
    "No link can be made here yet, so none was: Wavepost does not know the address of its own pages. "
    "Please tell who sent you the file; whoever runs Wavepost sets it in WAVEPOST_ADDRESS."
)
NOT_NOW = "This file cannot be had just now, so no link was made. Its page says why."


@portal_form(f"{FILE}/pass-on", may=May.recipient)
async def pass_on(visit: PortalVisit, store: Store) -> Html:
    """Makes a link for colleagues: it is shown once, and opens nothing by itself."""
    if not visit.web:
        raise Refused(NO_ADDRESS)
    recipient = visit.proven
    async with store.transaction(actor=actor(recipient)) as tx:
        held = await held_at(tx, visit)
        if held.refused not in SHOWN:
            raise Refused(NOT_NOW)
        token = await tx.deliveries.new_link(held.delivery.id, str(recipient.id))
        await tx.evidence.note(
            held.delivery.id,
            Kind.reshared,
            visit.now,
            by=recipient.id,
            via="portal",
            agent=visit.agent,
        )
    address = visit.web + LINK.format(token=quote(token))
    return portal_page_of(
        "portal_passed_on", visit, scripts=True, file=held.file.row, address=address
    )


@portal_form(f"{FILE}/ask", may=May.recipient)
async def ask_again(visit: PortalVisit, store: Store) -> Html | GoTo:
    """Asks the sender for what expired; where it did not, the page says how it stands."""
    async with store.transaction(actor=actor(visit.proven)) as tx:
        held = await held_at(tx, visit)
        if held.refused is not Refusal.expired:
            return GoTo(file_path(held.file.id))
        is_asked = await ask_for_new_link(tx, held.delivery, visit.now)
    return portal_page_of("portal_asked", visit, address="", file=held.file.row, is_asked=is_asked)
