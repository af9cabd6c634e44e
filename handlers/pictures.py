"""Pictures of the progress: drawn once for the same figures, ahead of those who ask, and kept in Slack."""

import hashlib
import json
from datetime import date

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


async def picture_of(reading: Reading, progress: Progress) -> str | None:
    """Slack's id of the picture of this progress; None before it is drawn."""
    return await reading.pictures.file(digest_of(progress.marks, progress.total))


async def draw_ahead(tx: Transaction) -> None:
    """Have the progress drawn as it will be when this transaction commits."""
    await have_drawn(tx, await tx.migration.progress())


async def have_drawn(tx: Transaction, progress: Progress) -> None:
    """Have a progress drawn, unless it is drawn or about to be, or there is nothing to see."""
    digest = digest_of(progress.marks, progress.total)
    if not progress.waves or await tx.pictures.file(digest):
        return
    marks = [[mark.week.isoformat(), mark.planned, mark.moved] for mark in progress.marks]
    given = {"digest": digest, "total": progress.total, "marks": marks}
    await tx.jobs.start("draw progress", given, by=US, key=f"draw {digest}", about=ABOUT)


@job("draw progress")
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
