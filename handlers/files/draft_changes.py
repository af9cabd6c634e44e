"""Changing what is said of a draft, of one that was declined, say: it goes its way again as it is then."""

from datetime import datetime

from handlers.files.authors import author_of
from handlers.files.file_refusals import refused_file
from handlers.files.needs import case_of
from handlers.files.receiving import NewFile, submit
from handlers.files.share_typed import Kept
from handlers.files.taking import subject_of
from rules.clearance import Encryption
from rules.file_life import State, Step
from rules.roles import Role
from store.audit import Change
from store.people import Person
from store.session import Reading, Transaction
from store.shared_files import SharedFile


async def changed_by(reading: Reading, person: Person, kept: Kept) -> SharedFile:
    """The draft that a form changes, as it stands now.

    Raises:
        Refused: it is not theirs, or no draft any more.
    """
    number = kept.changes or 0
    file = await reading.shared_files.by_number(number)
    if file is None or not may_change(file, person):
        raise refused_file("not_yours_to_change", number)
    if file.state is not State.draft:
        raise refused_file("no_draft", number, state=file.state)
    return file


def may_change(file: SharedFile, person: Person) -> bool:
    """Whether somebody says what is to be known of a file: only who sends it."""
    return person.id == file.row.uploaded_by and person.may(Role.sender)


async def change(tx: Transaction, file: SharedFile, new: NewFile, now: datetime) -> None:
    """Keep what is said of a draft now, and have it looked into again.

    Raises:
        Refused: its spaces are closed, it is not clear who wrote it, or somebody took a step with it
            meanwhile.
    """
    row, said = file.row, await _said(tx, file, new, now)
    changed = {name: value for name, value in said.items() if value != getattr(row, name)}
    if changed:
        await tx.shared_files.change(file.id, **changed)
    await tx.shared_files.set_spaces(file.id, new.space_ids)
    before: dict[str, object] = {name: str(getattr(row, name)) for name in changed}
    after: dict[str, object] = {name: str(value) for name, value in changed.items()}
    before["spaces"] = sorted(map(str, file.space_ids))
    after["spaces"] = sorted(map(str, new.space_ids))
    tx.audit(Change("file: changed", subject_of(file), before=before, after=after))
    await submit(tx, [file.id], by=tx.actor, now=now)


async def _said(
    tx: Transaction, file: SharedFile, new: NewFile, now: datetime
) -> dict[str, object]:
    """The columns of what is said of a file now; see SharedFileRow."""
    told = new.encryption or Encryption()
    return {
        "title": new.title,
        "author": await author_of(tx, new.author, by=file.row.uploaded_by),
        "classification": new.classification,
        "is_encrypted": new.encryption is not None,
        "encryption_method": told.method,
        "key_holder": told.key_holder,
        "key_reach": told.reach_them,
        "note": new.note,
        "tags": list(new.tags),
        "facts": dict(new.facts),
        "expires_at": new.expires_at,
        "retained_until": new.retained_until,
        "most_fetches": new.most_fetches,
        **await _stays(tx, file, now),
    }


async def _stays(tx: Transaction, file: SharedFile, now: datetime) -> dict[str, bool]:
    """Whom it takes to release it after what was said of it until now, whatever is said instead."""
    case = case_of(file, now)
    steps = await tx.shared_files.steps(file.id)
    stood_in_review = any(each.step is Step.clear for each in steps)
    return {
        "was_reviewed": case.was_reviewed or (stood_in_review and case.needs_second_person),
        "was_personal": case.is_personal,
    }
