"""Rolling back a wave that is too large for one answer: a job, whose message says how it went."""

from datetime import date
from typing import Any

from handlers.blocks import actions, built, count, day, modal, section
from handlers.jobs import Work, begin, job
from handlers.rollback_posts import open_button
from handlers.rolling_back import WayBack, begin_rollback
from rules.roles import Role
from store.session import Transaction

ROLL_BACK = "roll back a wave"
MOST_AT_ONCE = 500
"""A handler may take 2 seconds: on a busy machine so many took 0.3 to 1.2, and 5,000 took 2 to 4.9."""


async def begin_later(tx: Transaction, wish: WayBack, locations: int) -> dict[str, Any]:
    """Have a job begin the rollback of a whole wave with so many locations; the modal that says so."""
    given = {
        "week": wish.week.isoformat(),
        "words": wish.words,
        "is_rehearsal": wish.is_rehearsal,
    }
    about = f"{'Rehearsing the rollback of' if wish.is_rehearsal else 'Rolling back'} the wave of "
    await begin(tx, ROLL_BACK, given, by=tx.actor, about=about + day(wish.week))
    said = (
        f"Working on it: there are {count(locations, 'location')} in this wave. "
        "A message to you says how it went."
    )
    return modal("rollback_told", "Roll back", [section(said)])


@job(ROLL_BACK, role=Role.approver)
async def begin_whole_wave(work: Work) -> None:
    """Begin it as a whole or not at all; what refuses it is told in the job's message."""
    given, about = work.job.given, work.job.about
    wish = WayBack(
        week=date.fromisoformat(given["week"]),
        words=given["words"],
        is_rehearsal=given["is_rehearsal"],
    )
    async with work.ending() as tx:
        number = await begin_rollback(tx, wish)
        said = f"{about}: it has begun, and whoever has a task hears of it."
        tx.say(work.message(said, built(section(said), actions(open_button(number)))))
