"""What the clock does when it knocks: remind at half of the time, ask the next person at its end.

Any number of replicas may knock at once: the row that is held decides who acts, and what is said is
committed with what was noted, so each reminder is given once.
"""

from datetime import datetime, timedelta

import structlog

from handlers.duty import Duty, duty
from handlers.escalating import take_step
from handlers.escalation_clock import (
    ALL_REMINDED,
    HALF,
    HALF_REMINDED,
    OF_CLOCK,
    OVER,
    say_to,
    words_about,
)
from handlers.escalation_ends import end_what_is_over
from handlers.escalation_thread import say_in_thread
from handlers.escalation_turn import WAVEPOST
from handlers.requester_news import hearers
from rules.escalation import Step, Taken, Who
from store.escalation_rows import EscalationRow
from store.session import OutcomeUnknown, Store, StoreUnavailable, Transaction

log = structlog.get_logger(__name__)

TRIED_AGAIN = timedelta(hours=1)


async def knock(store: Store) -> None:
    """Do all that the clocks of escalations ask for now."""
    while await _knock_next(store):
        pass
    while await _tell_of_leaving(store):
        pass


async def end_what_is_due(store: Store) -> None:
    """End what was approved and is kept, missed, or too late for a week."""
    async with store.transaction(actor=WAVEPOST) as tx:
        await end_what_is_over(tx, await tx.clock.now())


async def _knock_next(store: Store) -> bool:
    """Look at one clock; False where none knocks."""
    row = None
    try:
        async with store.transaction(actor=WAVEPOST) as tx:
            now = await tx.clock.now()
            row = await tx.escalations.knocking(now)
            if row is None:
                return False
            await _look_at(tx, row, now)
    except (StoreUnavailable, OutcomeUnknown):
        raise
    except Exception:
        if row is None:
            raise
        # What is wrong with one must not keep all the others waiting.
        log.exception("the clock of an escalation could not be looked at", escalation=row.number)
        async with store.transaction(actor=WAVEPOST) as tx:
            later = await tx.clock.now() + TRIED_AGAIN
            await tx.escalations.note(row.number, knocks_at=later)
    return True


async def _look_at(tx: Transaction, row: EscalationRow, now: datetime) -> None:
    on_duty = await duty(tx, now)
    if row.clock_ends_at and now >= row.clock_ends_at:
        await _over(tx, row, on_duty)
    else:
        await _half(tx, row, on_duty)


async def _half(tx: Transaction, row: EscalationRow, on_duty: Duty) -> None:
    """Remind who has it in hand; where nobody has, it is for who is on duty from now on."""
    await tx.escalations.note(row.number, reminded=HALF_REMINDED, knocks_at=row.clock_ends_at)
    has_it = row.in_hand_of if row.in_hand_of in on_duty.names else None
    person = has_it or on_duty.after({row.sent_by})
    words = await words_about(tx, row.number, person=person)
    await say_in_thread(tx, row.number, words["half_in_thread"])
    if person is None:
        for each in on_duty.names:
            await say_to(tx, row.number, each, "half_for_all")
        return
    await say_to(tx, row.number, person, "half", is_given=has_it is None)
    if has_it is None:
        await _hand_to(tx, row, person, on_duty.now, HALF)


async def _over(tx: Transaction, row: EscalationRow, on_duty: Duty) -> None:
    """Ask the next person, who has as much time again; where all were asked, tell all leads."""
    steps = await tx.escalations.steps(row.number)
    asked = {row.sent_by, row.in_hand_of, *(step.to for step in steps)} - {None}
    person = on_duty.after({each for each in asked if each})
    if person:
        await _hand_to(tx, row, person, on_duty.now, OVER)
        words = await words_about(tx, row.number, person=person, before=row.in_hand_of)
        await say_in_thread(tx, row.number, words["over_in_thread"])
        await say_to(tx, row.number, person, "over", before=row.in_hand_of)
    else:
        await tx.escalations.note(row.number, reminded=ALL_REMINDED, knocks_at=None)
        words = await words_about(tx, row.number)
        await say_in_thread(tx, row.number, words["nobody_left_in_thread"])
        for each in on_duty.names:
            await say_to(tx, row.number, each, "nobody_left")
    for each in await hearers(tx, row):
        await say_to(tx, row.number, each, "late", person=person)


async def _hand_to(
    tx: Transaction, row: EscalationRow, person: str, now: datetime, why: str
) -> None:
    taken = Taken(Step.hand_over, WAVEPOST, Who.planner, row.version, now, to=person)
    await take_step(tx, row.number, taken, details={OF_CLOCK: why})


async def _tell_of_leaving(store: Store) -> bool:
    """Tell triage of one whose requester has left; False where there is none."""
    async with store.transaction(actor=WAVEPOST) as tx:
        row = await tx.escalations.left_behind()
        if row is None:
            return False
        if not await tx.triage.claim_notice(f"escalation {row.number}", "its requester left"):
            return True
        joiners = len(await tx.escalations.joiners(row.number))
        words = await words_about(tx, row.number, joiners=joiners)
        await say_in_thread(tx, row.number, words["left_in_thread"])
        on_duty = await duty(tx, await tx.clock.now())
        has_it = row.in_hand_of if row.in_hand_of in on_duty.names else None
        person = has_it or on_duty.after({row.sent_by})
        for each in [person] if person else on_duty.names:
            await say_to(tx, row.number, each, "left", joiners=joiners)
    return True
