"""Where a schedule of announcements stands: when it is due, what is in its way, what it said last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.announce_words import FOR_PARTNERS, TOPICS, scope_said, scopes, weekly_said
from handlers.announcement_readers import channels_read
from handlers.announcement_schedules import GONE
from handlers.announcement_skipped import why_words
from handlers.blocks import Mrkdwn, Words
from handlers.errors import NotThere
from handlers.interaction import Interaction
from rules.announced import Scope
from rules.announcement import Topic
from rules.carrying import Carries, Channel, carried
from rules.catching_up import Why
from rules.occurrences import Occurrence
from rules.roles import Kind
from store.announcement_lines import Line
from store.announcement_rows import ScheduleVersionRow
from store.announcement_schedules import AnnouncementSchedule
from store.announcements import HELD_BACK
from store.channels import ChannelRow
from store.people import Person
from store.session import Reading


@dataclass(frozen=True, slots=True)
class Standing:
    """A schedule with what is known of it now.

    `readers` are the kinds of people in its channel besides colleagues; `last` is what it announced
    last, where who asks may read that; `coming` are its next occurrences, none if it is paused.
    """

    schedule: AnnouncementSchedule
    scope: str
    channel: ChannelRow | None
    readers: frozenset[Kind]
    last: Line | None
    coming: Sequence[Occurrence]

    @property
    def says(self) -> ScheduleVersionRow:
        """What it says now."""
        return self.schedule.current

    @property
    def due_at(self) -> datetime | None:
        """When it is due next."""
        return self.coming[0].due_at if self.coming else None

    @property
    def is_shared(self) -> bool:
        """Whether another company reads along, so that it carries the message for partners alone."""
        return Kind.stranger in self.readers or bool(self.channel and self.channel.shared)

    @property
    def topic(self) -> str:
        """What is said there, in words: what was chosen, unless another company reads along."""
        return FOR_PARTNERS if self.is_shared else TOPICS[Topic(self.says.topic)]

    @property
    def whom(self) -> str:
        """Of whom it speaks; nothing where it says what is approved for partners."""
        return "" if self.is_shared else self.scope

    @property
    def has_guests(self) -> bool:
        """Whether guests read what is announced."""
        return Kind.guest in self.readers and not self.is_shared

    @property
    def trouble(self) -> Why | None:
        """Why its next one would be skipped, as far as that is known before its week."""
        there = self.channel
        now = Channel(there.archived, there.joined, self.is_shared) if there else None
        found = carried(now, has_partner_message=True)
        return None if isinstance(found, Carries) else found

    @property
    def needs_a_lead(self) -> bool:
        """Whether it goes wrong unless somebody does something."""
        return bool(self.trouble) and not self.says.is_paused

    def day(self, instant: datetime) -> date:
        """The day of an instant on the clock there."""
        return instant.astimezone(self.says.there).date()

    def words(self, **values: object) -> Words:
        """What can be said of it."""
        says = self.says
        return Words(
            "announce",
            **{
                "channel": says.channel,
                "topic": self.topic,
                "scope": self.whom,
                "when": weekly_said(says.weekday, says.at_time, says.zone),
                "is_paused": says.is_paused,
                "by": says.by,
                "due_at": self.due_at,
                "due_on": self.day(self.due_at) if self.due_at else None,
                "note": self.schedule.note,
                "note_by": self.schedule.note_by,
                "trouble": self.trouble and _why(self.trouble, says.channel),
                "last": self.last_said,
            }
            | values,
        )

    @property
    def last_said(self) -> Mrkdwn | None:
        """What became of the last one, in a sentence."""
        return outcome(self.last, self.day(self.last.due_at)) if self.last else None


def outcome(line: Line, on: date) -> Mrkdwn:
    """What became of an announcement that was due on a day."""
    why = line.why and _why(line.why, line.channel, line.week)
    is_held_back = line.problem == HELD_BACK
    return Words("announce", line=line, on=on, why=why, is_held_back=is_held_back)["outcome"]


def _why(why: Why, channel: str, week: date | None = None) -> Mrkdwn:
    return Mrkdwn(why_words(why, channel, week))


async def standings(reading: Reading, person: Person, now: datetime) -> list[Standing]:
    """All schedules that somebody may know of: what needs a lead first, then by when they are due."""
    shown = await _standing(reading, person, await reading.announcement_schedules.all(), now)
    latest = datetime.max.replace(tzinfo=now.tzinfo)
    return sorted(
        shown,
        key=lambda each: (not each.needs_a_lead, each.due_at or latest, each.schedule.id),
    )


async def standing_of(reading: Reading, id_: int, ask: Interaction) -> Standing:
    """Where one schedule stands; raises NotThere where it was removed, or is not theirs to see."""
    found = await reading.announcement_schedules.get(id_)
    if found is None or found.removed_at:
        raise NotThere(GONE)
    shown = await _standing(reading, ask.person, [found], ask.now)
    if not shown:
        raise NotThere(GONE)
    return shown[0]


MOST_COMING = 3


async def _standing(
    reading: Reading, person: Person, every: Sequence[AnnouncementSchedule], now: datetime
) -> list[Standing]:
    """Those of these schedules that somebody may know of."""
    newest = await reading.announcement_lines.newest([each.id for each in every])
    said_in = {each.current.channel for each in every} | {each.channel for each in newest.values()}
    read = await channels_read(reading, person, said_in)
    schedules = [each for each in every if each.current.channel in read]
    names = await scopes(reading)
    ids = {each.current.channel for each in schedules}
    channels = {each.id: each for each in await reading.channels.some(ids)}
    readers = await reading.channels.outsiders(ids)
    last = {id_: line for id_, line in newest.items() if line.channel in read}
    return [
        Standing(
            schedule=each,
            scope=_named(each.current.scope, names),
            channel=channels.get(each.current.channel),
            readers=frozenset(kind for id_, kind in readers if id_ == each.current.channel),
            last=last.get(each.id),
            coming=each.rule.coming(now, MOST_COMING),
        )
        for each in schedules
    ]


def _named(scope: Scope, names: dict[Scope, str]) -> str:
    return names.get(scope) or scope_said(scope)
