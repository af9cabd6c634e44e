"""Dates as a calendar reads them (iCalendar, RFC 5545 and 7986)."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from handlers.blocks import count, day
from store.calendar_feeds import FeedDate

EVERY = timedelta(hours=4)
"""How often calendars may look again; most look less often."""


@lru_cache(maxsize=32)
def calendar_file(dates: tuple[FeedDate, ...]) -> bytes:
    """The calendar of these dates. Calendars ask for the same one again and again."""
    calendar = Calendar()
    calendar.add("prodid", "-//Wavepost//Dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, "Migration dates")
    calendar.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for event in map(_event, dates):
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _event(each: FeedDate) -> Event:
    """A promise is a week and its date is the Monday: one day at the head of the week, kept free.

    What names the event is the customer and the number of the part, so a part that moves takes its
    event along, and one that is dropped is no longer there. Every change counts it up.
    """
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'wavepost:{each.customer_id}:{each.part}')}")
    changed_at = each.changed_at.astimezone(UTC)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", each.changes)
    event.add("dtstart", each.week)
    event.add("dtend", each.week + timedelta(days=1))
    event.add("summary", _summary(each))
    event.add("description", "\n".join(_description(each)))
    event.add("transp", "TRANSPARENT")
    return event


def _summary(each: FeedDate) -> str:
    name = " ".join(each.name.split())
    part = f" (part {each.part} of {each.parts})" if each.parts > 1 else ""
    if each.stuck:
        return f"{name}: {count(each.stuck, 'location')} did not migrate{part}"
    if each.migrated == each.locations:
        return f"{name} migrated this week{part}"
    return f"{name} moves this week{part}"


def _description(each: FeedDate) -> Iterable[str]:
    yield f"{count(each.locations, 'location')} in the week of {day(each.week)}."
    if each.migrated or each.stuck:
        yield f"{each.migrated:,} migrated, {each.stuck:,} failed or were rolled back."
    yield f"Customer {each.customer_id}."
    yield "Dates can change; this entry then changes too."
