"""The link of a delivery: it opens nothing by itself, whoever has it; who comes by it proves who they are."""

from urllib.parse import quote

from handlers.errors import NotThere
from handlers.files.access_asking import ask_for_access
from handlers.files.fetching import reach, reached
from handlers.files.portal_asked import Asked
from handlers.files.portal_pages import (
    CODE,
    LINK,
    LINKS,
    NOTHING_FOR_YOU,
    PORTAL,
    SIGN_IN,
    file_path,
    portal_page_of,
)
from handlers.files.portal_signing_in import asking_page, code_for
from handlers.files.recipients import actor
from handlers.pages import GoTo, Html
from handlers.portal_doors import CodeAsked, May, PortalVisit, portal_form, portal_page
from store.delivery_rows import DeliveryRow
from store.session import Reading, Store


@portal_page(LINK, may=May.anyone)
async def landing(visit: PortalVisit, store: Store) -> Html:
    """Asks who it is, and tells nothing of the file. That somebody was here is noted, at most hourly."""
    async with store.reading() as reading:
        delivery = await _linked(reading, visit)
    if visit.is_navigation:
        async with store.transaction(actor="portal") as tx:
            await tx.evidence.note_fetched(delivery.id, visit.now, via="link", agent=visit.agent)
    if visit.recipient:
        return portal_page_of("portal_link", visit, name=visit.recipient.name)
    return asking_page(visit, onward=visit.path, is_link=True)


@portal_form(LINK, may=May.anyone)
async def ask_for_code(visit: PortalVisit, store: Store) -> Html | CodeAsked:
    """Sends a code, if the address is a recipient's: the answer is the same where it is nobody's."""
    async with store.reading() as reading:
        await _linked(reading, visit)
    return code_for(visit, store, visit.path)


@portal_form(f"{LINK}/open", may=May.recipient)
async def open_file(visit: PortalVisit, store: Store) -> Html | GoTo:
    """A recipient who is signed in opens the file; whose it is not may ask for it."""
    recipient = visit.proven
    async with store.transaction(actor=actor(recipient)) as tx:
        delivery = await _linked(tx, visit)
        held = await reach(tx, delivery, recipient, visit.now, via="link", agent=visit.agent)
    return GoTo(file_path(held.file.id)) if held else _not_yours(visit, asks=True)


@portal_form(f"{LINK}/access", may=May.recipient)
async def ask_for_theirs(visit: PortalVisit, store: Store) -> Html | GoTo:
    """A recipient to whom the file was not sent asks its sender for it; who has it by now goes there."""
    async with store.transaction(actor=actor(visit.proven)) as tx:
        delivery = await _linked(tx, visit)
        # That it is not theirs was noted when they pressed Open.
        held = await reached(tx, delivery, visit.proven, visit.now)
        if held and not held.is_strange:
            await reach(tx, delivery, visit.proven, visit.now, via="link", agent=visit.agent)
            return GoTo(file_path(held.file.id))
        is_asked = await ask_for_access(tx, delivery, visit.now, recipient=visit.proven)
    return _not_yours(visit, asks=False, is_asked=is_asked)


@portal_form(f"{PORTAL}/access", may=May.anyone)
async def ask_for_access_by_mail(visit: PortalVisit, store: Store) -> Html | GoTo:
    """Who gets no code asks the sender: the answer is the same whether their address is known."""
    asked = Asked.read(visit.asked)
    if asked is None:
        return GoTo(SIGN_IN)
    if asked.path.startswith(LINKS):
        async with store.transaction(actor="portal") as tx:
            delivery = await tx.deliveries.by_link(asked.path.removeprefix(LINKS))
            if delivery:
                await ask_for_access(tx, delivery, visit.now, address=asked.address)
    # Whether they were asked is for nobody to learn who only typed an address.
    return portal_page_of(
        "portal_asked", visit, address=asked.address, code=CODE, file=None, is_asked=True
    )


@portal_page(f"{LINKS}{{rest:path}}", may=May.anyone)
async def beside_a_link(visit: PortalVisit, store: Store) -> GoTo:  # noqa: ARG001 - nothing is looked for
    """What somebody, or a mail program, made of a link: one with a slash at its end is still that link."""
    link = visit.named["rest"].removesuffix("/")
    if not link or "/" in link:
        raise NotThere(NOTHING_FOR_YOU)
    return GoTo(LINKS + quote(link))


async def _linked(reading: Reading, visit: PortalVisit) -> DeliveryRow:
    """The delivery of the link; raises NotThere."""
    delivery = await reading.deliveries.by_link(visit.named["token"])
    if delivery is None:
        raise NotThere(NOTHING_FOR_YOU)
    return delivery


def _not_yours(visit: PortalVisit, *, asks: bool, is_asked: bool = False) -> Html:
    """What somebody is told who proved who they are, and to whom the file was not sent."""
    link, status = visit.path.rpartition("/")[0], 403 if asks else 200
    return portal_page_of(
        "portal_not_yours", visit, status=status, link=link, asks=asks, is_asked=is_asked
    )
