"""Tasks of a rollback done, handed over, and all of it at its end: what every door shares."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.blocks import Words, moment
from handlers.drafting import ask_for_draft
from handlers.errors import NotThere, Refused
from handlers.rollback_posts import Under, show_all
from handlers.rollback_telling import tell_of_end
from handlers.rolling_back import subject
from handlers.running import take_steps
from handlers.wave_turn import WAVEPOST, Wish
from rules.location_life import Step, Who
from rules.rollback import (
    ConfirmedBefore,
    NotTheirs,
    NotYet,
    Rollback,
    RollbackRefused,
    confirm_each,
    hand_all_over,
)
from store.audit import Change
from store.session import Reading, Transaction


async def under_way(reading: Reading, number: int, *, for_change: bool = False) -> Under:
    """A rollback with its tasks as they are now.

    Raises:
        NotThere: there is none with this number.
    """
    row = await reading.rollbacks.get(number, for_change=for_change)
    if row is None:
        raise NotThere(Words("rollback", number=number)["gone"])
    rollback = await reading.rollbacks.tasks(row)
    locations = {item.location for item in rollback.items}
    return Under(row, rollback, await reading.called.locations(list(locations)))


async def confirm(
    tx: Transaction, under: Under, task: str, locations: Sequence[str], *, is_lead: bool
) -> Under:
    """Keep that a task is done at these locations, as who this transaction is by.

    A location at which all is done is on the old system again, and in the plan. `under` was read for
    change.

    Raises:
        Refused: it cannot be confirmed at one of them; nothing was kept.
    """
    now = await tx.clock.now()
    after, refused = confirm_each(under.rollback, locations, task, tx.actor, now, is_lead=is_lead)
    if problem := next((each for each in refused if each), None):
        raise _worded(under, problem)
    done = replace(under, rollback=after)
    await tx.rollbacks.keep(under.number, under.rollback, after)
    told = {"task": task, "locations": sorted(locations), "at": now.isoformat()}
    tx.audit(Change("rollback task confirmed", subject(under.number), after=told))
    await _bring_back(tx, under, after)
    await show_all(tx, done, under.rollback)
    if after.progress.is_done:
        await _end(tx, done, now)
    return done


async def hand_over(
    tx: Transaction, under: Under, owner: str, to: str, *, task: str | None = None, note: str = ""
) -> Under:
    """Give what somebody has left to do, or one task of it, to somebody else, who hears of it at once.

    Raises:
        Refused: nothing of it is left.
    """
    after = hand_all_over(under.rollback, owner, to, task)
    if after.items == under.rollback.items:
        raise Refused(Words("rollback")["nothing_to_hand"])
    handed = replace(under, rollback=after)
    await tx.rollbacks.keep(under.number, under.rollback, after)
    told = {"owner": owner, "to": to} | ({"task": task} if task else {})
    tx.audit(Change("rollback handed over", subject(under.number), after=told, reason=note or None))
    block = "left" if tx.actor == WAVEPOST else "handed"
    said = Words("rollback", by=tx.actor, owner=owner, note=note)[block] if tx.actor != to else None
    await show_all(tx, handed, under.rollback, said=said)
    return handed


async def _bring_back(tx: Transaction, under: Under, after: Rollback) -> None:
    """Keep of each location at which all is done now that it is back, and in the plan again."""
    before = set(under.rollback.back)
    back = [each for each in after.back if each not in before]
    if not back:
        return
    why = Words("rollback", row=under.row).plain("given_back_because")
    ends = [Wish(each, Step.end) for each in back]
    returns = [Wish(each, Step.give_back, why) for each in back]
    for wishes in (ends, returns):
        await take_steps(tx, under.row.week, wishes, by=WAVEPOST, who=Who.wavepost)


async def _end(tx: Transaction, under: Under, now: datetime) -> None:
    await tx.rollbacks.end(under.number, now)
    under.row.ended_at = now
    what = "rehearsal ended" if under.row.is_rehearsal else "rollback ended"
    tx.audit(Change(what, subject(under.number), after={"locations": len(under.names)}))
    await tell_of_end(tx, under)
    await tx.posts.forget(f"rollback {under.number}")
    if not under.row.is_rehearsal:
        why = Words("rollback", row=under.row, locations=len(under.names)).plain("draft_because")
        await ask_for_draft(tx, asked_by=WAVEPOST, why=why)


def _worded(under: Under, problem: RollbackRefused) -> Refused:
    """Why a task cannot be confirmed, in words."""
    match problem:
        case ConfirmedBefore(item=item):
            at = moment(item.at) if item.at else ""
            words = Words("rollback", by=item.by, at=at)["confirmed_before"]
        case NotTheirs(item=item):
            words = Words("rollback", item=item)["not_yours"]
        case NotYet(item=item):
            name = under.called(item.location)
            words = Words("rollback", item=item, name=name)["not_yet"]
        case _:
            words = Words("rollback")["nothing_to_do"]
    return Refused(words)
