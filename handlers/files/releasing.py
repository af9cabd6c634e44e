"""Releasing files: from now on their recipients can fetch them, and each is told once of them all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handlers.files.ended import REPLACED, tell_ended
from handlers.files.handing_out import Handed, hand_out
from handlers.files.taking import WAVEPOST, take
from rules.file_life import State, Step, Who
from store.session import Transaction
from store.shared_files import SharedFile


@dataclass(frozen=True, slots=True)
class LetOut:
    """Files that were released, and the editions whose place they took, by the ids of these."""

    files: Sequence[SharedFile]
    older: Mapping[UUID, SharedFile]


async def release(
    tx: Transaction, files: Sequence[SharedFile], *, by: str, now: datetime
) -> list[Handed]:
    """Let files out as `let_out` does, deliver them, and tell their recipients in one message.

    That is work for each recipient: where somebody waits, it is done in rounds. Gives to whom each
    came.
    """
    return await spread(tx, await let_out(tx, files, by=by, now=now), now)


async def let_out(
    tx: Transaction, files: Sequence[SharedFile], *, by: str, now: datetime
) -> LetOut:
    """Release files that are held; nobody has them yet.

    `by` is the second person who agreed, or `WAVEPOST` where none is needed: whether they may is for
    whoever calls this to see to. What these files take the place of is superseded.

    Raises:
        Refused: one of them cannot be released any more; the words say why.
    """
    who = Who.wavepost if by == WAVEPOST else Who.second
    released: dict[UUID, SharedFile] = {}
    older: dict[UUID, SharedFile] = {}
    for file in files:
        before = await _standing_edition(tx, file)
        after = await _next_to(tx, before, file) if before else file
        released[file.id] = await take(tx, after, Step.release, by=by, who=who, now=now)
        if before is None:
            continue
        over = await take(tx, before, Step.supersede, by=WAVEPOST, who=Who.wavepost, now=now)
        # Of two editions that come out together nobody has had the first one.
        replaced = older.pop(before.id, None) if released.pop(before.id, None) else over
        if replaced:
            older[file.id] = replaced
    return LetOut(list(released.values()), older)


async def spread(
    tx: Transaction, out: LetOut, now: datetime, *, among: Collection[UUID] | None = None
) -> list[Handed]:
    """Deliver files that were let out and are held, and tell who had what they took the place of.

    With `among`, to these recipients alone. What was revoked or replaced meanwhile comes to nobody: of
    what it took the place of, those are told whom the newest edition does not reach either.
    """
    released = [file for file in out.files if file.state is State.released]
    handed = await hand_out(tx, released, now, among=among)
    for file in out.files:
        if before := out.older.get(file.id):
            by, but = file.row.uploaded_by, await _whom_newest_reaches(tx, file)
            await tell_ended(tx, before, REPLACED, by=by, but=but, among=among)
    return handed


async def _whom_newest_reaches(tx: Transaction, file: SharedFile) -> set[UUID]:
    """Who gets, or has, a file or the edition that took its place since; nobody where none is out."""
    newest: SharedFile | None = file
    while newest and newest.state is State.superseded:
        newest = await tx.shared_files.successor(newest.id)
    if newest is None or newest.state is not State.released:
        return set()
    have = {each.recipient_id for each in await tx.deliveries.of_file(newest.id)}
    open_spaces = [space.id for space in newest.spaces if space.is_open]
    return have.union(*[{each.id for each in await tx.spaces.members(at)} for at in open_spaces])


async def _standing_edition(tx: Transaction, file: SharedFile) -> SharedFile | None:
    """The edition whose place a file takes, held; None where none is out.

    Of several that were made of the same one, each takes the place of whichever was released before.
    """
    before = await tx.shared_files.out_before(file.id)
    return await tx.shared_files.get(before, for_change=True) if before else None


async def _next_to(tx: Transaction, before: SharedFile, file: SharedFile) -> SharedFile:
    """The file as the edition after the one whose place it takes, of whichever it was made."""
    said = {"supersedes": before.id, "edition": before.row.edition + 1}
    if said != {each: getattr(file.row, each) for each in said}:
        await tx.shared_files.change(file.id, **said)
    return file.having(**said)
