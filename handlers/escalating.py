"""Escalating and every step after it: what Slack, the sheet, the command line and the clock share.

What must follow from a turn is not written here. Each noun that has something to do then (the post in
the triage channel, the clock, what the requester hears, the weighing) has a `FollowUp` in a module of
its own, which is one line in `handlers.escalation_follow_ups`: it is given the transaction and the
`Turn`, looks at its step (None: it was just sent) and says or keeps what belongs to it. A follow-up must not
import this module; where it leads to a step itself (handing it to who is on duty, say) it returns
that, and it is taken in the same transaction once all have heard of the first one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.blocks import Words, day, moment, who
from handlers.errors import NotThere, Refused
from handlers.escalation_follow_ups import FOLLOW_UPS
from handlers.escalation_possible import Hindered, hindered, sentences
from handlers.escalation_turn import Granting, Turn
from rules.escalation import (
    Category,
    Origin,
    Standing,
    State,
    Step,
    StepRefused,
    Taken,
    Who,
    caught_up,
    leading_to,
    take,
)
from store.audit import Change
from store.escalation_rows import EscalationRow, EscalationStepRow
from store.jobs import Json
from store.session import Reading, Transaction

DECISIONS = frozenset({Step.approve, Step.approve_partly, Step.decline})


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: these locations by that day, and why; urgent where they say why it is."""

    locations: Collection[str]
    category: Category
    explanation: str
    wished_on: date
    urgent_because: str = ""
    link: str = ""
    origin: Origin = Origin.slack


class NotPossible(Refused):
    """A wish that no decision could grant; `found` says why and what is possible instead."""

    def __init__(self, found: Sequence[Hindered]) -> None:
        super().__init__(sentences(found))
        self.found = found


async def escalate(tx: Transaction, wish: Wish, *, by: str, today: date) -> int:
    """Keep what somebody asks for, and have all hear of it who must; returns its number.

    Raises:
        NotPossible: some of the locations cannot move on that day whatever triage decides; nothing
            was kept.
    """
    parameters = await tx.parameters.current()
    verdicts = await tx.requests.verdicts(
        wish.locations, wish.wished_on, today=today, parameters=parameters
    )
    in_the_way = await hindered(tx, verdicts, len(wish.locations))
    if in_the_way:
        raise NotPossible(in_the_way)
    row = EscalationRow(
        sent_at=await tx.clock.now(),
        sent_by=by,
        origin=wish.origin,
        category=wish.category,
        explanation=wish.explanation,
        wished_on=wish.wished_on,
        is_urgent=bool(wish.urgent_because),
        urgent_because=wish.urgent_because or None,
        link=wish.link or None,
    )
    number = await tx.escalations.add(row, wish.locations)
    after = row.model_dump(mode="json", exclude_none=True) | {"locations": sorted(wish.locations)}
    tx.audit(Change("escalation sent", subject(number), after=after, reason=wish.explanation))
    await _follow_up(tx, Turn(await kept(tx, number)))
    return number


async def take_step(
    tx: Transaction,
    escalation_id: int,
    taken: Taken,
    *,
    granting: Granting | None = None,
    details: Json | None = None,
) -> Standing:
    """Take a step with an escalation, and have follow what must; gives where it stands then.

    It is held as it is until the commit, so two who step at once wait in turn and the second is
    Outdated. Who of triage acts on a new one begins to weigh it by that. `granting` belongs to an
    approval; `details` are further facts, kept with the step and in the audit.

    Raises:
        NotThere: there is no such escalation.
        StepRefused: the step cannot be taken; nothing was changed. `refusal` has the words for it.
    """
    row = await kept(tx, escalation_id, for_change=True)
    before = await tx.escalations.steps(escalation_id)
    standing = row.standing(before[-1].taken if before else None)
    taken = caught_up(taken, [each.taken for each in before])
    facts = (details or {}) | (granting.to_json() if granting else {})
    for each in leading_to(standing, taken):
        is_last = each.step is taken.step
        told = facts or None if is_last else None
        values = _granted(granting) if is_last and granting else {}
        standing = await _taken(tx, row, standing, each, told, values)
    if granting and granting.locations is not None:
        await tx.escalations.grant(escalation_id, granting.locations)
    turn = Turn(await kept(tx, escalation_id), State(row.state), standing.last, facts or None)
    return await _follow_up(tx, turn) or standing


async def kept(reading: Reading, escalation_id: int, *, for_change: bool = False) -> EscalationRow:
    """The escalation with this number.

    Raises:
        NotThere: there is none.
    """
    row = await reading.escalations.get(escalation_id, for_change=for_change)
    if row is None:
        raise NotThere(f"There is no escalation {escalation_id}.")
    return row


def subject(number: int) -> str:
    """What the audit calls an escalation."""
    return f"escalation {number}"


async def refusal(reading: Reading, number: int, refused: StepRefused) -> Refused:
    """Why a step could not be taken, in words: where it stands, and who brought it there and when."""
    standing, taken = refused.standing, refused.taken
    last = _too_late_for(await reading.escalations.steps(number), taken)
    by = last.by if last else standing.last_by
    holder = await reading.roles.holder(by)
    values = {
        "kind": type(refused).__name__,
        "standing": standing,
        "step": taken.step,
        "last": last,
        "is_own": last is not None and (last.step, last.by) == (taken.step, taken.by),
        "did": Words("escalation_shown", step=last)["did"] if last else "",
    }
    marked = Words("escalation", **values, by=who(by), at=moment(last.at) if last else "")
    written = f"{day(last.at.date())} at {last.at:%H:%M} UTC" if last else ""
    plain = Words("escalation", **values, by=holder.name if holder else by, at=written)
    return Refused(marked["refused"], plain=plain.plain("refused"))


def _too_late_for(steps: Sequence[EscalationStepRow], taken: Taken) -> EscalationStepRow | None:
    """The step that a refused one came too late for.

    That is one's own of the same kind, where somebody presses twice; else the last that a person took,
    because what Wavepost does follows from that.
    """
    since = [each for each in steps if each.version >= taken.version]
    own = [each for each in since if (each.step, each.by) == (taken.step, taken.by)]
    people = [each for each in since or steps if each.who != Who.planner]
    found = own or people or since or steps
    return found[-1] if found else None


async def _taken(
    tx: Transaction,
    row: EscalationRow,
    standing: Standing,
    taken: Taken,
    details: Json | None,
    values: Mapping[str, Any],
) -> Standing:
    """Take one step, keep it, and audit it."""
    now = take(standing, taken)
    decided = {}
    if taken.step in DECISIONS:
        decided = {
            "decided_words": taken.words,
            "decided_by": taken.by,
            "decided_at": taken.at,
        }
    changed = {"state": now.state, "version": now.version, "in_hand_of": now.in_hand_of}
    await tx.escalations.advance(row.number, taken.version, changed | decided | dict(values))
    await tx.escalations.keep_step(row.number, taken, details)
    after = _told(now) | {"by": taken.by, "who": taken.who, "at": taken.at.isoformat()}
    if taken.to:
        after["to"] = taken.to
    tx.audit(
        Change(
            f"escalation {taken.step}",
            subject(row.number),
            before=_told(standing),
            after=after | (details or {}),
            reason=taken.words or None,
        )
    )
    return now


def _told(standing: Standing) -> Json:
    return {
        "state": standing.state,
        "version": standing.version,
        "in_hand_of": standing.in_hand_of,
    }


def _granted(granting: Granting) -> Mapping[str, Any]:
    return {
        "due_on": granting.due_on,
        "points": granting.points,
        "csa_email": granting.csa_email,
    }


async def _follow_up(tx: Transaction, turn: Turn) -> Standing | None:
    """Let all that follows happen; gives where it stands where that led to further steps."""
    further = [await each(tx, turn) for each in FOLLOW_UPS]
    standing = None
    for taken in further:
        if taken:
            standing = await take_step(tx, turn.escalation.number, taken)
    return standing
