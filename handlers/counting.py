"""Counting all locations anew, beside the work that changed them: of a million it takes seconds."""

from handlers.jobs import Work, job
from handlers.pictures import US
from handlers.wave_turn import WaveTurn
from rules.wave_life import Step, Taken
from store.session import Transaction

COUNT = "count locations"
ABOUT = "Counting all locations"


async def follow_wave(tx: Transaction, turn: WaveTurn) -> Taken | None:
    """Whoever is in a wave waits for nothing any more: once one is started, all are counted anew."""
    if turn.taken.step is Step.start:
        await count_anew(tx, f"started {turn.week}")
    return None


async def count_anew(tx: Transaction, cause: str) -> None:
    """Have all locations counted once this is committed; until then whoever asks counts them."""
    await tx.jobs.start(COUNT, {}, by=US, key=f"{COUNT} {cause}", about=ABOUT)


@job(COUNT)
async def count(work: Work) -> None:
    """Count, and keep what came of it."""
    async with work.ending() as tx:
        await tx.tallies.keep()
