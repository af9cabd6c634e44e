"""What people follow, at which pace, and what they hear."""

from datetime import date, datetime, timedelta

from bot.sandbox.person import Person
from handlers.concerned import tell_concerned
from handlers.digest_words import MOVED
from rules.following import Kind, News, Subject
from store.session import Store
from tests.world import FIRST_MONDAY, run

NEXT = FIRST_MONDAY + timedelta(weeks=1)
JOE, NOODLE, SAM = "C-joe", "C-noodle", "C-sam"
OMAR = "omar@northwind.example"


async def paces(store: Store, person: Person) -> dict[str, str]:
    async with store.reading() as reading:
        followed = await reading.subscriptions.of(person.id)
    return {each.name: each.pace for each in followed}


async def moved(
    store: Store,
    cause: str,
    *customers: str,
    at: datetime | None = None,
    was: date = FIRST_MONDAY,
    becomes: date = NEXT,
) -> None:
    """Customers are moved, by a week unless said otherwise, for want of room."""
    news = [
        News(
            MOVED,
            frozenset({Subject(Kind.customer, customer), Subject(Kind.wave, becomes.isoformat())}),
            {
                "customer": customer,
                "locations": 1,
                "from": was.isoformat(),
                "week": becomes.isoformat(),
                "reason": "capacity",
            },
        )
        for customer in customers
    ]
    async with store.transaction(actor="test") as tx:
        await tell_concerned(tx, cause, news, happened_at=at)


async def untold(store: Store, person: Person) -> list[str]:
    """The causes that somebody is still to hear of."""
    async with store.reading() as reading:
        return [tiding.cause for tiding in await reading.tidings.untold(person.id)]


async def in_utc(person: Person, store: Store) -> Person:
    await zone(store, person, "UTC")
    return person


async def zone(store: Store, person: Person, name: str) -> None:
    await run(store, "UPDATE people SET timezone = :zone WHERE id = :id", zone=name, id=person.id)
