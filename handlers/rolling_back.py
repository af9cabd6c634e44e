"""Rolling back a wave, some of its locations, or rehearsing it: what every door shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.blocks import Words
from handlers.dates import short
from handlers.duty import duty
from handlers.errors import Refused
from handlers.rollback_posts import LONGEST_NAME, Under, show_all
from handlers.rollback_telling import tell_of_beginning
from handlers.running import kept, take_steps, take_wave_step
from handlers.wave_turn import WAVEPOST, Wish
from rules import location_life, wave_life
from rules.life import StepRefused
from rules.location_life import State, Step
from rules.roles import Role
from rules.rollback import Part, Place, Rollback, RollbackRefused, TooLate, begin
from store.audit import Change
from store.location_runs import WaveLocation
from store.rollback_rows import RollbackRow
from store.rollbacks import CAN_GO_BACK
from store.session import Reading, Transaction
from store.wave_rows import WaveRow

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class WayBack:
    """What an approver wants back on the old system, and why; `locations` None: the whole wave."""

    week: date
    words: str
    locations: Sequence[str] | None = None
    is_rehearsal: bool = False


async def begin_rollback(tx: Transaction, wish: WayBack) -> int:
    """Begin a rollback, or the rehearsal of one, as who this transaction is by; returns its number.

    Who owns a task hears of it and everybody concerned is told, of a rehearsal only those who take part.

    Raises:
        NotThere: there is no such wave.
        Refused: it cannot be, in words; nothing was changed.
    """
    wave = await kept(tx, wish.week, for_change=True)
    rows = await _chosen(tx, wave, wish)
    now = await tx.clock.now()
    rollback = await _begun(tx, rows, wish, now)
    row = RollbackRow(
        week=wish.week,
        by=tx.actor,
        words=wish.words,
        began_at=now,
        is_rehearsal=wish.is_rehearsal,
        is_whole_wave=wish.locations is None,
    )
    row.id = await tx.rollbacks.begin(row, rollback)
    what = "rehearsal began" if wish.is_rehearsal else "rollback began"
    after = {"week": str(wish.week), "locations": [each.location_id for each in rows]}
    tx.audit(Change(what, subject(row.id), after=after, reason=wish.words))
    given_back = 0 if wish.is_rehearsal else await _take(tx, wave, wish, rows, now)
    under = Under(row, rollback, await tx.called.locations([each.location_id for each in rows]))
    await show_all(tx, under)
    await tell_of_beginning(tx, under, given_back=given_back)
    return row.id


def subject(number: int) -> str:
    """What the audit calls a rollback."""
    return f"rollback {number}"


async def _chosen(tx: Transaction, wave: WaveRow, wish: WayBack) -> list[WaveLocation]:
    """The locations that are meant.

    Raises:
        Refused: some are not in this wave, are just moving, or nobody has moved.
    """
    rows = await tx.wave_locations.of(wish.week, wish.locations, for_change=True)
    if wish.locations is not None:
        there = {row.location_id for row in rows}
        if missing := [each for each in wish.locations if each not in there]:
            raise _refused("not_there", names=missing)
        return rows
    if not wish.is_rehearsal and wave.state != wave_life.State.paused:
        raise _refused("not_paused", state=wave.state)
    moving = [row.location_id for row in rows if row.state == State.migrating]
    if moving and not wish.is_rehearsal:
        called = await tx.called.locations(moving)
        names = [short(name, LONGEST_NAME) for name in called.values()]
        raise _refused("moving", names=names[:MOST_NAMED], more=len(names[MOST_NAMED:]))
    moved = [row for row in rows if row.state in CAN_GO_BACK]
    if not moved:
        raise _refused("nobody_moved")
    return moved


async def _begun(
    tx: Transaction, rows: Sequence[WaveLocation], wish: WayBack, now: datetime
) -> Rollback:
    owners = await _owners(tx, rows, now)
    places = [
        Place(
            row.location_id, row.migrated_on or row.failed_on or now.date(), owners[row.csa_email]
        )
        for row in rows
    ]
    parameters = await tx.parameters.current()
    try:
        return begin(places, now.date(), is_rehearsal=wish.is_rehearsal, parameters=parameters)
    except TooLate as late:
        names = await tx.called.locations(list(late.gone))
        gone = [(short(names[each], LONGEST_NAME), day) for each, day in late.gone.items()]
        raise _refused(
            "too_late",
            gone=gone[:MOST_NAMED],
            more=len(gone[MOST_NAMED:]),
            is_whole=wish.locations is None,
        ) from late
    except RollbackRefused as refused:
        raise Refused(str(refused)) from refused


async def _owners(
    reading: Reading, rows: Sequence[WaveLocation], now: datetime
) -> dict[str | None, dict[Part, str]]:
    """Who does what at the locations of each CSA; what a CSA would do who is not here, the lead does.

    The lead is who is on duty, else any; where there is none, it is who decided that all go back.
    """
    emails = {row.csa_email for row in rows}
    here = await reading.wave_owners.here([email for email in emails if email])
    leads = await reading.roles.people_with(Role.lead)
    lead = (await duty(reading, now)).on_duty or (leads[0] if leads else "")
    return {
        email: {Part.csa: here.get((email or "").lower(), lead), Part.lead: lead}
        for email in emails
    }


async def _take(
    tx: Transaction,
    wave: WaveRow,
    wish: WayBack,
    rows: Sequence[WaveLocation],
    now: datetime,
) -> int:
    """Take the steps that begin it; returns how many that had not moved went back into the plan.

    Raises:
        Refused: somebody else took a step meanwhile, or a location cannot go back.
    """
    given_back = 0
    if wish.locations is None:
        given_back = await _stop_wave(tx, wave, wish, now)
    wishes = [Wish(row.location_id, Step.roll_back, wish.words) for row in rows]
    who = location_life.Who.approver
    outcome = await take_steps(tx, wish.week, wishes, by=tx.actor, who=who)
    if outcome.refused:
        said = outcome.refused[:MOST_NAMED]
        raise Refused(
            "\n".join(each.words for each in said), plain=" ".join(each.plain for each in said)
        )
    return given_back


async def _stop_wave(tx: Transaction, wave: WaveRow, wish: WayBack, now: datetime) -> int:
    """Let the whole wave go back: who has not moved is in the plan again at once."""
    step, who = wave_life.Step.roll_back, wave_life.Who.approver
    taken = wave_life.Taken(step, tx.actor, who, wave.version, now, wish.words)
    try:
        await take_wave_step(tx, wish.week, taken)
    except StepRefused as refused:
        raise _refused("not_paused", state=wave.state) from refused
    left = await tx.wave_locations.of(wish.week)
    wishes = [
        Wish(row.location_id, Step.give_back, wish.words)
        for row in left
        if row.state == State.planned
    ]
    if wishes:
        clock = location_life.Who.wavepost
        await take_steps(tx, wish.week, wishes, by=WAVEPOST, who=clock)
    return len(wishes)


def _refused(block: str, **values: object) -> Refused:
    words = Words("rollback", **values)
    return Refused(words[block], plain=words.plain(block))
