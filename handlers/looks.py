"""When a location is looked at: from its move on, every so many days, as the clock finds it due."""

from datetime import timedelta

import polars as pl

from handlers.wave_turn import WAVEPOST, Batch
from rules.location_life import Step
from rules.looks import look_day
from store.jobs import Json
from store.session import Store, Transaction

JUDGE = "judge checks"
ABOUT = "Checks of locations that moved"
FIRST, LAST = "first", "last"
"""The Mondays of the weeks whose figures are others than they were, in what the job is given."""
BEGINS = frozenset({Step.migrate, Step.check_anew})
TRIED_AGAIN = timedelta(hours=1)


async def follow_batch(tx: Transaction, batch: Batch) -> None:
    """Have whoever moved, or was mended where it is, looked at in so many days."""
    begun = [line for line in batch.lines if line.step in BEGINS]
    if begun:
        parameters = await tx.parameters.current()
        days = {line.location_id: look_day(line.on, 1, parameters) for line in begun}
        await tx.checks.look_on(batch.week, days)


async def knock(store: Store) -> None:
    """Have all judged whose look is due; however many replicas knock, it is one job."""
    async with store.reading() as reading:
        today = (await reading.clock.now()).date()
        if not await reading.checks.is_any_due(today):
            return
    async with store.transaction(actor=WAVEPOST) as tx:
        if not await tx.jobs.failed_lately(JUDGE, TRIED_AGAIN):
            await tx.jobs.start(JUDGE, {}, by=WAVEPOST, about=ABOUT, key=JUDGE)


async def have_judged_anew(tx: Transaction, history: pl.DataFrame) -> None:
    """Have all judged again whose figures may be others now that this history is written."""
    weeks = history["week_start"].drop_nulls()
    if weeks.is_empty():
        return
    given: Json = {FIRST: str(weeks.min()), LAST: str(weeks.max())}
    # Without a key: one that runs already may have read the figures as they were before.
    await tx.jobs.start(JUDGE, given, by=WAVEPOST, about=ABOUT)
