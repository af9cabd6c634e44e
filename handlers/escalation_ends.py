"""The ends of approved escalations: kept, missed, or without ever a week, by what the calendar says."""

from datetime import date, datetime

from handlers.blocks import Words
from handlers.escalating import kept, take_step
from handlers.escalation_turn import WAVEPOST
from rules.escalation import State, Step, Taken, Who
from rules.escalation_end import ending, late
from store.escalation_rows import EscalationRow
from store.escalations import Going
from store.session import Transaction


async def end_what_is_over(tx: Transaction, now: datetime) -> int:
    """End every approved escalation that is kept, missed, too late for a week, or gone; returns how many.

    Who asked hears of it. `now` is business time.
    """
    ended = 0
    for going in await tx.escalations.going(now.date()):
        if _ending(await kept(tx, going.id), going, now.date()) is None:
            continue
        row = await kept(tx, going.id, for_change=True)
        step = _ending(row, going, now.date())
        if step is None or row.due_on is None:
            continue
        taken = Taken(step, WAVEPOST, Who.planner, row.version, now, _why(step, going, row.due_on))
        await take_step(tx, going.id, taken, details={"gone": going.gone, "left": len(going.weeks)})
        ended += 1
    return ended


def _ending(row: EscalationRow, going: Going, today: date) -> Step | None:
    """The step that ends it; None as well where another replica was faster."""
    if row.state not in (State.approved, State.scheduled) or row.due_on is None:
        return None
    return ending(
        going.weeks,
        row.due_on,
        today,
        is_scheduled=row.state is State.scheduled,
        migrated=going.migrated,
    )


def _why(step: Step, going: Going, due_on: date) -> str:
    """What did not go as it was granted, in words."""
    gone = Words("displacing", gone=going.gone, left=len(going.weeks)).plain("gone")
    if step is Step.keep or not going.weeks:
        return gone
    left = [week for week, has in zip(going.weeks, going.migrated, strict=True) if not has]
    weeks = sorted(week for week in left if week and week > due_on)
    words = Words(
        "displacing",
        late=late(going.weeks, due_on, going.migrated),
        of=len(going.weeks),
        due_on=due_on,
        last=weeks[-1] if len(weeks) == len(left) else None,
    )
    return " ".join(filter(None, (words.plain("missed"), gone)))
