"""What leads hear of a wave whose Monday has come and that nobody started, until somebody does."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from handlers.blocks import Words, actions, built, button, section
from handlers.wave_said import CAUSE, see_button
from handlers.wave_turn import WAVEPOST, WaveTurn
from rules.calendar import start_of_week
from rules.following import Pace
from rules.hours import at, due
from rules.roles import Role
from rules.wave_life import Step
from store.outbox import Message
from store.session import Reading, Store, Transaction
from store.subscriptions import Hours
from store.wave_rows import WaveRow

FRESH = timedelta(days=5)
"""So long it is worth a reminder: to the end of the working week."""
EARLIEST = timedelta(hours=14)
"""So much sooner than in UTC a day begins where it begins first."""


async def knock(store: Store) -> None:
    """Tell each lead once, at the hour of their digest, of this week's wave that has not begun."""
    async with store.reading() as reading:
        now = await reading.clock.now()
        week = start_of_week((now + EARLIEST).date())
        if not await _unaware(reading, week, now):
            return
    async with store.transaction(actor=WAVEPOST) as tx:
        await tx.waves.plan(week)
        wave = await tx.waves.get(week, for_change=True)
        leads = await _unaware(tx, week, now)
        if wave and leads:
            await _remind(tx, wave, leads)


async def take_back(tx: Transaction, turn: WaveTurn, mine: Mapping[str, int]) -> dict[str, Message]:
    """Let the reminders tell that the wave starts; gives what each lead who has one reads there now.

    `mine` is how many locations each person moves in it.
    """
    if turn.taken.step is not Step.start:
        return {}
    said = {
        lead: _begun(turn, lead, reminder, mine.get(lead, 0))
        for lead, reminder in (await tx.posts.of(_about(turn.week))).items()
    }
    for message in said.values():
        tx.say(message)
    await tx.posts.forget(_about(turn.week))
    return said


def _begun(turn: WaveTurn, lead: str, reminder: UUID, mine: int) -> Message:
    words = Words("wave_telling", week=turn.week, taken=turn.taken, mine=mine)
    texts = [words["begun"], *([words["started_mine"]] if mine else [])]
    said = built(*map(section, texts), actions(see_button(turn.week)))
    return Message(lead, words.plain("begun"), said, cause=CAUSE, updates=reminder)


async def _unaware(reading: Reading, week: date, now: datetime) -> list[str]:
    """The leads whom it is time to tell that a wave has not begun, and who were not told."""
    wave = await reading.waves.get(week)
    if wave and wave.started_at:
        return []
    if not (await reading.wave_day.counts(week, is_started=False)).total:
        return []
    told = await reading.posts.of(_about(week))
    leads = [each for each in await reading.roles.people_with(Role.lead) if each not in told]
    hours = await reading.subscriptions.hours_of(leads)
    return [lead for lead in leads if _is_time(week, now, hours[lead])]


def _is_time(week: date, now: datetime, hours: Hours) -> bool:
    monday = at(week, time(), hours.zone)
    first = due(monday, Pace.daily, hours.habits, hours.zone)
    return first <= now < first + FRESH


async def _remind(tx: Transaction, wave: WaveRow, leads: Sequence[str]) -> None:
    counts = await tx.wave_day.counts(wave.week, is_started=False)
    words = Words("wave_telling", week=wave.week, locations=counts.total)
    start = button("Start the wave", "wave_start", f"{wave.week}|{wave.version}", style="primary")
    said = built(
        section(words["not_begun"]),
        section(words["start_it"]),
        actions(start, see_button(wave.week)),
    )
    for lead in leads:
        message = Message(lead, words.plain("not_begun"), said, cause=CAUSE)
        tx.say(message)
        await tx.posts.keep(_about(wave.week), lead, message.id)


def _about(week: date) -> str:
    """What the reminders are kept under."""
    return f"not begun {week}"
