"""What recipients in Slack read of files that are delivered to them: one message, which stays true."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import Mrkdwn, Words, built, button, context, lines, quoted, section
from handlers.dates import short
from handlers.files.space_names import named
from rules.file_life import State
from store.delivery_rows import DeliveryRow
from store.outbox import Message
from store.session import Reading, Transaction
from store.shared_file_rows import SharedFileRow
from store.shared_files import SharedFile

CAUSE = "file"
MOST_FILES = 10
"""As many as are sent together. Somebody new may get more: the rest is a command away."""
ROOM = 6_000
"""Characters that files may take before only their titles are told: a message takes 13,000."""
ROOM_FOR_NOTES = 3_000
LONGEST_TITLE = 60
LONGEST_FACT = 80
"""Escaped, a character may take five; all of it is behind Open."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file as one recipient reads of it; `had` is the edition that they had before."""

    delivery: DeliveryRow
    file: SharedFile
    had: int | None = None

    @property
    def words(self) -> Words:
        """The words about it."""
        row = self.file.row
        return Words(
            "file_parcel",
            file=row,
            state=self.file.state,
            title=short(row.title, LONGEST_TITLE),
            name=short(row.file_name, LONGEST_FACT),
            encryption=[short(each, LONGEST_FACT) for each in _encryption(row)],
            had=self.had,
            last=self.file.last,
        )


def message(
    person: str,
    givens: Sequence[Given],
    *,
    head: str = "head",
    cause: str = CAUSE,
    updates: UUID | None = None,
) -> Message:
    """The message to somebody in Slack about files that are theirs to open.

    `head` names the block of the template that says what it is for.
    """
    shown = sorted(givens, key=lambda each: each.file.number)[-MOST_FILES:]
    if len({each.file.row.parcel_id for each in givens}) > 1:
        shown.reverse()
    words = head_words(givens)
    blocks = built(
        section(words[head]),
        *_files(shown),
        *_notes(shown),
        context(words["more"]) if len(givens) > len(shown) else None,
        context(words["legend"]) if any(_is_out(each) for each in shown) else None,
    )
    said = words.plain("fallback" if head == "head" else head)
    return Message(person, said, blocks, cause=cause, updates=updates)


def head_words(givens: Sequence[Given]) -> Words:
    """The words about all of them together."""
    senders = {each.file.row.uploaded_by for each in givens}
    return Words(
        "file_parcel",
        count=len(givens),
        more=len(givens) - MOST_FILES,
        sender=senders.pop() if len(senders) == 1 else "",
        spaces=spaces_named(givens),
        title=short(givens[0].file.row.title, LONGEST_TITLE),
        are_new=any(_is_out(each) for each in givens),
    )


def spaces_named(givens: Sequence[Given]) -> str:
    """The spaces through which files came, as a sentence has them."""
    return named(
        space for each in givens for space in each.file.spaces if space.id == each.delivery.space_id
    )


async def refresh(
    tx: Transaction, files: Collection[SharedFile], *, among: Collection[UUID] | None = None
) -> None:
    """Have the messages that told of these files, which are held, show how they stand now.

    With `among`, only those to these recipients.
    """
    told = [
        each
        for each in await tx.deliveries.of_files([file.id for file in files])
        if among is None or each.recipient_id in among
    ]
    messages = {each.message_id for each in told if each.message_id}
    if not messages:
        return
    now_stand = {file.id: file for file in files}
    by_message: dict[UUID, list[Given]] = defaultdict(list)
    for given in await givens_of(tx, await tx.deliveries.told_by(messages), now_stand):
        if given.delivery.message_id:
            by_message[given.delivery.message_id].append(given)
    recipients = await tx.spaces.recipients({each.recipient_id for each in told})
    present = await tx.people.present(
        each.person_id for each in recipients.values() if each.person_id
    )
    for message_id, givens in by_message.items():
        person = recipients[givens[0].delivery.recipient_id].person_id
        if person in present:
            tx.say(message(person, givens, updates=message_id))


async def givens_of(
    reading: Reading, deliveries: Sequence[DeliveryRow], known: dict[UUID, SharedFile]
) -> list[Given]:
    """Deliveries with their files, `known` ones as they are given; and which editions came before."""
    others = [each.file_id for each in deliveries if each.file_id not in known]
    files = known | {file.id: file for file in await reading.shared_files.all_of(others)}
    had = await reading.deliveries.had_before(list(files))
    return [
        Given(each, files[each.file_id], had.get((each.file_id, each.recipient_id)))
        for each in deliveries
    ]


def open_button(given: Given) -> ButtonElement | None:
    """What one can do with a file in its message: open it, or ask for it anew once it expired."""
    value = str(given.delivery.id)
    if given.file.state is State.released:
        return button("Open", "file_open", value, style="primary")
    if given.file.state is State.expired and given.file.row.removed_at is None:
        return button("Ask for a new link", "file_ask", value)
    return None


def _files(givens: Sequence[Given]) -> list[Block]:
    words = [each.words for each in givens]
    texts = [each["file"] for each in words]
    if sum(map(len, texts)) > ROOM:
        texts = [each["file_short"] for each in words]
    return [
        section(text, accessory=open_button(given))
        for text, given in zip(texts, givens, strict=True)
    ]


def _notes(givens: Sequence[Given]) -> list[Block]:
    """What senders wrote, each once, as far as there is room; all of it is behind Open."""
    notes = dict.fromkeys(each.file.row.note.strip() for each in givens if _is_out(each))
    texts = [quoted(note) for note in notes if note]
    if not texts:
        return []
    parts = lines([line for text in texts for line in text.split("\n")], most=ROOM_FOR_NOTES)
    cut = [context(Words("file_parcel")["cut"])] if len(parts) > 1 else []
    return [section(Mrkdwn(parts[0])), *cut]


def _encryption(row: SharedFileRow) -> tuple[str, ...]:
    return (row.encryption_method, row.key_holder, row.key_reach) if row.is_encrypted else ()


def _is_out(given: Given) -> bool:
    return given.file.state is State.released
