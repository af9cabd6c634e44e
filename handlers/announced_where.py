"""Where what is announced: schedules as a page or a list shows them, by the channels that carry them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.followed import hour
from rules.announced import Breadth
from rules.announcement import Topic
from rules.following import Kind, Subject
from store.announcement_schedules import AnnouncementSchedule
from store.session import Reading
from store.stakeholders import Room

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SUBJECTS = {Breadth.csa: Kind.csa, Breadth.feature: Kind.feature}


@dataclass(frozen=True, slots=True)
class Announced:
    """What one schedule announces: `of` names whom it speaks of, empty for everybody."""

    room: Room
    topic: Topic
    breadth: Breadth
    of: str
    weekday: str
    at: str
    zone: str
    next_at: datetime | None
    is_paused: bool

    @property
    def there(self) -> ZoneInfo:
        """The zone whose clock it goes by."""
        return ZoneInfo(self.zone)


async def announced_in(
    reading: Reading, rooms: Sequence[Room], now: datetime
) -> tuple[list[Announced], int]:
    """What is announced in these channels, by channel; and how many schedules speak in others."""
    by_id = {room.id: room for room in rooms}
    schedules = await reading.announcement_schedules.all()
    here = [each for each in schedules if each.current.channel in by_id]
    named = await _named(reading, here)
    announced = [
        _announced(each, by_id[each.current.channel], named.get(each.id, each.current.of), now)
        for each in here
    ]
    announced.sort(key=lambda each: (each.room.name, each.topic))
    return announced, len(schedules) - len(here)


async def _named(reading: Reading, schedules: Sequence[AnnouncementSchedule]) -> dict[int, str]:
    """What schedules speak of, by the names that people know."""
    subjects = {
        each.id: Subject(SUBJECTS[breadth], each.current.of)
        for each in schedules
        if (breadth := Breadth(each.current.breadth)) in SUBJECTS
    }
    names = await reading.subscriptions.names(list(subjects.values()))
    return {id_: names[subject] for id_, subject in subjects.items() if subject in names}


def _announced(schedule: AnnouncementSchedule, room: Room, of: str, now: datetime) -> Announced:
    says = schedule.current
    coming = schedule.rule.coming(now, 1)
    return Announced(
        room=room,
        topic=Topic(says.topic),
        breadth=Breadth(says.breadth),
        of=of,
        weekday=WEEKDAYS[says.weekday],
        at=hour(says.at_time),
        zone=says.zone,
        next_at=coming[0].due_at if coming else None,
        is_paused=says.is_paused,
    )
