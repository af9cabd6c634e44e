"""Pictures of the progress: drawn once for the same figures, ahead of those who ask, and kept in Slack."""

import hashlib
import json
from datetime import date, timedelta

from handlers.jobs import Work, job
from rules.charts import burn_up
from rules.drawing import png
from rules.progress import Mark, Progress
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
    digest = digest_of(progress.marks, progress.total)
    if lost:
        await tx.pictures.forget(lost)
    if not progress.waves or await tx.pictures.file(digest):
        return False
    key = f"draw {digest}"
    if await tx.jobs.failed_lately(key, TRIED_AGAIN):
        return False
    marks = [[mark.week.isoformat(), mark.planned, mark.moved] for mark in progress.marks]
    given = {"digest": digest, "total": progress.total, "marks": marks}
    await tx.jobs.start(DRAW, given, by=US, key=key, about=ABOUT)
    return True


@job(DRAW)
async def draw(work: Work) -> None:
    """Draw, bring it to Slack, and note which figures it shows."""
    given = work.job.given
    marks = [
        Mark(date.fromisoformat(week), planned, moved) for week, planned, moved in given["marks"]
    ]
    data = await work.in_child(png, burn_up(marks, given["total"]))
    file_id = await work.slack.upload(data, name=NAME, title="How far the migration is")
    async with work.ending() as tx:
        await tx.pictures.keep(given["digest"], file_id)


def digest_of(marks: list[Mark], total: int) -> str:
    """What tells one picture from another: all that can be seen in it."""
    seen = [LOOK, total, [[mark.week.isoformat(), mark.planned, mark.moved] for mark in marks]]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()
