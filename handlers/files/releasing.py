"""Releasing files: from now on their recipients can fetch them, and each is told once of them all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from handlers.files.ended import REPLACED, tell_ended
from handlers.files.handing_out import Handed, hand_out
from handlers.files.taking import WAVEPOST, held, take
from rules.file_life import OUT, State, Step, Who
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
    """Release files that were read for change; nobody has them yet.

    `by` is the second person who agreed, or `WAVEPOST` where none is needed: whether they may is for
    whoever calls this to see to. What these files take the place of is superseded.

    Raises:
        Refused: one of them cannot be released any more; the words say why.
    """
    who = Who.wavepost if by == WAVEPOST else Who.second
    standing = await _standing_editions(tx, files)
    released = [await take(tx, file, Step.release, by=by, who=who, now=now) for file in files]
    older = {
        newer: await take(tx, file, Step.supersede, by=WAVEPOST, who=Who.wavepost, now=now)
        for newer, file in standing.items()
    }
    return LetOut(released, older)


async def spread(
    tx: Transaction, out: LetOut, now: datetime, *, among: Collection[UUID] | None = None
) -> list[Handed]:
    """Deliver files that were let out and are held, and tell who had what they took the place of.

    With `among`, to these recipients alone. What was revoked meanwhile comes to nobody.
    """
    released = [file for file in out.files if file.state is State.released]
    handed = await hand_out(tx, released, now, older=out.older, among=among)
    reached = {each.file.id: each.reached.ids for each in handed}
    for file in out.files:
        if before := out.older.get(file.id):
            by, but = file.row.uploaded_by, reached.get(file.id, ())
            await tell_ended(tx, before, REPLACED, by=by, but=but, among=among)
    return handed


async def _standing_editions(
    tx: Transaction, files: Sequence[SharedFile]
) -> Mapping[UUID, SharedFile]:
    """The editions whose place these files take, held, by the files' ids."""
    found: dict[UUID, SharedFile] = {}
    # In one order, so that two who release at once cannot wait for each other.
    for file in sorted(files, key=lambda each: str(each.row.supersedes)):
        older = await _standing_edition(tx, file)
        if older and older.id not in {each.id for each in found.values()}:
            found[file.id] = older
    return found


async def _standing_edition(tx: Transaction, file: SharedFile) -> SharedFile | None:
    """The edition whose place a file takes, held; None where none is out.

    Of two that were made of the same one, the later to be released takes the place of the other.
    """
    seen = {file.id}
    older = file.row.supersedes
    while older and older not in seen:
        seen.add(older)
        found = await held(tx, older)
        if found.state in OUT:
            return found
        successor = await tx.shared_files.successor(older)
        older = successor.id if successor else None
    return None
