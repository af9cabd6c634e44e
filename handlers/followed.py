"""What can be followed, as people call it, and what it means for them to follow it."""

from collections.abc import Mapping
from datetime import date, time

from handlers.blocks import Mrkdwn, Words
from handlers.dates import short
from rules.following import EVERY_WAVE, Kind, Pace, Subject
from rules.hours import Habits
from store.people import Person
from store.session import Reading

LONGEST_NAME = 60
MOST_NAMED = 5


def title(subject: Subject, names: Mapping[Subject, str], *, is_owned: bool = False) -> Mrkdwn:
    """What a subject is called inside a sentence."""
    is_week = subject.kind is Kind.wave and subject != EVERY_WAVE
    return Words(
        "following",
        kind=subject.kind,
        name=short(names.get(subject, subject.id), LONGEST_NAME),
        week=date.fromisoformat(subject.id) if is_week else None,
        is_owned=is_owned,
    )["name"]


async def follows(reading: Reading, person: Person) -> Mrkdwn:
    """What a person follows, in a sentence; empty where that is nothing."""
    subscriptions = await reading.subscriptions.of(person.id)
    followed = [each for each in subscriptions if each.pace is not Pace.muted]
    titles = [
        title(each.subject, {each.subject: each.name}, is_owned=each.is_owned) for each in followed
    ]
    return Words("following", titles=titles[:MOST_NAMED], more=len(titles[MOST_NAMED:]))["follows"]


def is_own(subject: Subject, person: Person) -> bool:
    """Whether this is all that the person owns."""
    return subject == Subject(Kind.csa, (person.email or "").lower()) and person.owns_customers


async def confirmed(
    reading: Reading, person: Person, subject: Subject, pace: Pace | None
) -> Mrkdwn:
    """What follows for a person from how they follow a subject now; `pace` None: not any more."""
    names = await reading.subscriptions.names([subject])
    habits = (await reading.subscriptions.hours_of([person.id]))[person.id].habits
    return Words(
        "following",
        name=title(subject, names, is_owned=is_own(subject, person)),
        pace=pace,
        digest=hour(habits.digest_at),
        quiet=quiet_hours(habits) or "you have none",
    )["followed"]


def quiet_hours(habits: Habits) -> str:
    """From when until when nothing is said: "19:00 to 08:00"; empty where that is never."""
    if habits.quiet_from == habits.quiet_until:
        return ""
    return f"{hour(habits.quiet_from)} to {hour(habits.quiet_until)}"


def hour(at: time) -> str:
    """A time of day: "09:00"."""
    return f"{at:%H:%M}"
