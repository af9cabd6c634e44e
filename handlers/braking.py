"""The brake of a wave at work: it hears of every mark and check, and pauses the wave in time."""

import asyncio
from datetime import date

from handlers.brake_words import brake_words, to_json
from handlers.wave_turn import WAVEPOST, Batch, WaveTurn
from rules.brakes import Reading, brake
from rules.likeness import Likeness
from rules.parameters import Parameters
from rules.tries import TELLING, marks
from rules.wave_life import State, Step, Taken, Who, possible
from store.session import Transaction
from store.wave_rows import WaveRow


async def follow_wave(tx: Transaction, turn: WaveTurn) -> None:
    """Watch a wave that starts, and anew one that an approver lets go on."""
    if turn.taken.step in (Step.start, Step.go_on):
        reading = await read(tx, turn.wave, await tx.parameters.current())
        await tx.waves.note(turn.week, brake=to_json(reading))


async def follow_batch(tx: Transaction, batch: Batch) -> Taken | None:
    """Keep what the brake says after these steps; where it stops the wave, that is the next step."""
    if not any(line.step in TELLING for line in batch.lines):
        return None
    parameters = await tx.parameters.current()
    reading = await read(tx, batch.wave, parameters)
    await tx.waves.note(batch.week, brake=to_json(reading))
    if not reading.why or Step.pause not in possible(State(batch.wave.state), Who.wavepost):
        return None
    why = brake_words(reading, parameters).plain("pause")
    return Taken(Step.pause, WAVEPOST, Who.wavepost, batch.wave.version, batch.at, why)


async def read(tx: Transaction, wave: WaveRow, parameters: Parameters) -> Reading:
    """What the brake says of a wave now: of all that was told since it counts."""
    told = await tx.tries.told(wave.week, above=wave.counted_from or 0)
    likeness = Likeness(wave.likeness, wave.likeness_tries or 0) if wave.likeness else None
    locations = await _locations(tx, wave.week)
    return await asyncio.to_thread(brake, marks(told), locations, likeness, parameters)


async def _locations(tx: Transaction, week: date) -> int:
    return sum((await tx.waves.counts(week)).values())
