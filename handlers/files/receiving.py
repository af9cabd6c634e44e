"""Files that come in: kept as drafts with what people say of them, then submitted, which has them checked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from handlers.errors import NotThere, Refused
from handlers.files.authors import author_of
from handlers.files.file_refusals import refused_file
from handlers.files.new_edition import may_replace
from handlers.files.receiving_refusals import (
    check_days,
    check_encryption,
    check_number,
    check_sizes,
    check_spaces,
)
from handlers.files.taking import hold, take
from handlers.interaction import GivenFile
from handlers.jobs import begin
from rules.clearance import Classification, Encryption, Scan
from rules.file_days import usual_end
from rules.file_life import OUT, Step, Who
from store.jobs import Json
from store.session import Transaction
from store.shared_file_rows import SharedFileRow
from store.shared_files import SharedFile
from store.spaces import Space

CHECK = "file_check"
"""The job that brings and checks what was submitted: `handlers.files.file_checks`."""
KEPT_UNDER = "files"
NO_FILE = "There is no such file of yours."
NO_EDITION = "The file that this one is to replace does not exist."
NOT_THEIR_EDITION = (
    "File {number} is somebody else's: only who sent it, or a lead who sends files, replaces it."
)


class Via(StrEnum):
    """By which door a file comes in."""

    form = "form"
    message = "message"
    page = "page"


@dataclass(frozen=True)
class NewFile:
    """What somebody says of one file that they send.

    An empty `title` is the file's own name; `author` is whatever names them, and who sends it where it
    is empty. Without `expires_at` it ends as `usual_end` says. `encryption` is None for what was not
    encrypted. `supersedes` is the edition that it replaces once it is released.
    """

    title: str = ""
    space_ids: tuple[UUID, ...] = ()
    author: str = ""
    tags: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    classification: Classification = Classification.customer
    encryption: Encryption | None = None
    note: str = ""
    expires_at: datetime | None = None
    retained_until: date | None = None
    most_fetches: int | None = None
    supersedes: UUID | None = None


async def receive(
    tx: Transaction,
    facts: Sequence[tuple[GivenFile, NewFile]],
    *,
    by: str,
    via: Via,
    now: datetime,
) -> UUID:
    """Take in files that were given in Slack, and have them checked; returns the parcel's id.

    Raises Refused, in words, where one of them cannot be sent so; then none is.
    """
    rows = await draft(tx, facts, by=by, via=via, now=now)
    await submit(tx, [row.id for row in rows], by=by, now=now)
    return rows[0].parcel_id


async def draft(
    tx: Transaction,
    facts: Sequence[tuple[GivenFile, NewFile]],
    *,
    by: str,
    via: Via,
    now: datetime,
) -> list[SharedFileRow]:
    """Keep files as drafts of one parcel, in order; those that Slack does not have, without an id of its.

    Raises Refused.
    """
    check_number(len(facts))
    check_sizes([given for given, _ in facts], in_form=via is Via.form)
    parcel_id = await tx.shared_files.keep_parcel(by, via, now)
    return [await _drafted(tx, parcel_id, given, new, by, now) for given, new in facts]


async def submit(tx: Transaction, file_ids: Sequence[UUID], *, by: str, now: datetime) -> None:
    """Have drafts of one sender checked, whose bytes are in Slack or in the store; then they go out.

    Raises:
        NotThere: one of them is not theirs.
        Refused: one of them is no draft any more, or its space is closed.
    """
    await hold(tx, file_ids)
    files = await tx.shared_files.all_of(file_ids)
    if len(files) != len(set(file_ids)) or any(each.row.uploaded_by != by for each in files):
        raise NotThere(NO_FILE)
    for file in files:
        check_spaces(file.spaces, len(file.spaces))
        await take(tx, file, Step.submit, by=by, who=Who.sender, now=now)
        await tx.shared_files.change(file.id, scan=Scan.waiting, scan_found="", checked_at=None)
    submitted = asked_for({file.id: file.row.version + 1 for file in files})
    await begin(tx, CHECK, submitted, by=by, about=about(files))


def asked_for(versions: Mapping[UUID, int]) -> Json:
    """What a job is given that checks these files as they are at these versions, and no later."""
    return {"files": {str(each): version for each, version in versions.items()}}


def about(files: Sequence[SharedFile]) -> str:
    """What people call it that these files are sent."""
    first, rest = files[0].row.title, len(files) - 1
    return f"Delivery of {first}" + (f" and {rest} more" if rest else "")


async def _drafted(
    tx: Transaction, parcel_id: UUID, given: GivenFile, new: NewFile, by: str, now: datetime
) -> SharedFileRow:
    expires_at = new.expires_at or usual_end(now, await _zone_of(tx, by))
    check_days(expires_at, new.retained_until, now)
    check_encryption(new.encryption)
    spaces = await tx.spaces.of(set(new.space_ids))
    check_spaces(spaces, len(set(new.space_ids)))
    replaced = await _replaced(tx, new.supersedes, spaces, by) if new.supersedes else None
    told = new.encryption or Encryption()
    row = SharedFileRow(
        parcel_id=parcel_id,
        supersedes=new.supersedes,
        edition=replaced.row.edition + 1 if replaced else 1,
        title=new.title.strip() or given.name,
        file_name=given.name,
        author=await author_of(tx, new.author, by=by),
        uploaded_by=by,
        uploaded_at=now,
        classification=new.classification,
        is_encrypted=new.encryption is not None,
        encryption_method=told.method,
        key_holder=told.key_holder,
        key_reach=told.reach_them,
        note=new.note,
        tags=list(new.tags),
        facts=dict(new.facts),
        expires_at=expires_at,
        retained_until=new.retained_until,
        most_fetches=new.most_fetches,
        state_since=now,
        promised_size=None if given.id else given.size,
        key=f"{KEPT_UNDER}/{uuid4()}",
        slack_file=given.id or None,
    )
    return await tx.shared_files.keep(row, set(new.space_ids))


async def _zone_of(tx: Transaction, person: str) -> str:
    """Where somebody's days end."""
    found = (await tx.people.asking(person)).person
    return found.timezone if found else "UTC"


async def _replaced(
    tx: Transaction, file_id: UUID, spaces: Collection[Space], by: str
) -> SharedFile:
    """The edition that is to be replaced.

    Raises:
        NotThere: there is none.
        Refused: it is not theirs, is not out, or another organisation has it.
    """
    file = await tx.shared_files.get(file_id)
    if file is None:
        raise NotThere(NO_EDITION)
    person = (await tx.people.asking(by)).person
    if person is None or not may_replace(file, person):
        raise Refused(NOT_THEIR_EDITION.format(number=file.number))
    if file.state not in OUT:
        raise refused_file("not_out", file.number, state=file.state)
    check_spaces([*spaces, *file.spaces], len(spaces) + len(file.spaces))
    return file
