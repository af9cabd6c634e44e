"""What recipients hear of what they asked a sender for."""

from handlers.blocks import Words, actions, built, section
from handlers.dates import short
from handlers.files.parcel_mail import letter, mail_of, mail_words
from handlers.files.parcel_told import LONGEST_TITLE, Given, open_button
from store.access_requests import AccessRequestRow
from store.mails import Mail
from store.outbox import Message
from store.session import Transaction
from store.shared_files import SharedFile
from store.space_rows import RecipientRow

CAUSE = "file request answered"


async def tell_answer(
    tx: Transaction, request: AccessRequestRow, file: SharedFile, answer: str
) -> None:
    """Tell who asked that they have it again ("renewed"), or that they do not get it ("declined").

    Who only typed an address, and proved nothing, hears nothing: it may be anybody's.
    """
    recipient = await tx.spaces.recipient(request.recipient_id) if request.recipient_id else None
    if recipient is None:
        return
    delivery = await tx.deliveries.of(file.id, recipient.id)
    given = Given(delivery, file) if delivery and answer == "renewed" else None
    if recipient.person_id:
        if recipient.person_id in await tx.people.present([recipient.person_id]):
            tx.say(_message(tx, recipient.person_id, file, given, answer))
    elif recipient.email and tx.outside.mails:
        await tx.mails.say(await _mail(tx, recipient, recipient.email, file, given, answer))


def _message(
    tx: Transaction, person: str, file: SharedFile, given: Given | None, answer: str
) -> Message:
    words = Words(
        "file_request",
        by=tx.actor,
        title=short(file.row.title, LONGEST_TITLE),
        until=file.row.expires_at,
    )
    press = open_button(given) if given else None
    blocks = built(section(words[f"your_{answer}"]), actions(press) if press else None)
    return Message(person, words.plain(f"your_{answer}_short"), blocks, cause=CAUSE)


async def _mail(
    tx: Transaction,
    recipient: RecipientRow,
    address: str,
    file: SharedFile,
    given: Given | None,
    answer: str,
) -> Mail:
    if given:
        return await mail_of(
            tx, recipient, [given], subject=f"{answer}_subject", head=answer, cause=CAUSE
        )
    words = await mail_words(tx, [file], "")
    return letter(address, words.plain(f"{answer}_subject"), words.plain(answer), CAUSE)
