"""Coming into the portal: a code by mail, a one-time link from Slack, and going out again."""

import secrets
from functools import partial

import structlog

from handlers.blocks import Words
from handlers.files.fetching import reach
from handlers.files.mailing import Letter, Mailer, MailUnavailable
from handlers.files.portal_asked import Asked, within_portal
from handlers.files.portal_pages import CODE, LINKS, PORTAL, SIGN_IN, file_path, portal_page_of
from handlers.files.recipients import actor, is_welcome, reader_of
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
from rules.one_time_code import DIGITS, Verdict, judged, may_ask_at, typed
from store.audit import Change
from store.session import Store, StoreUnavailable, Transaction
from store.space_rows import RecipientRow

log = structlog.get_logger(__name__)

ENTER = f"{PORTAL}/enter/{{token}}"
GONE = 410
NO_ADDRESS = (
    "This is no e-mail address, so nothing was sent. Please type it as people write to you."
)
NOT_THE_CODE = (
    "This is not the code, or it is over: a code works once, in the browser that asked for it, within "
    "ten minutes and five tries. Only the newest one counts. Type it again, or ask for another one."
)


@portal_page(SIGN_IN, may=May.anyone)
async def sign_in(visit: PortalVisit, store: Store) -> Html | GoTo:  # noqa: ARG001 - every page takes both
    """Asks for the address to which a code goes; who is in goes on."""
    path = within_portal(visit.query.get("next", PORTAL))
    return GoTo(path) if visit.recipient else asking_page(visit, onward=path)


@portal_form(SIGN_IN, may=May.anyone)
async def ask_for_code(visit: PortalVisit, store: Store) -> Html | CodeAsked:
    """Sends a code, if the address is a recipient's: the answer is the same where it is nobody's."""
    return code_for(visit, store, within_portal(visit.form.get("next", PORTAL)))


@portal_page(CODE, may=May.anyone)
async def code_page(visit: PortalVisit, store: Store) -> Html | GoTo:  # noqa: ARG001 - the same
    """Asks for the code that was sent."""
    asked = Asked.read(visit.asked)
    return typing_page(visit, asked) if asked else GoTo(SIGN_IN)


@portal_form(CODE, may=May.anyone)
async def enter_code(visit: PortalVisit, store: Store) -> Html | GoTo | SignedIn:
    """Lets in who typed the code."""
    asked = Asked.read(visit.asked)
    if asked is None:
        return GoTo(SIGN_IN)
    async with store.transaction(actor="portal") as tx:
        reader = await reader_of(tx, asked.address)
        digits = typed(visit.form.get("code", ""))
        if reader and await _is_right(tx, reader.recipient, asked, digits):
            return await let_in(tx, visit, reader.recipient, asked.path)
    return typing_page(visit, asked, NOT_THE_CODE)


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
    before = Asked.read(visit.asked)
    asked = before.again(address, onward) if before else Asked.anew(address, onward)
    return CodeAsked(asked.kept(), CODE, partial(_send_code, store, visit.mailer, asked))


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


def typing_page(visit: PortalVisit, asked: Asked, wrong: str = "") -> Html:
    """The page that asks for the code."""
    return portal_page_of(
        "portal_code",
        visit,
        address=asked.address,
        onward=asked.path,
        wrong=wrong,
        digits=DIGITS,
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


async def _send_code(store: Store, mailer: Mailer, asked: Asked) -> None:
    """Mail a code, if the address is a welcome recipient's who did not ask too often.

    What becomes of it is told to nobody: that would tell whose addresses are known.
    """
    try:
        async with store.transaction(actor="portal") as tx:
            reader = await reader_of(tx, asked.address)
            if reader is None:
                return
            lately = await tx.portal.asked_lately(reader.recipient.id)
            now = await tx.portal.moment()
            if may_ask_at(lately, now) > now:
                log.warning("codes were asked for too often", recipient=str(reader.recipient.id))
                return
            digits = "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
            await tx.portal.keep_code(reader.recipient.id, asked.secret, asked.digest(digits))
        words = Words("portal_mail", digits=f"{digits[:3]} {digits[3:]}")
        await mailer.send(Letter(reader.address, words.plain("subject"), words.plain("text")))
    except (StoreUnavailable, MailUnavailable) as error:
        log.warning("a code could not be sent", reason=str(error))


async def _is_right(tx: Transaction, recipient: RecipientRow, asked: Asked, digits: str) -> bool:
    """Whether this is the newest code of this browser; used up if it is, a try more if it is not."""
    newest = await tx.portal.newest_code(recipient.id, asked.secret, for_change=True)
    if newest is None:
        return False
    verdict = judged(newest.code, asked.digest(digits), await tx.portal.moment())
    if verdict is Verdict.right:
        return await tx.portal.use_code(newest.id)
    await tx.portal.try_code(newest.id)
    return False
