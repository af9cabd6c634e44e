"""Settling a wave: nobody is left to move, everybody is settled, or everybody is back."""

from handlers.wave_turn import WAVEPOST, Batch, WaveTurn
from rules.location_life import all_back, all_moved, all_settled
from rules.wave_life import State, Step, Taken, Who
from store.session import Reading, Transaction
from store.wave_rows import WaveRow

SETTLING = {
    State.running: (all_moved, Step.check),
    State.checking: (all_settled, Step.close),
    State.rolling_back: (all_back, Step.end),
}
"""By the state of the wave: what has to be true of its locations, and what the wave does then."""


async def follow_wave(tx: Transaction, turn: WaveTurn) -> Taken | None:
    """Settle a wave that came to where its locations are done already."""
    return await _settled(tx, turn.wave)


async def follow_batch(tx: Transaction, batch: Batch) -> Taken | None:
    """Settle a wave whose last locations were just done."""
    return await _settled(tx, batch.wave)


async def _settled(reading: Reading, wave: WaveRow) -> Taken | None:
    state = State(wave.state)
    if state not in SETTLING:
        return None
    is_done, step = SETTLING[state]
    counts = await reading.waves.counts(wave.week)
    if not is_done(list(counts)):
        return None
    return Taken(step, WAVEPOST, Who.wavepost, wave.version, await reading.clock.now())
