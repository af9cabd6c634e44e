"""Files that wait for a second person: a message to each who is asked, which changes as they are decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from slack_sdk.models.blocks import Block

from handlers.blocks import Words, actions, built, button, context, lines, quoted, section
from handlers.button_values import id_in, number_in
from handlers.dates import short
from handlers.files.look_button import look_buttons
from handlers.files.needs import case_of, waits_for_others
from handlers.files.release_button import release_button
from handlers.files.second_persons import is_personal, second_persons
from handlers.files.space_names import spaces_of
from store.outbox import Message
from store.session import Reading, Transaction
from store.shared_files import SharedFile

CAUSE = "file waits"
LONGEST_TITLE = 60
LONGEST_FACT = 80
ROOM_FOR_NOTES = 3_000
ROOM = 6_000
"""Characters that files may take before only the most needed is told: a message takes 13,000."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Files that somebody decides about, each at the version that they were shown."""

    versions: tuple[tuple[UUID, int], ...]
    on_post: bool = False
    """Whether the button is on a message that changes by itself."""

    @classmethod
    def of(cls, files: Sequence[SharedFile], *, on_post: bool = False) -> Self:
        """These files as they stand."""
        return cls(tuple((file.id, file.row.version) for file in files), on_post)

    def __str__(self) -> str:
        parts = ",".join(f"{file}:{version}" for file, version in self.versions)
        return f"{'post' if self.on_post else ''}|{parts}"

    @classmethod
    def read(cls, value: str) -> Self:
        """What a button stands for. Raises NotThere where it stands for nothing."""
        post, _, parts = value.partition("|")
        pairs = (part.partition(":")[::2] for part in parts.split(","))
        versions = tuple((id_in(file), number_in(version)) for file, version in pairs)
        return cls(versions, post == "post")


def subject_of(parcel: UUID) -> str:
    """What the messages about a parcel that waits are kept under."""
    return f"parcel {parcel} waits"


async def show_waiting(tx: Transaction, parcel: UUID, now: datetime) -> None:
    """Show what waits in a parcel, which is held, to each who is asked; who was asked sees it change."""
    files = await tx.shared_files.of_parcel(parcel)
    about = subject_of(parcel)
    posts = await tx.posts.of(about)
    deciders = {
        file.id: await second_persons(tx, file) for file in files if waits_for_others(file, now)
    }
    asked = {person for each in deciders.values() for person in each.people}
    if not asked and not posts:
        return
    told = [file for file in files if _is_told_of(file, now)]
    for person in sorted(await tx.people.present({*asked, *posts})):
        there = posts.get(person)
        mine = [
            file for file in files if file.id in deciders and person in deciders[file.id].people
        ]
        if there is None and not mine:
            continue
        said = await waiting_message(tx, person, told, mine, now)
        tx.say(replace(said, updates=there))
        if there is None:
            await tx.posts.keep(about, person, said.id)
    if not deciders:
        # What is sent again for a decision is a new message: nobody notices one that changes.
        await tx.posts.forget(about)


async def waiting_message(
    reading: Reading,
    person: str,
    files: Sequence[SharedFile],
    mine: Sequence[SharedFile],
    now: datetime,
) -> Message:
    """The message to somebody who can decide about some of the files of a parcel."""
    words = Words(
        "file_waiting",
        sender=files[0].row.uploaded_by,
        count=len(mine),
        total=len(files),
        title=short((mine or files)[0].row.title, LONGEST_TITLE),
        spaces=spaces_of(files),
    )
    head = "head" if mine else "over"
    blocks: list[Block] = [section(words[head])]
    said = [file_words(file, now) for file in files]
    texts = [
        each["file" if file in mine else "decided"] for file, each in zip(files, said, strict=True)
    ]
    if sum(map(len, texts)) > ROOM:
        texts = [
            each["file_short" if file in mine else "decided"]
            for file, each in zip(files, said, strict=True)
        ]
    for file, text in zip(files, texts, strict=True):
        look = look_buttons(reading, file) if file in mine else []
        blocks.append(section(text, accessory=look[0] if look else None))
    if mine:
        blocks += [*_notes(mine), *await decision_rows(reading, mine, on_post=True)]
    return Message(person, words.plain(head), built(*blocks), cause=CAUSE)


async def decision_rows(
    reading: Reading, files: Sequence[SharedFile], *, on_post: bool = False
) -> list[Block]:
    """The buttons to decide about files: those with data of persons are a decision of their own."""
    rows: list[Block] = []
    for personal in (False, True):
        some = [file for file in files if is_personal(file) is personal]
        if not some:
            continue
        value = str(Seen.of(some, on_post=on_post))
        suffix = "_personal" if personal else ""
        rows.append(
            actions(
                await release_button(reading, some, f"file_release{suffix}", value),
                button("Decline", f"file_decline{suffix}", value),
                block_id=f"decide{suffix}",
            )
        )
    return rows


def file_words(file: SharedFile, now: datetime) -> Words:
    """The words about one file that takes a second person."""
    row, case = file.row, case_of(file, now)
    facts = (row.encryption_method, row.key_holder, row.key_reach) if row.is_encrypted else ()
    return Words(
        "file_waiting",
        file=row,
        number=file.number,
        state=file.state,
        last=file.last,
        title=short(row.title, LONGEST_TITLE),
        name=short(row.file_name, LONGEST_FACT),
        encryption=[short(each, LONGEST_FACT) for each in facts],
        is_personal=case.is_personal,
        is_doubted=case.is_doubted,
        scan=case.scan,
    )


def _notes(files: Sequence[SharedFile]) -> list[Block]:
    """What the sender wrote to recipients, once, as far as there is room."""
    notes = [note for note in dict.fromkeys(file.row.note.strip() for file in files) if note]
    if not notes:
        return []
    parts = lines(
        [line for note in notes for line in quoted(note).split("\n")], most=ROOM_FOR_NOTES
    )
    words = Words("file_waiting")
    return [context(words["note"]), section(parts[0])]


def _is_told_of(file: SharedFile, now: datetime) -> bool:
    """Whether a file takes, or took, a second person, and came so far."""
    was_in_review = file.last is not None and file.row.sha256 is not None
    return was_in_review and case_of(file, now).needs_second_person
