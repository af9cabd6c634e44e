"""The weeks of approved escalations: noted, and told, whenever a plan gives, changes or takes one."""

from datetime import date

from handlers.blocks import Words
from handlers.escalating import kept, take_step
from handlers.escalation_turn import WAVEPOST
from rules.escalation import State, Step, Taken, Who
from store.escalation_rows import EscalationRow
from store.escalations import Going
from store.jobs import Json
from store.session import Transaction


async def note_weeks(tx: Transaction) -> None:
    """Let every approved escalation have the week that its locations are promised by now.

    Who asked hears of it where it is another one than they were told. Needs `Promises.lock`.
    """
    for going in await tx.escalations.going((await tx.clock.now()).date()):
        if not _is_news(await kept(tx, going.id), going):
            continue
        # Who asked may withdraw it just now: it is looked at again once nobody else can step.
        row = await kept(tx, going.id, for_change=True)
        if _is_news(row, going):
            await (_schedule if all(going.weeks) else _unschedule)(tx, row, going)


def _is_news(row: EscalationRow, going: Going) -> bool:
    """Whether an escalation that still stands got a week that was not told, or lost its week.

    One of which no location is left has lost nothing that a plan could give: it ends instead.
    """
    if row.state not in (State.approved, State.scheduled) or not going.weeks:
        return False
    is_scheduled = row.state is State.scheduled
    if not all(going.weeks):
        return is_scheduled
    return not is_scheduled or _weeks(going)[-1] != row.told_week


async def _schedule(tx: Transaction, row: EscalationRow, going: Going) -> None:
    """Give it the last of its weeks."""
    weeks = _weeks(going)
    await tx.escalations.note(going.id, told_week=weeks[-1])
    words = ""
    if row.told_week and row.state is State.scheduled:
        words = Words("displacing", told=row.told_week, week=weeks[-1]).plain("other_week")
    details: Json = {"weeks": [week.isoformat() for week in weeks]}
    await _step(tx, row, Step.schedule, words=words, details=details)


async def _unschedule(tx: Transaction, row: EscalationRow, going: Going) -> None:
    lost = sum(week is None for week in going.weeks)
    words = Words("displacing", lost=lost, of=len(going.weeks))
    await _step(tx, row, Step.unschedule, words=words.plain("lost"))


def _weeks(going: Going) -> list[date]:
    return sorted({week for week in going.weeks if week})


async def _step(
    tx: Transaction, row: EscalationRow, step: Step, *, words: str, details: Json | None = None
) -> None:
    at = await tx.clock.now()
    taken = Taken(step, WAVEPOST, Who.planner, row.version, at, words)
    await take_step(tx, row.number, taken, details=details)
