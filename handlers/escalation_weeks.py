"""The weeks of approved escalations: noted, and told, whenever a plan gives, changes or takes one."""

from datetime import date

from handlers.blocks import Words
from handlers.escalating import kept, take_step
from handlers.escalation_turn import WAVEPOST
from rules.escalation import State, Step, Taken, Who
from store.escalations import Going
from store.jobs import Json
from store.session import Transaction


async def note_weeks(tx: Transaction) -> None:
    """Let every approved escalation have the week that its locations are promised by now.

    Who asked hears of it where it is another one than they were told. Needs `Promises.lock`.
    """
    for going in await tx.escalations.going():
        row = await kept(tx, going.id)
        weeks = [week for week in going.weeks if week]
        if len(weeks) == len(going.weeks):
            await _schedule(tx, going, told=row.told_week)
        elif row.state is State.scheduled:
            words = Words("displacing", lost=len(going.weeks) - len(weeks), of=len(going.weeks))
            await _step(tx, going.id, Step.unschedule, words=words.plain("lost"))


async def _schedule(tx: Transaction, going: Going, *, told: date | None) -> None:
    """Give it the last of its weeks, unless that is what was told."""
    weeks = sorted({week for week in going.weeks if week})
    row = await kept(tx, going.id)
    if row.state is State.scheduled and weeks[-1] == told:
        return
    await tx.escalations.note(going.id, told_week=weeks[-1])
    details: Json = {"weeks": [week.isoformat() for week in weeks]}
    words = ""
    if told and row.state is State.scheduled:
        words = Words("displacing", told=told, week=weeks[-1]).plain("other_week")
    await _step(tx, going.id, Step.schedule, words=words, details=details)


async def _step(
    tx: Transaction, escalation_id: int, step: Step, *, words: str = "", details: Json | None = None
) -> None:
    row = await kept(tx, escalation_id, for_change=True)
    at = await tx.clock.now()
    taken = Taken(step, WAVEPOST, Who.planner, row.version, at, words)
    await take_step(tx, escalation_id, taken, details=details)
