"""Codes by mail: sent and tried, in ways that do not tell whose addresses are known."""

import secrets
from dataclasses import dataclass
from uuid import UUID

import structlog

from handlers.blocks import Words
from handlers.files.mailing import Letter, Mailer, MailUnavailable, MailUnclear
from handlers.files.recipients import Reader, reader_of
from rules.one_time_code import (
    DIGITS,
    MOST_TRIES_IN_ALL,
    digest,
    grouped,
    is_right,
    is_sent,
    length,
    tries_left,
    typed,
)
from store.portal import address_hash
from store.session import OutcomeUnknown, Reading, Store, StoreUnavailable, Transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a code that was typed: who it lets in, and how many more wrong ones are borne."""

    reader: Reader | None
    left: int


async def send_code(store: Store, mailer: Mailer, address: str) -> None:
    """Mail a code, if the address is a welcome recipient's and none is on its way there.

    What becomes of it is told to nobody: that would tell whose addresses are known.
    """
    try:
        made = await _made(store, address)
        if made is None:
            return
        code_id, letter = made
        try:
            await mailer.send(letter)
        except MailUnclear as error:
            # Its mail may arrive, and who types what it says is to be let in.
            log.warning("a code may have been sent or not", reason=str(error))
        except MailUnavailable as error:
            log.warning("a code could not be sent", reason=str(error))
            # Whoever asks again is sent another at once.
            async with store.transaction(actor="portal") as tx:
                await tx.portal.take_code_back(code_id)
    except (StoreUnavailable, OutcomeUnknown) as error:
        log.warning("a code could not be sent", reason=str(error))


async def try_code(tx: Transaction, address: str, text: str) -> Tried:
    """Try a code that was typed for an address: used up if it is right, one wrong one more if it is not.

    An address that nobody has is looked up and counted as one that somebody has, by the same queries.
    """
    hashed = address_hash(address)
    await tx.portal.hold_address(hashed)
    codes = [row.code for row in await tx.portal.codes(hashed)]
    wrong = await tx.portal.wrong_lately(hashed)
    now = await tx.portal.moment()
    reader = None
    if is_right(codes, digest(hashed, typed(text)), now, wrong):
        reader = await reader_of(tx, address)
    if reader:
        await tx.portal.use_codes(hashed)
        return Tried(reader, tries_left(wrong))
    if wrong < MOST_TRIES_IN_ALL:
        # More change nothing: whoever types on and on fills no table.
        await tx.portal.note_wrong(hashed)
    return Tried(None, tries_left(wrong + 1))


async def short_codes_hold(reading: Reading, address: str) -> bool:
    """Whether codes of six digits let in: not once too many wrong ones were typed for this address.

    It is counted of an address that nobody has as of one that somebody has.
    """
    return tries_left(await reading.portal.wrong_lately(address_hash(address))) > 0


async def _made(store: Store, address: str) -> tuple[UUID, Letter] | None:
    """A new code and the mail that brings it; None where none is to be sent."""
    hashed = address_hash(address)
    async with store.transaction(actor="portal") as tx:
        reader = await reader_of(tx, address)
        if reader is None:
            return None
        await tx.portal.hold_address(hashed)
        codes = [row.code for row in await tx.portal.codes(hashed)]
        wrong = await tx.portal.wrong_lately(hashed)
        if not is_sent(codes, await tx.portal.moment(), wrong):
            return None
        count = length(wrong, await tx.portal.wrong_in_all())
        is_long = count > DIGITS
        digits = "".join(str(secrets.randbelow(10)) for _ in range(count))
        code_id = await tx.portal.keep_code(hashed, digest(hashed, digits), is_long=is_long)
    words = Words("portal_mail", digits=grouped(digits), is_long=is_long)
    return code_id, Letter(reader.address, words.plain("subject"), words.plain("text"))
