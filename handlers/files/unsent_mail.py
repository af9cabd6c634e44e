"""What happens when a mail is given up: who sent the files of which it told hears so."""

from collections import defaultdict

from handlers.blocks import Words, built, count, section
from handlers.leads import leads_told
from rules.slack_ids import is_person
from rules.wording import and_listed
from store.mails import MailRow
from store.outbox import Message
from store.session import Reading
from store.shared_files import SharedFile

CAUSE = "mail not sent"
MOST_NAMED = 3


async def notices(
    reading: Reading, mail: MailRow, why: str, *, leads_channel: str
) -> list[Message]:
    """What to say, and to whom, about a mail that will not be sent; `why` is what the server said.

    Who sent the files can correct the address, or give their recipient a link by hand. Where the mail
    told of no file, the leads hear of it.
    """
    files = await _told_of(reading, mail)
    by_sender: dict[str, list[SharedFile]] = defaultdict(list)
    for file in files:
        by_sender[file.row.uploaded_by].append(file)
    said = [_message(to, mail, why, theirs) for to, theirs in by_sender.items() if is_person(to)]
    if said:
        return said
    leads = await leads_told(reading, leads_channel)
    return [_message(to, mail, why, files) for to in leads]


async def _told_of(reading: Reading, mail: MailRow) -> list[SharedFile]:
    deliveries = await reading.deliveries.mailed_by(mail.id)
    files = await reading.shared_files.all_of([each.file_id for each in deliveries])
    return sorted(files, key=lambda file: file.number)


def _message(to: str, mail: MailRow, why: str, files: list[SharedFile]) -> Message:
    named = [f"“{file.row.title}”" for file in files[:MOST_NAMED]]
    if more := len(files) - len(named):
        named.append(count(more, "more file"))
    words = Words(
        "file_mail_unsent",
        address=mail.to_address,
        subject=mail.subject,
        why=why,
        titles=and_listed(named),
        number=files[0].number if files else None,
    )
    return Message(to, words.plain("fallback"), built(section(words["body"])), cause=CAUSE)
