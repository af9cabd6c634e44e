"""What recipients outside Slack are mailed of files: plain text, with a link of their own to each."""

from collections.abc import Sequence
from datetime import UTC, datetime

from handlers.blocks import Words, day
from handlers.dates import short
from handlers.files.parcel_told import CAUSE, LONGEST_TITLE, Given, spaces_named
from store.mails import Mail
from store.session import Reading, Transaction
from store.shared_files import SharedFile
from store.space_rows import RecipientRow


async def mail_of(
    tx: Transaction,
    recipient: RecipientRow,
    givens: Sequence[Given],
    *,
    subject: str = "subject",
    head: str = "head",
    cause: str = CAUSE,
) -> Mail:
    """The mail about files that are somebody's to open; makes the links that it has.

    `subject` and `head` name the blocks of the template that say what the mail is for.
    """
    shown = sorted(givens, key=lambda each: each.file.number)
    is_newer = all(each.had for each in shown)
    of = [each.file for each in shown]
    words = await mail_words(tx, of, spaces_named(shown), is_newer=is_newer)
    files = [await _file(tx, each) for each in shown]
    notes = dict.fromkeys(each.file.row.note.strip() for each in shown)
    why = [words.plain("note"), *(note for note in notes if note)] if any(notes) else []
    text = "\n\n".join([words.plain(head), *why, *files, words.plain("foot")])
    return letter(recipient.email or "", words.plain(subject), text, cause)


def letter(to: str, subject: str, text: str, cause: str) -> Mail:
    """A mail with a subject in one line, whatever a title has in it, and spaces as everybody types them."""
    plain = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    return Mail(to, " ".join(subject.split()), f"{plain}\n", cause)


async def mail_words(
    reading: Reading, files: Sequence[SharedFile], spaces: str, *, is_newer: bool = False
) -> Words:
    """The words about files that go to these spaces, in which people are called by their names.

    `is_newer` where each is an edition after one that the reader has.
    """
    first = files[0].row
    names = await reading.called.people([first.uploaded_by])
    return Words(
        "file_mail",
        sender=names[first.uploaded_by],
        count=len(files),
        title=short(first.title, LONGEST_TITLE),
        spaces=spaces,
        is_newer=is_newer,
        until=until(min(each.row.expires_at for each in files)),
    )


def until(at: datetime) -> str:
    """A moment for somebody whose zone nobody knows."""
    at = at.astimezone(UTC)
    return f"{day(at.date())}, {at:%H:%M} UTC"


async def link_to(tx: Transaction, given: Given, *, by: str) -> str:
    """The address of a new link to a delivery. It opens nothing before its reader proves who they are."""
    token = await tx.deliveries.new_link(given.delivery.id, by)
    return f"{tx.outside.web}/d/{token}"


async def _file(tx: Transaction, given: Given) -> str:
    row = given.file.row
    link = await link_to(tx, given, by=tx.actor)
    words = Words("file_mail", file=row, link=link, had=given.had, until=until(row.expires_at))
    return words.plain("file")
