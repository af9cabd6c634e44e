"""Coming into the portal: a code by mail, a one-time link from Slack, and going out again."""

from functools import partial

from handlers.files.fetching import reach
from handlers.files.portal_asked import Asked, within_portal
from handlers.files.portal_codes import send_code, short_codes_hold, try_code
from handlers.files.portal_pages import CODE, LINKS, PORTAL, SIGN_IN, file_path, portal_page_of
from handlers.files.recipients import actor, is_welcome
from handlers.pages import GoTo, Html
from handlers.portal_doors import (
    CodeAsked,
    May,
    PortalVisit,
    SignedIn,
    SignedOut,
    portal_form,
    portal_page,
)
from rules.addresses import is_mail_address
from store.audit import Change
from store.session import Store, Transaction
from store.space_rows import RecipientRow

ENTER = f"{PORTAL}/enter/{{token}}"
GONE = 410
NO_ADDRESS = (
    "This is no e-mail address, so nothing was sent. Please type it as people write to you."
)


@portal_page(SIGN_IN, may=May.anyone)
async def sign_in(visit: PortalVisit, _store: Store) -> Html | GoTo:
    """Asks for the address to which a code goes; who is in goes on."""
    path = within_portal(visit.query.get("next", PORTAL))
    return GoTo(path) if visit.recipient else asking_page(visit, onward=path)


@portal_form(SIGN_IN, may=May.anyone)
async def ask_for_code(visit: PortalVisit, store: Store) -> Html | CodeAsked:
    """Sends a code, if the address is a recipient's: the answer is the same where it is nobody's."""
    return code_for(visit, store, within_portal(visit.form.get("next", PORTAL)))


@portal_page(CODE, may=May.anyone)
async def code_page(visit: PortalVisit, store: Store) -> Html | GoTo:
    """Asks for the code that was sent."""
    asked = Asked.read(visit.asked)
    if asked is None:
        return GoTo(SIGN_IN)
    async with store.reading() as reading:
        short_hold = await short_codes_hold(reading, asked.address)
    return typing_page(visit, asked, short_hold=short_hold)


@portal_form(CODE, may=May.anyone)
async def enter_code(visit: PortalVisit, store: Store) -> Html | GoTo | SignedIn:
    """Lets in who typed the code."""
    asked = Asked.read(visit.asked)
    if asked is None:
        return GoTo(SIGN_IN)
    async with store.transaction(actor="portal") as tx:
        tried = await try_code(tx, asked.address, visit.form.get("code", ""))
        if tried.reader:
            return await let_in(tx, visit, tried.reader.recipient, asked.path)
    return typing_page(visit, asked, short_hold=tried.left > 0, left=tried.left)


@portal_page(ENTER, may=May.anyone)
async def look_at_entry(visit: PortalVisit, store: Store) -> Html:
    """Asks whether to go on. A link preview comes this far, and the link stays good."""
    async with store.reading() as reading:
        entry = await reading.portal.look_entry(visit.named["token"])
        recipient = await reading.spaces.recipient(entry[0]) if entry else None
    if recipient is None:
        return used_up(visit)
    return portal_page_of("portal_enter", visit, name=recipient.name)


@portal_form(ENTER, may=May.anyone)
async def use_entry(visit: PortalVisit, store: Store) -> Html | SignedIn:
    """Uses the link up, and lets its recipient in."""
    async with store.transaction(actor="portal") as tx:
        entry = await tx.portal.use_entry(visit.named["token"])
        recipient = await tx.spaces.recipient(entry[0]) if entry else None
        if entry and recipient and await is_welcome(tx, recipient):
            return await let_in(tx, visit, recipient, within_portal(entry[1]))
    return used_up(visit)


@portal_form(f"{PORTAL}/sign-out", may=May.recipient)
async def sign_out(visit: PortalVisit, store: Store) -> SignedOut:
    """In this browser; whoever has a copy of its session is signed out with it."""
    async with store.transaction(actor=actor(visit.proven)) as tx:
        await tx.portal.end_session(visit.token)
    return SignedOut(SIGN_IN)


def code_for(visit: PortalVisit, store: Store, onward: str) -> Html | CodeAsked:
    """Begin to prove who reads the mail of the address that was typed, and go on from there."""
    if visit.mailer is None:
        return asking_page(visit, onward=onward)
    address = visit.form.get("address", "").strip()
    if not is_mail_address(address):
        return asking_page(visit, onward=onward, wrong=NO_ADDRESS, address=address)
    asked = Asked(address, onward)
    return CodeAsked(asked.kept(), CODE, partial(send_code, store, visit.mailer, address))


def asking_page(
    visit: PortalVisit, *, onward: str, wrong: str = "", address: str = "", is_link: bool = False
) -> Html:
    """The page that asks for an address; it says so where no mail leaves here."""
    return portal_page_of(
        "portal_sign_in",
        visit,
        onward=onward,
        wrong=wrong,
        address=address,
        is_link=is_link,
        sends_mail=visit.mailer is not None,
    )


def typing_page(
    visit: PortalVisit, asked: Asked, *, short_hold: bool, left: int | None = None
) -> Html:
    """The page that asks for the code; after a wrong one, with how many more short codes bear.

    `short_hold` says whether codes of six digits let in at all.
    """
    return portal_page_of(
        "portal_code",
        visit,
        address=asked.address,
        onward=asked.path,
        short_hold=short_hold,
        left=left,
        is_link=asked.path.startswith(LINKS),
    )


def used_up(visit: PortalVisit) -> Html:
    """What is said of a one-time link that is not good any more."""
    return portal_page_of("portal_used_up", visit, status=GONE)


async def let_in(
    tx: Transaction, visit: PortalVisit, recipient: RecipientRow, onward: str
) -> SignedIn:
    """Begin a session, always a new one, and end the one that this browser had.

    Who came by the link of a delivery has pressed by typing the code: they go on to its file.
    """
    await tx.portal.end_session(visit.token)
    token = await tx.portal.begin_session(recipient.id)
    tx.audit(Change("signed in to the portal", f"recipient {recipient.id}"))
    delivery = await tx.deliveries.by_link(onward.removeprefix(LINKS))
    if delivery and onward.startswith(LINKS):
        held = await reach(tx, delivery, recipient, visit.now, via="link", agent=visit.agent)
        return SignedIn(token, file_path(held.file.id) if held else onward)
    return SignedIn(token, onward)
