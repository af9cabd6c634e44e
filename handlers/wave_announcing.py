"""Announcing what becomes of a wave, in each channel that hears of waves and has somebody in it.

A job says it, for hundreds of channels take longer than who presses a button can wait; the clock says
that a wave is near. Both hold the wave, so its post is made once and shows what happened last.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from handlers.announcement_turn import WAVEPOST
from handlers.event_announcing import Event, say_event
from handlers.jobs import Work, job
from handlers.wave_event import Happened
from handlers.wave_turn import WaveTurn
from rules.announced import Wave
from rules.calendar import start_of_week
from rules.happenings import FACTS, OF_WAVES, QUIET, Near, near, one_for_each
from store.announcement_rows import ScheduleVersionRow
from store.session import Reading, Store, Transaction

ANNOUNCE = "announce waves"
WEEK = timedelta(weeks=1)


async def follow_wave(tx: Transaction, turn: WaveTurn) -> None:
    """Have a step announced, where any channel hears of waves."""
    if turn.taken.step in FACTS and await tx.announcement_schedules.telling(OF_WAVES):
        given = {"week": turn.week.isoformat(), "version": turn.taken.version}
        about = f"Telling channels what the wave of {turn.week} did"
        await tx.jobs.start(ANNOUNCE, given, by=WAVEPOST, about=about)


async def readers(reading: Reading, week: date) -> frozenset[str]:
    """Who reads in a channel what becomes of a wave now."""
    schedules = await reading.announcement_schedules.telling(OF_WAVES)
    wave = await reading.scoped.wave(week) if schedules else None
    if wave is None:
        return frozenset()
    return await reading.channels.anybody_in(_speaking(schedules, wave))


@job(ANNOUNCE, in_turn=True)
async def announce(work: Work) -> None:
    """Say what a wave did, channel by channel; where that was said already, nothing is said."""
    week, version = date.fromisoformat(work.job.given["week"]), work.job.given["version"]
    async with work.store.reading(consistent=True) as reading:
        steps = [each.taken for each in await reading.waves.steps(week)]
        taken = next(each for each in steps if each.version == version)
        happened = await Happened.of(reading, week, taken)
        shown = await reading.posts.of(about(week))
        schedules = await reading.announcement_schedules.telling(OF_WAVES)
        speaking = _speaking(schedules, happened.wave, shown)
        said = [(says, await happened.said(reading, says)) for says in speaking.values()]
    key = f"wave {week} at {version}"
    event = Event(about(week), key, taken.at, week, is_quiet=taken.step in QUIET)
    for says, words in said:
        async with work.meanwhile() as tx:
            await tx.waves.get(week, for_change=True)
            await say_event(tx, event, says, words)
    async with work.ending():
        pass


async def knock(store: Store) -> None:
    """Say that a wave starts tomorrow; where that was said and nobody started it, that it has not begun."""
    async with store.reading() as reading:
        now = await reading.clock.now()
        schedules = await reading.announcement_schedules.telling(OF_WAVES)
    for (week, how), there in _near(schedules, now).items():
        event = Event(
            about(week),
            f"wave {week} {how}",
            now,
            week,
            is_quiet=True,
            for_readers=how is Near.due,
        )
        await _say_near(store, event, week, how, there)


async def _say_near(
    store: Store, event: Event, week: date, how: Near, schedules: Sequence[ScheduleVersionRow]
) -> None:
    async with store.reading(consistent=True) as reading:
        left = await _untold(reading, event, schedules)
        wave = await reading.waves.get(week)
        if not left or (wave and wave.started_at):
            return
        happened = await Happened.of(reading, week, how)
        shown = await reading.posts.of(event.about)
        speaking = _speaking(left, happened.wave, shown)
        said = [(says, await happened.said(reading, says)) for says in speaking.values()]
    for says, words in said:
        async with store.transaction(actor=WAVEPOST) as tx:
            await tx.waves.plan(week)
            wave = await tx.waves.get(week, for_change=True)
            if not (wave and wave.started_at):
                await say_event(tx, event, says, words)


async def _untold(
    reading: Reading, event: Event, schedules: Sequence[ScheduleVersionRow]
) -> list[ScheduleVersionRow]:
    """The schedules in whose channels it was not said, as far as it is told there."""
    claimed = await reading.announcements.claimed(
        {event.key_in(says.channel) for says in schedules}
    )
    shown = await reading.posts.of(event.about)
    return [
        says
        for says in schedules
        if event.key_in(says.channel) not in claimed
        and (says.channel in shown or not event.for_readers)
    ]


def _near(
    schedules: Iterable[ScheduleVersionRow], now: datetime
) -> dict[tuple[date, Near], list[ScheduleVersionRow]]:
    """The waves that are near, by how near they are, with the schedules where that is so."""
    found = defaultdict(list)
    for says in schedules:
        this_week = start_of_week(now.astimezone(says.there).date())
        for week in (this_week, this_week + WEEK):
            if how := near(week, says.at_time, says.there, now):
                found[week, how].append(says)
    return found


def _speaking(
    schedules: Iterable[ScheduleVersionRow], wave: Wave, shown: Collection[str] = ()
) -> dict[str, ScheduleVersionRow]:
    """The schedule that speaks of a wave in each channel that has somebody in it, or has `shown` it."""

    def reaches(says: ScheduleVersionRow) -> int:
        in_scope = sum(map(says.scope.locations, wave.customers))
        return in_scope or int(says.channel in shown)

    return one_for_each(schedules, lambda says: says.channel, reaches)


def about(week: date) -> str:
    """What the posts about a wave are kept under."""
    return f"wave {week} in channels"
