"""Pictures of the progress: drawn once for the same figures, ahead of those who ask, and kept in Slack."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from handlers.jobs import Work, job
from rules.drawing import progress_drawn
from rules.progress import Mark, Progress
from store.jobs import Json
from store.session import Reading, Transaction

LOOK = 1
"""Counts the looks that charts have had: what was drawn in another is drawn anew."""
ABOUT = "Drawing how far the migration is"
NAME = "migration.png"
US = "wavepost"
TRIED_AGAIN = timedelta(hours=1)
DRAW = "draw progress"


async def picture_of(reading: Reading, progress: Progress) -> str | None:
    """Slack's id of the picture of this progress; None before it is drawn."""
    return await reading.pictures.file(digest_of(progress.marks, progress.total))


async def draw_ahead(tx: Transaction) -> None:
    """Have the progress drawn as it will be when this transaction commits."""
    await have_drawn(tx, await tx.migration.progress())


async def have_drawn(tx: Transaction, progress: Progress, *, lost: str | None = None) -> bool:
    """Have a progress drawn, unless it is drawn, or there is nothing to see; whether it is about to be.

    `lost` is the file that showed it and is not in Slack any more. What could not be drawn a while
    ago is not tried at each asking, of which the leads would hear each time.
    """
    if not progress.waves:
        if lost:
            await tx.pictures.forget(lost)
        return False
    digest = digest_of(progress.marks, progress.total)
    marks = [[mark.week.isoformat(), mark.planned, mark.moved] for mark in progress.marks]
    given = {"digest": digest, "total": progress.total, "marks": marks}
    return await begun(tx, DRAW, given, about=ABOUT, lost=lost)


async def begun(
    tx: Transaction, kind: str, given: Json, *, about: str, lost: str | None = None
) -> bool:
    """Begin a job that draws what is `given` with its digest, unless it is drawn; whether it will be.

    `lost` is as above.
    """
    digest = given["digest"]
    if lost:
        await tx.pictures.forget(lost)
    if await tx.pictures.file(digest):
        return False
    key = f"draw {digest}"
    if await tx.jobs.failed_lately(key, TRIED_AGAIN):
        return False
    await tx.jobs.start(kind, given, by=US, key=key, about=about)
    return True


@job(DRAW)
async def draw(work: Work) -> None:
    """Draw, bring it to Slack, and note which figures it shows."""
    given = work.job.given
    marks = [
        Mark(date.fromisoformat(week), planned, moved) for week, planned, moved in given["marks"]
    ]
    title = "How far the migration is"
    await finish(work, progress_drawn, marks, given["total"], name=NAME, title=title)


async def finish(
    work: Work, drawn: Callable[..., bytes], *figures: object, name: str, title: str
) -> None:
    """Draw these figures in a process of its own, bring them to Slack, and note that they are shown."""
    data = await work.in_child(drawn, *figures)
    file_id = await work.slack.upload(data, name=name, title=title)
    async with work.ending() as tx:
        await tx.pictures.keep(work.job.given["digest"], file_id)


def digest_of(marks: list[Mark], total: int) -> str:
    """What tells one picture from another: all that can be seen in it."""
    return stands_for(
        [total, [[mark.week.isoformat(), mark.planned, mark.moved] for mark in marks]]
    )


def stands_for(seen: Sequence[object]) -> str:
    """What stands for all that can be seen in a picture, as JSON, in the look that charts have now."""
    return hashlib.sha256(json.dumps([LOOK, *seen]).encode()).hexdigest()
