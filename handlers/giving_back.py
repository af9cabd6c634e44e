"""Giving locations of a wave back to the plan: their promise is withdrawn, with its reason, and told."""

from collections.abc import Sequence

import polars as pl

from handlers.concerned import tell_concerned
from handlers.counting import count_anew
from handlers.escalation_weeks import note_weeks
from handlers.plan_dates import moves_of
from handlers.plan_news import news_of
from handlers.planning import audit_moves
from handlers.wave_turn import Batch, Line
from rules.location_life import State, Step
from rules.wave_life import Taken
from store.plans import MoveReason
from store.promises import Promises, Publication
from store.session import Transaction

DATES = {
    "location_id": pl.String,
    "customer_id": pl.String,
    "promised": pl.Date,
    "week": pl.Date,
    "reason": pl.String,
}


async def follow_batch(tx: Transaction, batch: Batch) -> Taken | None:
    """Whoever was given back loses the week of this wave; the next draft places them again."""
    back = [line for line in batch.lines if line.step is Step.give_back]
    if back:
        await _withdraw(tx, batch, back)
    return None


async def _withdraw(tx: Transaction, batch: Batch, back: Sequence[Line]) -> None:
    """Withdraw their promises as a plan would that finds no week: recorded, audited, and told once."""
    promises = Promises(tx.connection)
    await promises.lock()
    dates = pl.DataFrame(
        [
            (line.location_id, line.row.customer_id, batch.week, None, _why(line).value)
            for line in back
        ],
        schema=DATES,
        orient="row",
    )
    gone = Publication(batch.week, pl.DataFrame(), dates, moves_of(dates))
    await promises.withdraw(gone, actor=batch.by, at=batch.at)
    audit_moves(tx, gone)
    news = news_of(gone, await tx.subscriptions.singled_out())
    await tell_concerned(tx, f"given back {batch.id}", news)
    await note_weeks(tx)
    await count_anew(tx, f"given back {batch.id}")


def _why(line: Line) -> MoveReason:
    """Why its date is withdrawn: who never got as far as to move waited for its wave."""
    return MoveReason.wave_paused if line.was is State.planned else MoveReason.failed_check
