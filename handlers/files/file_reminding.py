"""Reminders before files expire: to who did not open them, once for each time, and never to their sender."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from handlers.files.parcel_mail import mail_of
from handlers.files.parcel_told import Given, message
from handlers.files.receipt_lines import lines_of_all
from rules.file_days import is_reminded, reminder_due
from rules.file_life import State
from store.session import Transaction
from store.shared_files import SharedFile
from store.space_rows import RecipientRow

CAUSE = "file reminder"


async def remind(tx: Transaction, parcel: UUID, now: datetime) -> None:
    """Remind of the files of a parcel that expire soon, each recipient once of them all."""
    held = await tx.shared_files.of_parcel(parcel, for_change=True)
    due = [file for file in held if await _is_due(tx, file, now)]
    givens: dict[UUID, list[Given]] = defaultdict(list)
    recipients: dict[UUID, RecipientRow] = {}
    for file_id, receipts in (await lines_of_all(tx, due)).items():
        file = next(each for each in due if each.id == file_id)
        for line in receipts:
            if line.is_member and is_reminded(line.receipt) and not _sent_it(line.recipient, file):
                givens[line.recipient.id].append(Given(line.delivery, file))
                recipients[line.recipient.id] = line.recipient
    for recipient_id in sorted(givens, key=str):
        await _tell(tx, recipients[recipient_id], givens[recipient_id])


async def _is_due(tx: Transaction, file: SharedFile, now: datetime) -> bool:
    """Whether a reminder of a file is to be given now; it is noted as given then."""
    days = file.row.days
    if file.state is not State.released or days is None:
        return False
    at = reminder_due(days, await tx.due_files.reminded(file.id), now)
    return at is not None and await tx.due_files.remind(file.id, at, now)


async def _tell(tx: Transaction, recipient: RecipientRow, givens: list[Given]) -> None:
    """By the way in which they were told; who left Slack, or has to be told by hand, is not."""
    if recipient.person_id:
        if recipient.person_id in await tx.people.present([recipient.person_id]):
            tx.say(message(recipient.person_id, givens, head="reminder", cause=CAUSE))
    elif recipient.email and tx.outside.mails:
        mail = await mail_of(
            tx, recipient, givens, subject="reminder_subject", head="reminder", cause=CAUSE
        )
        await tx.mails.say(mail)


def _sent_it(recipient: RecipientRow, file: SharedFile) -> bool:
    return recipient.person_id == file.row.uploaded_by
