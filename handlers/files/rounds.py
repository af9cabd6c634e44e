"""Handing out and telling in rounds: a job for some recipients each, as nobody's press can wait for all.

The transaction that ends a round keeps what it did and has the next one begin: each recipient is told
once, wherever a process dies.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from handlers.files.ended import REVOKED, tell_ended
from handlers.files.handing_out import hand_out, handed_out
from handlers.files.parcel_told import refresh
from handlers.files.releasing import LetOut, spread
from handlers.files.sender_news import tell_cleared, tell_released
from handlers.files.taking import WAVEPOST, all_held
from handlers.jobs import Work, job
from rules.file_life import State
from store.session import Transaction
from store.shared_files import SharedFile

RELEASED, RENEWED, WITHDRAWN = "file_hand_out", "file_hand_on", "file_withdraw"
ABOUT = "Telling recipients of files"
MOST = 100
"""Recipients in a round: a fraction of a second, for which others wait who press on the same files."""
FIRST = UUID(int=0)
TOLD = (State.released, State.superseded, State.revoked)
"""Files of whose release its sender hears what became: also of one that was stopped on its way."""


async def hand_out_in_rounds(tx: Transaction, out: LetOut, *, by: str) -> None:
    """Have files that were just let out by somebody come to their recipients; then their sender hears."""
    older = {str(newer): str(file.id) for newer, file in out.older.items()}
    await _begin(tx, RELEASED, out.files, older=older, agreed=by)


async def renew_in_rounds(tx: Transaction, file: SharedFile) -> None:
    """Have a file that was renewed come to members who have it not yet, and all see its new day."""
    await _begin(tx, RENEWED, [file])


async def withdraw_in_rounds(tx: Transaction, file: SharedFile, *, why: str) -> None:
    """Have who got a file that was just revoked read why."""
    await _begin(tx, WITHDRAWN, [file], why=why)


@job(RELEASED)
async def hand_out_some(work: Work) -> None:
    """Deliver to some; after the last, tell the sender whom it reached, and where it was stopped."""
    given = work.job.given
    async with work.ending() as tx:
        ids = {UUID(newer): UUID(old) for newer, old in given["older"].items()}
        named = _named(given)
        both = {file.id: file for file in await all_held(tx, [*named, *ids.values()])}
        files = [both[each] for each in named]
        older = {newer: both[old] for newer, old in ids.items()}
        out = LetOut(files, older)
        some = await _next(tx, given, [*files, *older.values()])
        now = await tx.clock.now()
        await spread(tx, out, now, among=some)
        if await _goes_on(tx, work, some):
            return
        handed = await handed_out(tx, [file for file in files if file.state in TOLD])
        if not handed:
            return
        if given["agreed"] == WAVEPOST:
            await tell_cleared(tx, handed)
        else:
            await tell_released(tx, handed, by=given["agreed"])


@job(RENEWED)
async def renew_some(work: Work) -> None:
    """Deliver to some who have it not yet, and show its new day to those of them who do."""
    async with work.ending() as tx:
        files = await all_held(tx, _named(work.job.given))
        some = await _next(tx, work.job.given, files)
        released = [file for file in files if file.state is State.released]
        await hand_out(tx, released, await tx.clock.now(), among=some)
        await refresh(tx, files, among=some)
        await _goes_on(tx, work, some)


@job(WITHDRAWN)
async def withdraw_some(work: Work) -> None:
    """Tell some that it was revoked, and why."""
    async with work.ending() as tx:
        files = await all_held(tx, _named(work.job.given))
        some = await _next(tx, work.job.given, files)
        for file in files:
            why = work.job.given["why"]
            await tell_ended(tx, file, REVOKED, by=tx.actor, why=why, among=some)
        await _goes_on(tx, work, some)


async def _begin(
    tx: Transaction,
    kind: str,
    files: Sequence[SharedFile],
    **given: object,
) -> None:
    told = {"files": [str(file.id) for file in files], "after": str(FIRST)}
    await tx.jobs.start(kind, told | given, by=tx.actor, about=ABOUT)


def _named(given: dict[str, Any]) -> list[UUID]:
    """The files that a round is about."""
    return [UUID(each) for each in given["files"]]


async def _next(tx: Transaction, given: dict[str, Any], files: Sequence[SharedFile]) -> list[UUID]:
    """The recipients of this round; who is added to a space meanwhile waits."""
    await tx.spaces.hold({space for file in files for space in file.space_ids})
    after = UUID(given["after"])
    return await tx.deliveries.concerned([file.id for file in files], after=after, most=MOST)


async def _goes_on(tx: Transaction, work: Work, some: Sequence[UUID]) -> bool:
    """Have the next round begin; False where this one was the last."""
    if len(some) < MOST:
        return False
    given = work.job.given | {"after": str(some[-1])}
    await tx.jobs.start(work.job.kind, given, by=tx.actor, about=ABOUT)
    return True
