"""Announcing: what schedules have due is said once, or kept as skipped with why; and what leads send now.

Any number of replicas may do it at once. Whoever announces in a channel has it until the commit, so
what is due there is said in its order; what is said is committed with the week that it is said of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfoNotFoundError

import structlog

from handlers.announcement_carrying import carried_by, to_be_said
from handlers.announcement_follow_ups import ANNOUNCEMENT_FOLLOW_UPS
from handlers.announcement_skipped import (
    forget_troubles,
    tell_of_failure,
    tell_of_skip,
    why_words,
)
from handlers.announcement_telling import Known, told
from handlers.announcement_turn import WAVEPOST, Announced
from handlers.blocks import Words
from handlers.errors import NotThere, Refused
from rules.calendar import start_of_week
from rules.carrying import Carries
from rules.catching_up import Due, Kept, Why, outstanding
from rules.occurrences import ImpossibleSchedule
from store.announcement_rows import AnnouncementRow, Kind, ScheduleVersionRow
from store.announcement_schedules import AnnouncementSchedule
from store.outbox import Message
from store.session import OutcomeUnknown, Reading, Store, StoreUnavailable, Transaction

log = structlog.get_logger(__name__)


class NotCarried(Refused):
    """Nothing can be announced in the channel now; `why` is for who asks, the words for people."""

    def __init__(self, why: Why, row: AnnouncementRow) -> None:
        self.why = why
        super().__init__(why_words(why, row.channel, row.week))


@dataclass(frozen=True, slots=True)
class Turn:
    """A schedule with what it has to be decided: at most the last of it is announced."""

    schedule: AnnouncementSchedule
    dues: list[Due]

    @property
    def due_at(self) -> datetime:
        """When the last of it is due: its place among what is announced in a channel."""
        return self.dues[-1].occurrence.due_at

    @property
    def channel(self) -> str:
        """Where the last of it is announced."""
        return self.schedule.saying(self.due_at).channel


@dataclass(slots=True)
class Look:
    """One look at all schedules: what was gathered in it, and the schedules that could not be said."""

    leads_channel: str
    known: Known = field(default_factory=Known)
    failed: set[int] = field(default_factory=set)


async def announce_due(store: Store, *, leads_channel: str) -> None:
    """Announce all that is due, channel by channel, and tell leads of what cannot be said."""
    look = Look(leads_channel, Known(store))
    async with store.reading(consistent=True) as reading:
        now = await reading.clock.now()
        turns = await _turns(reading, await reading.announcement_schedules.all(), now)
    by_channel: dict[str, list[int]] = {}
    for turn in turns:
        by_channel.setdefault(turn.channel, []).append(turn.schedule.id)
    for channel, schedules in by_channel.items():
        while await _announce_next(store, channel, schedules, look):
            pass


async def announce_within(tx: Transaction, *, leads_channel: str) -> None:
    """The same as a part of a unit of work that goes on: for who lets a whole past happen in one."""
    look, now = Look(leads_channel, Known()), await tx.clock.now()
    for turn in await _turns(tx, await tx.announcement_schedules.all(), now):
        await _decide(tx, turn, now, look)


async def announce_now(tx: Transaction, schedule_id: int, *, key: str) -> AnnouncementRow | None:
    """Announce out of turn what a schedule says now; None where this press did so already.

    The announcement of the week still comes when it is due.

    Raises:
        NotThere: the schedule was removed.
        NotCarried: the channel carries nothing now.
    """
    schedule = await tx.announcement_schedules.get(schedule_id, for_change=True)
    if schedule is None or schedule.removed_at:
        raise NotThere(Words("announcement_skipped")["gone"])
    row = await _now(tx, schedule.current, f"now {schedule_id} {key}")
    carries = _or_refused(await to_be_said(tx, row.channel, row.week), row)
    claimed = await tx.announcements.claim(row)
    return await _say(tx, schedule, claimed, carries, Known()) if claimed else None


async def preview(
    reading: Reading, says: ScheduleVersionRow, *, note: str | None = None
) -> Message:
    """What a schedule that says this would announce now, be it kept already or not.

    Raises:
        NotCarried: the channel carries nothing now.
    """
    row = await _now(reading, says, "preview")
    carries = _or_refused(await carried_by(reading, row.channel, row.week), row)
    today = row.due_at.astimezone(says.there).date()
    return (await told(reading, row, carries, today=today, note=note, known=Known())).message


async def _turns(
    reading: Reading, schedules: Iterable[AnnouncementSchedule], now: datetime
) -> list[Turn]:
    """The schedules that have something to be decided, in the order in which it is due."""
    there = [schedule for schedule in schedules if not schedule.removed_at]
    kept = await reading.announcements.kept([schedule.id for schedule in there], now)
    turns = (Turn(each, _outstanding(each, kept.get(each.id, ()), now)) for each in there)
    return sorted((turn for turn in turns if turn.dues), key=lambda turn: turn.due_at)


def _outstanding(schedule: AnnouncementSchedule, kept: Sequence[Kept], now: datetime) -> list[Due]:
    try:
        return outstanding(schedule.rule, kept, now)
    except (ImpossibleSchedule, ZoneInfoNotFoundError) as wrong:
        # What is wrong with one must not keep all the others waiting.
        log.warning("a schedule of announcements says no time", id=schedule.id, reason=str(wrong))
        return []


async def _announce_next(store: Store, channel: str, schedules: list[int], look: Look) -> bool:
    """Decide about the schedule that is first in its channel; whether there is another one after it."""
    turn = None
    try:
        async with store.transaction(actor=WAVEPOST) as tx:
            if not await tx.announcements.take_channel(channel):
                return False
            now = await tx.clock.now()
            left = [id_ for id_ in schedules if id_ not in look.failed]
            turns = await _turns(tx, await tx.announcement_schedules.hold(left), now)
            here = [each for each in turns if each.channel == channel]
            if not here:
                return False
            turn = here[0]
            await _decide(tx, turn, now, look)
            return len(here) > 1
    except (StoreUnavailable, OutcomeUnknown):
        raise
    except Exception as wrong:
        # What is wrong with one must not keep all the others waiting; leads are told of it.
        if turn is None:
            raise
        look.failed.add(turn.schedule.id)
        async with store.transaction(actor=WAVEPOST) as tx:
            is_new = await tell_of_failure(
                tx, turn.schedule.id, channel, turn.due_at, leads_channel=look.leads_channel
            )
        # Every look tries again: the log tells the whole of it once, as the leads are told.
        log.warning(
            "an announcement could not be made",
            id=turn.schedule.id,
            reason=repr(wrong),
            exc_info=is_new,
        )
    return True


async def _decide(tx: Transaction, turn: Turn, now: datetime, look: Look) -> None:
    """Announce what is due of a schedule, or keep why not; another replica may have done so."""
    for due in turn.dues:
        occurrence = due.occurrence
        says = turn.schedule.saying(occurrence.due_at)
        carries = due.why or await to_be_said(tx, says.channel, occurrence.week)
        claimed = await tx.announcements.claim(
            AnnouncementRow(
                key=f"weekly {turn.schedule.id} {occurrence.week}",
                kind=Kind.weekly,
                week=occurrence.week,
                due_at=occurrence.due_at,
                decided_at=now,
                why=carries if isinstance(carries, Why) else None,
                **says.told,
            )
        )
        if claimed is None:
            continue
        if isinstance(carries, Why):
            await tell_of_skip(tx, claimed, leads_channel=look.leads_channel)
        else:
            await _say(tx, turn.schedule, claimed, carries, look.known)


async def _say(
    tx: Transaction,
    schedule: AnnouncementSchedule,
    row: AnnouncementRow,
    carries: Carries,
    known: Known,
) -> AnnouncementRow:
    """Say what was claimed, and keep all that was known: the note is used up."""
    today = row.due_at.astimezone(schedule.saying(row.due_at).there).date()
    what = await told(tx, row, carries, today=today, note=schedule.note, known=known)
    made = what.made
    if made and not await tx.announcements.has_content(made.digest):
        await tx.announcements.keep_content(made.digest, made.content.to_json(), made.facts)
    for each in what.broken:
        await tx.own_words.breaks(each.digest, each.problem)
    if what.telling.note:
        await tx.announcement_schedules.note(schedule.id, None, by=None)
    kept = await tx.announcements.tell(row, what.telling)
    tx.say(what.message)
    await forget_troubles(tx, row)
    announced = Announced(kept, made.content, made.facts) if made else Announced(kept)
    for follow in ANNOUNCEMENT_FOLLOW_UPS:
        await follow(tx, announced)
    return kept


async def _now(reading: Reading, says: ScheduleVersionRow, key: str) -> AnnouncementRow:
    now = await reading.clock.now()
    week = start_of_week(now.astimezone(says.there).date())
    return AnnouncementRow(
        key=key, kind=Kind.now, week=week, due_at=now, decided_at=now, **says.told
    )


def _or_refused(carries: Carries | Why, row: AnnouncementRow) -> Carries:
    if isinstance(carries, Why):
        raise NotCarried(carries, row)
    return carries
