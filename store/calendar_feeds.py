"""Calendar feeds: each person's secret address, and the dates that a calendar finds there."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_urlsafe

from sqlalchemy import Index, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.people import Person
from store.runs import HAS_MIGRATED, IS_STUCK
from store.tables import Table, instant

SECRET_BYTES = 24
SECRET = re.compile(r"[A-Za-z0-9_-]{32}")


class CalendarFeedRow(Table, table=True):
    """The secret of an address that a person was given; good until they renew it.

    It is kept as it is, because they may see it again for their next device. A hash would protect
    nothing: who reads this table reads the dates beside it.
    """

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        Index(
            "calendar_feeds_good_index",
            "person_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    secret: str = Field(primary_key=True)
    person_id: str
    made_at: datetime = instant(now=True)
    ended_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True, slots=True)
class Feed:
    """Whose feed an address is, and whether it is still good."""

    person_id: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class FeedDate:
    """One week in which so many locations of a customer move: the `part`th of its `parts`, from 1.

    So many of them `migrated` in the wave of that week, so many are `stuck`: failed or rolled back.
    `changes` counts all that ever happened to the customer, the last time at `changed_at`.
    """

    customer_id: str
    name: str
    part: int
    parts: int
    week: date
    locations: int
    changes: int
    changed_at: datetime
    migrated: int = 0
    stuck: int = 0


GOOD = text("SELECT secret FROM calendar_feeds WHERE person_id = :person AND ended_at IS NULL")
MAKE = text("""
    INSERT INTO calendar_feeds (secret, person_id) VALUES (:secret, :person)
    ON CONFLICT (person_id) WHERE ended_at IS NULL DO NOTHING RETURNING secret
""")
END = text("""
    UPDATE calendar_feeds SET ended_at = now() WHERE person_id = :person AND ended_at IS NULL
""")
WHOSE = text("SELECT person_id, ended_at FROM calendar_feeds WHERE secret = :secret")
DATES = text(f"""
    WITH followed AS (
        SELECT kind, subject FROM subscriptions WHERE person_id = :person AND pace <> 'muted'
    ), mine AS MATERIALIZED (
        SELECT id, name FROM customers WHERE csa_email = :email
        OR csa_email IN (SELECT subject FROM followed WHERE kind = 'csa')
        OR id IN (SELECT subject FROM followed WHERE kind = 'customer')
    ), parts AS (
        SELECT promises.customer_id, promises.week, count(*) AS locations,
            count(*) FILTER (WHERE {HAS_MIGRATED}) AS migrated,
            count(*) FILTER (WHERE {IS_STUCK}) AS stuck,
            row_number() OVER (PARTITION BY promises.customer_id ORDER BY promises.week) AS part,
            count(*) OVER (PARTITION BY promises.customer_id) AS parts
        FROM promises LEFT JOIN wave_locations USING (week, location_id)
        WHERE promises.customer_id IN (SELECT id FROM mine)
        GROUP BY promises.customer_id, promises.week
    ), changes AS (
        SELECT customer_id, count(*) AS changes, max(recorded_at) AS changed_at
        FROM timeline WHERE customer_id IN (SELECT id FROM mine) GROUP BY customer_id
    )
    SELECT mine.id AS customer_id, mine.name, part, parts, week, locations,
        migrated, stuck, coalesce(changes, 0) AS changes, coalesce(changed_at, 'epoch') AS changed_at
    FROM mine JOIN parts ON parts.customer_id = mine.id
    LEFT JOIN changes ON changes.customer_id = mine.id
    ORDER BY week, lower(mine.name), mine.id
""")


class CalendarFeeds:
    """The addresses that people gave to their calendars."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def secret_of(self, person_id: str) -> str:
        """The secret of the address that was made for a person."""
        return str((await self._connection.execute(GOOD, {"person": person_id})).scalar_one())

    async def make(self, person_id: str) -> bool:
        """Make a person's address; False where they have a good one, which stays."""
        values = {"secret": token_urlsafe(SECRET_BYTES), "person": person_id}
        return (await self._connection.execute(MAKE, values)).first() is not None

    async def end(self, person_id: str) -> None:
        """Let a person's address show nothing from now on."""
        await self._connection.execute(END, {"person": person_id})

    async def whose(self, secret: str) -> Feed | None:
        """Whose address has this secret; None where it is nobody's."""
        if not SECRET.fullmatch(secret):
            return None
        row = (await self._connection.execute(WHOSE, {"secret": secret})).first()
        return Feed(row.person_id, row.ended_at is None) if row else None

    async def dates(self, person: Person) -> tuple[FeedDate, ...]:
        """All dates of the customers that a person owns or follows, in their order.

        Muting ends messages about one's own customers; their dates stay.
        """
        values = {"person": person.id, "email": (person.email or "").lower()}
        rows = await self._connection.execute(DATES, values)
        return tuple(FeedDate(**row) for row in rows.mappings())
