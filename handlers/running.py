"""Running a wave: its steps and those of its locations, as Slack, pages, sheets and the clock share them.

Nobody else writes where a wave or a location of one stands. What must follow from that is not written
here: each noun that has something to do then has a function in a module of its own, which is one line
in `handlers.wave_follow_ups`. A follow-up must not import this module; where it leads to a step of
the wave it returns that, and it is taken at once, in the same transaction, before the next one acts.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import numpy as np

from handlers.blocks import Words
from handlers.errors import NotThere, Refused
from handlers.mark_refusals import worded
from handlers.wave_follow_ups import BATCH_FOLLOW_UPS, WAVE_FOLLOW_UPS
from handlers.wave_keeping import keep_lines
from handlers.wave_marks import WaveAsked, lines_of, weigh
from handlers.wave_timeline import tell_of_wave
from handlers.wave_turn import Batch, Outcome, Refusal, WaveTurn, Wish, subject
from rules import location_life
from rules.likeness import Likeness, likeness
from rules.wave_life import Standing, State, Step, Taken, Who, take
from store.audit import Change
from store.jobs import Json
from store.promises import Promises
from store.session import Reading, Transaction
from store.wave_rows import WaveRow


async def start_wave(tx: Transaction, week: date, *, by: str, who: Who) -> Standing:
    """Start a wave with all that its week is promised to; one that was only planned is announced first.

    Whoever is offboarded, or in the run of another wave, is left out. From now on the wave is fixed:
    it waits for a plan that is just being published, and what is published next knows of it.

    Raises:
        NotThere: nobody is promised this week.
        Refused: nobody of those who are can be moved in it.
        StepRefused: it started before, or the part may not start it; nothing was changed.
    """
    await tx.waves.plan(week)
    wave = await kept(tx, week, for_change=True)
    at = await tx.clock.now()
    if State(wave.state) is State.planned:
        await take_wave_step(tx, week, Taken(Step.announce, by, who, wave.version, at))
        wave = await kept(tx, week)
    start = Taken(Step.start, by, who, wave.version, at)
    take(wave.standing(), start)
    await Promises(tx.connection).lock()
    locations = await tx.wave_locations.begin(week)
    if not locations:
        raise Refused(Words("wave_running", week=week).plain("nobody"))
    known = await _likeness(tx)
    await tx.waves.note(
        week, started_at=at, likeness=known.value, likeness_tries=known.tries, counted_from=0
    )
    return await take_wave_step(tx, week, start, details={"locations": locations})


async def take_wave_step(
    tx: Transaction, week: date, taken: Taken, *, details: Json | None = None
) -> Standing:
    """Take a step with a wave, and have follow what must; gives where it stands then.

    The wave and all its locations are held until the commit, so two who step at once wait in turn and
    the second is Outdated.

    Raises:
        NotThere: there is no wave of that week.
        StepRefused: the step cannot be taken; nothing was changed. `handlers.wave_refusals` has the
            words for it.
    """
    was = await kept(tx, week, for_change=True)
    standing = await _taken(tx, was, taken, details)
    if taken.step is Step.go_on:
        await tx.waves.note(week, counted_from=await tx.wave_locations.newest_step(week))
    await tell_of_wave(tx, week, taken)
    turn = WaveTurn(await kept(tx, week), State(was.state), taken, details)
    for follow in WAVE_FOLLOW_UPS:
        if further := await follow(tx, turn):
            standing = await take_wave_step(tx, week, further)
            turn = replace(turn, wave=await kept(tx, week))
    return standing


async def take_steps(
    tx: Transaction,
    week: date,
    wishes: Sequence[Wish],
    *,
    by: str,
    who: location_life.Who,
    batch: UUID | None = None,
) -> Outcome:
    """Take steps with locations of a wave at once, each by itself, and have follow what must.

    What cannot be is refused for that location alone, with words; the rest is taken. The wave and all
    its locations are held until the commit. A location is named once at most.

    Raises:
        NotThere: there is no wave of that week.
        ValueError: a location is named twice.
    """
    wave = await kept(tx, week, for_change=True)
    at = await tx.clock.now()
    asked = WaveAsked(wave, by, who, at)
    accepted, hindered = await weigh(tx, asked, wishes)
    lines = await lines_of(tx, asked, accepted)
    if lines:
        taken = Batch(batch or uuid4(), wave, by, who, at, lines)
        await keep_lines(tx, taken)
        await _follow(tx, taken)
    return Outcome(lines, await worded(tx, asked, hindered))


async def would_refuse(
    reading: Reading, week: date, wishes: Sequence[Wish], *, by: str, who: location_life.Who
) -> tuple[Refusal, ...]:
    """Which of these steps `take_steps` would refuse now, by location id; nothing is changed or held.

    In a week that has no wave all of them are refused, each for its own reason.

    Raises:
        ValueError: a location is named twice.
    """
    wave = await reading.waves.get(week) or WaveRow(week=week)
    asked = WaveAsked(wave, by, who, await reading.clock.now())
    _, hindered = await weigh(reading, asked, wishes, hold=False)
    return await worded(reading, asked, hindered)


async def kept(reading: Reading, week: date, *, for_change: bool = False) -> WaveRow:
    """The wave of the week that begins on this Monday.

    Raises:
        NotThere: there is none.
    """
    wave = await reading.waves.get(week, for_change=for_change)
    if wave is None:
        raise NotThere(Words("wave_running", week=week).plain("no_wave"))
    return wave


async def _taken(tx: Transaction, wave: WaveRow, taken: Taken, details: Json | None) -> Standing:
    """Take one step, keep it, and audit it."""
    before = wave.standing()
    now = take(before, taken)
    await tx.waves.advance(wave.week, wave.version, {"state": now.state, "version": now.version})
    await tx.waves.keep_step(wave.week, taken, details)
    after = _told(now) | {"by": taken.by, "who": taken.who, "at": taken.at.isoformat()}
    tx.audit(
        Change(
            f"wave {taken.step}",
            subject(wave.week),
            before=_told(before),
            after=after | (details or {}),
            reason=taken.words or None,
        )
    )
    return now


async def _follow(tx: Transaction, batch: Batch) -> None:
    """Let all that follows from steps of locations happen."""
    for follow in BATCH_FOLLOW_UPS:
        if further := await follow(tx, batch):
            await take_wave_step(tx, batch.week, further)
            batch = replace(batch, wave=await kept(tx, batch.week))


async def _likeness(reading: Reading) -> Likeness:
    """How alike locations of one customer fail, by all that were tried up to now."""
    tries = await reading.wave_locations.tries()
    customers = [each.customers for each in tries]
    failed = np.repeat(np.array([each.failed for each in tries], dtype=np.int64), customers)
    tried = np.repeat(np.array([each.tried for each in tries], dtype=np.int64), customers)
    parameters = await reading.parameters.current()
    return likeness(failed, tried, parameters)


def _told(standing: Standing) -> Json:
    return {"state": standing.state, "version": standing.version}
