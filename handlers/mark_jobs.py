"""Marking more locations than fit into one answer: a job, whose message says what became of it."""

from datetime import date
from typing import Any

from handlers.blocks import built, count, modal, section
from handlers.errors import NotAllowed
from handlers.jobs import Work, begin, job
from handlers.marking import Mark, mark_all
from rules.location_life import Step
from rules.roles import Role
from store.session import Transaction

MARK = "mark a wave"
MOST_AT_ONCE = 200
GONE = "Who asked for this is not here any more, so nothing was marked."


async def mark_later(tx: Transaction, week: date, mark: Mark) -> dict[str, Any]:
    """Have all of these marked by a job; the modal that says so."""
    given = {
        "week": week.isoformat(),
        "step": mark.step,
        "locations": [location for location, _ in mark.at],
        "words": mark.words,
        "cause": mark.cause,
        "lost_orders": mark.lost_orders,
    }
    many = count(len(mark.at), "location")
    await begin(tx, MARK, given, by=tx.actor, about=f"Marking {many}")
    said = f"{many} are being marked. A message to you says what became of it."
    return modal("wave_told", "Marking", [section(said)])


@job(MARK, role=Role.csa)
async def mark_many(work: Work) -> None:
    """Mark them all at once: all that can be are, and of the others the message says why not."""
    given = work.job.given
    work.tell("Marking", 0, len(given["locations"]))
    mark = Mark(
        Step(given["step"]),
        [(location, None) for location in given["locations"]],
        words=given["words"],
        cause=given["cause"],
        lost_orders=given["lost_orders"],
    )
    async with work.ending() as tx:
        person = (await tx.people.asking(work.job.asked_by)).person
        if person is None:
            raise NotAllowed(GONE)
        marked = await mark_all(tx, date.fromisoformat(given["week"]), mark, by=person)
        blocks = built(*marked.blocks)
        tx.say(work.message(marked.words["marked"], blocks))
