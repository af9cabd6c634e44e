"""Releasing files: from now on their recipients can fetch them, and each is told once of them all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from handlers.files.ended import REPLACED, tell_ended
from handlers.files.handing_out import Handed, hand_out
from handlers.files.taking import WAVEPOST, held, take
from rules.file_life import OUT, Step, Who
from store.session import Transaction
from store.shared_files import SharedFile


async def release(
    tx: Transaction, files: Sequence[SharedFile], *, by: str, now: datetime
) -> list[Handed]:
    """Release files that were read for change, deliver them, and tell their recipients in one message.

    `by` is the second person who agreed, or `WAVEPOST` where none is needed: whether they may is for
    whoever calls this to see to. What these files take the place of is superseded. Gives to whom each
    came.

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
    handed = await hand_out(tx, released, now, older=older)
    for each in handed:
        if before := older.get(each.file.id):
            sender = each.file.row.uploaded_by
            await tell_ended(tx, before, REPLACED, by=sender, but=each.reached.ids)
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
