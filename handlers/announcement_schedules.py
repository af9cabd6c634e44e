"""Schedules of announcements, by whichever door: making, changing, pausing and removing them."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, time

from handlers.announce_words import scopes, weekly_said
from handlers.date_languages import ENGLISH
from handlers.errors import FormErrors, Refused
from handlers.triage_settings import called
from rules.announced import Scope
from rules.announcement import Topic
from store.announcement_rows import ScheduleVersionRow
from store.announcement_schedules import AnnouncementSchedule
from store.audit import Change
from store.session import Transaction

GONE = "This announcement was removed, so nothing was changed."
SAME = "This is how it is already, so nothing was saved."
MEANWHILE = (
    "{by} changed this while you had it open, so nothing was saved. "
    "Open it again to see how it is now."
)
NOT_IN = "I am not in #{name}. Type /invite @Wavepost there, then save again."
ARCHIVED = "#{name} was archived. Bring it back, or choose another channel."
NO_CHANNEL = "I do not know this channel any more. Choose another."
NO_SCOPE = "This is gone by now. Choose whom it speaks of once more."
TWICE = "#{name} hears this already: {when}. Change that one, or choose something else here."


@dataclass(frozen=True, slots=True)
class Terms:
    """What is announced every week: in which channel (Slack's id), what, of whom, and when."""

    channel: str
    topic: Topic
    scope: Scope
    weekday: int
    at: time
    zone: str
    language: str = ENGLISH

    @classmethod
    def of(cls, says: ScheduleVersionRow) -> "Terms":
        """What a schedule says."""
        return cls(
            says.channel,
            Topic(says.topic),
            says.scope,
            says.weekday,
            says.at_time,
            says.zone,
            says.language,
        )

    def kept(self, *, by: str, since: datetime, is_paused: bool = False) -> ScheduleVersionRow:
        """The same as it is kept."""
        return ScheduleVersionRow(
            schedule_id=0,
            version=0,
            since=since,
            by=by,
            channel=self.channel,
            topic=self.topic,
            breadth=self.scope.breadth,
            of=self.scope.of,
            language=self.language,
            weekday=self.weekday,
            at_time=self.at,
            zone=self.zone,
            is_paused=is_paused,
        )

    def to_json(self) -> dict[str, object]:
        """The same for the audit."""
        return asdict(self) | {"at": f"{self.at:%H:%M}"}


async def begin(tx: Transaction, terms: Terms) -> int:
    """Announce this every week from now on; gives the id of the schedule.

    Raises:
        FormErrors: it cannot be announced there, or is already.
    """
    await _check(tx, terms)
    id_ = await tx.announcement_schedules.add(terms.kept(by=tx.actor, since=await tx.clock.now()))
    tx.audit(Change("announcement scheduled", _subject(id_), after=terms.to_json()))
    return id_


async def change(tx: Transaction, id_: int, terms: Terms, *, based_on: int) -> None:
    """Announce something else, elsewhere or at another time from now on.

    `based_on` is the version of the schedule that they saw.

    Raises:
        FormErrors: it cannot be announced there, or is already.
        Refused: nothing is different, or somebody changed or removed it meanwhile.
    """
    schedule = await held_schedule(tx, id_)
    if schedule.version != based_on:
        raise Refused(MEANWHILE.format(by=await called(tx, schedule.current.by)))
    was = Terms.of(schedule.current)
    if terms == was:
        raise Refused(SAME)
    await _check(tx, terms, but=id_)
    await _say(tx, schedule, terms, is_paused=schedule.current.is_paused)
    tx.audit(Change("announcement changed", _subject(id_), was.to_json(), terms.to_json()))


async def pause(tx: Transaction, id_: int) -> AnnouncementSchedule:
    """Announce nothing until somebody lets it go on; gives the schedule as it is then.

    What would have been due meanwhile is not missed. Raises Refused where it was removed.
    """
    return await _turn(tx, id_, "announcement paused", is_paused=True)


async def go_on(tx: Transaction, id_: int) -> AnnouncementSchedule:
    """Announce again, from its next occurrence on. Raises Refused where it was removed."""
    return await _turn(tx, id_, "announcement goes on", is_paused=False)


async def remove(tx: Transaction, id_: int) -> AnnouncementSchedule:
    """Announce nothing any more; what was announced can still be read. Raises Refused as `pause` does."""
    schedule = await held_schedule(tx, id_)
    await tx.announcement_schedules.remove(id_, await tx.clock.now())
    terms = Terms.of(schedule.current)
    tx.audit(Change("announcement removed", _subject(id_), before=terms.to_json()))
    return schedule


async def write_note(tx: Transaction, id_: int, words: str) -> AnnouncementSchedule:
    """Keep words for the next announcement, which says them once; without any, take them back.

    Raises Refused as `pause` does.
    """
    schedule = await held_schedule(tx, id_)
    note = words.strip() or None
    if note == schedule.note:
        return schedule
    by = tx.actor if note else None
    await tx.announcement_schedules.note(id_, note, by=by)
    what = "announcement note written" if note else "announcement note taken back"
    tx.audit(Change(what, _subject(id_), {"note": schedule.note}, {"note": note}))
    return replace(schedule, note=note, note_by=by)


async def held_schedule(tx: Transaction, id_: int) -> AnnouncementSchedule:
    """A schedule that nobody else changes or announces until the commit; raises Refused as `pause`."""
    schedule = await tx.announcement_schedules.get(id_, for_change=True)
    if schedule is None or schedule.removed_at:
        raise Refused(GONE)
    return schedule


async def _turn(tx: Transaction, id_: int, what: str, *, is_paused: bool) -> AnnouncementSchedule:
    schedule = await held_schedule(tx, id_)
    if schedule.current.is_paused is is_paused:
        return schedule
    await _say(tx, schedule, Terms.of(schedule.current), is_paused=is_paused)
    tx.audit(Change(what, _subject(id_)))
    return (await tx.announcement_schedules.some([id_]))[0]


async def _say(
    tx: Transaction, schedule: AnnouncementSchedule, terms: Terms, *, is_paused: bool
) -> None:
    says = terms.kept(by=tx.actor, since=await tx.clock.now(), is_paused=is_paused)
    await tx.announcement_schedules.say(schedule.id, says)


async def _check(tx: Transaction, terms: Terms, *, but: int | None = None) -> None:
    """Raises FormErrors where this cannot be announced there, or a schedule other than `but` does."""
    channel = await tx.channels.hold(terms.channel)
    if channel is None:
        raise FormErrors({"channel": NO_CHANNEL})
    if channel.archived:
        raise FormErrors({"channel": ARCHIVED.format(name=channel.name)})
    if not channel.joined:
        raise FormErrors({"channel": NOT_IN.format(name=channel.name)})
    if terms.scope not in await scopes(tx):
        raise FormErrors({"scope": NO_SCOPE})
    for other in await tx.announcement_schedules.all():
        says = Terms.of(other.current)
        is_same = (says.channel, says.topic, says.scope) == (
            terms.channel,
            terms.topic,
            terms.scope,
        )
        if is_same and other.id != but:
            when = weekly_said(says.weekday, says.at, says.zone)
            raise FormErrors({"scope": TWICE.format(name=channel.name, when=when)})


def _subject(id_: int) -> str:
    return f"announcement schedule {id_}"
