"""Telling recipients that what they had is not to be had any more: each once, by the way they were told."""

from collections.abc import Collection
from uuid import UUID

from handlers.blocks import Words, built, lines, quoted, section
from handlers.dates import short
from handlers.files.parcel_mail import letter, mail_words
from handlers.files.parcel_told import LONGEST_TITLE, Given, refresh, spaces_named
from store.delivery_rows import DeliveryRow
from store.mails import Mail
from store.outbox import Message
from store.session import Transaction
from store.shared_files import SharedFile

REVOKED, REPLACED = "revoked", "replaced"
"""The blocks of the templates that say what happened; each has a mail of the same name."""


async def tell_ended(
    tx: Transaction,
    file: SharedFile,
    what: str,
    *,
    by: str,
    why: str = "",
    but: Collection[UUID] = (),
    among: Collection[UUID] | None = None,
) -> int:
    """Tell who has a file, which is held, that it was revoked or replaced; gives how many hear of it.

    Their messages show it as it stands now. Who belongs to none of its spaces any more hears nothing,
    and `but` those recipients who hear of it otherwise. With `among`, it is about these recipients alone.
    """
    await tx.spaces.hold(file.space_ids)
    await refresh(tx, [file], among=among)
    told = [
        each
        for each in await _told_to_members(tx, file)
        if each.recipient_id not in but and (among is None or each.recipient_id in among)
    ]
    recipients = await tx.spaces.recipients({each.recipient_id for each in told})
    present = await tx.people.present(
        each.person_id for each in recipients.values() if each.person_id
    )
    number = 0
    for delivery in told:
        recipient = recipients[delivery.recipient_id]
        given = Given(delivery, file)
        if recipient.person_id and recipient.person_id in present:
            has = await tx.evidence.was_issued(delivery.id, recipient.id)
            tx.say(_message(recipient.person_id, given, what, by=by, why=why, has=has))
        elif recipient.email and recipient.person_id is None and tx.outside.mails:
            await tx.mails.say(await _mail(tx, recipient.email, given, what, why=why))
        else:
            continue
        number += 1
    return number


async def _told_to_members(tx: Transaction, file: SharedFile) -> list[DeliveryRow]:
    """The deliveries of a file whose recipients were told of it, and are in a space of its still."""
    to_members = await tx.deliveries.to_members([file.id])
    return [
        each
        for each in await tx.deliveries.of_file(file.id)
        if (each.message_id or each.mail_id) and each.id in to_members
    ]


def _message(person: str, given: Given, what: str, *, by: str, why: str, has: bool) -> Message:
    """What somebody in Slack reads; `has` is whether they downloaded it, or began to."""
    words = Words(
        "file_parcel",
        title=short(given.file.row.title, LONGEST_TITLE),
        spaces=spaces_named([given]),
        by=by,
        has=has,
    )
    texts = lines(quoted(why).split("\n")) if why else []
    blocks = built(section(words[what]), *map(section, texts))
    return Message(person, words.plain(what), blocks, cause=f"file {what}")


async def _mail(tx: Transaction, address: str, given: Given, what: str, *, why: str) -> Mail:
    words = await mail_words(tx, [given.file], spaces_named([given]))
    parts = [words.plain(what), *([words.plain("why"), why] if why else [])]
    return letter(address, words.plain(f"{what}_subject"), "\n\n".join(parts), f"file {what}")
