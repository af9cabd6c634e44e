"""Stakeholders: who is concerned by what, counted from owners, followers, channels and guests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.following import Kind, Pace

OWNERS = text("""
    WITH owned AS (
        SELECT csa_email AS email, count(*) AS customers FROM customers GROUP BY csa_email
    ), moving AS (
        SELECT csa_email AS email, count(DISTINCT customers.id) AS customers
        FROM promises JOIN customers ON customers.id = promises.customer_id
        WHERE week = :week GROUP BY csa_email
    )
    SELECT coalesce(csas.name, person.name, owned.email) AS name, owned.email, owned.customers,
        coalesce(moving.customers, 0) AS moving, person.name IS NOT NULL AS is_in_slack,
        count(*) OVER () AS total
    FROM owned LEFT JOIN moving USING (email) LEFT JOIN csas USING (email)
    LEFT JOIN LATERAL (
        SELECT name FROM people
        WHERE lower(people.email) = owned.email AND active AND kind = 'member' LIMIT 1
    ) AS person ON true
    ORDER BY owned.customers DESC, name, owned.email LIMIT :most OFFSET :skip
""")
OWNED = text("SELECT count(DISTINCT csa_email) AS owners, count(*) AS customers FROM customers")
FOLLOWED = text("""
    SELECT subscriptions.kind, pace, count(*) AS choices, count(DISTINCT person_id) AS people
    FROM subscriptions JOIN people ON people.id = person_id
    WHERE active AND people.kind = 'member' GROUP BY subscriptions.kind, pace
""")
MOST_FOLLOWED = text("""
    SELECT subscriptions.kind, subject, count(*) AS people
    FROM subscriptions JOIN people ON people.id = person_id
    WHERE active AND people.kind = 'member' AND pace <> 'muted'
    GROUP BY subscriptions.kind, subject
    ORDER BY people DESC, subscriptions.kind, subject LIMIT :most
""")
ROOMS = text("""
    SELECT channels.id, channels.name, private, shared,
        count(*) FILTER (WHERE people.kind = 'member') AS members,
        count(*) FILTER (WHERE people.kind = 'guest') AS guests,
        count(*) FILTER (WHERE people.kind = 'stranger') AS strangers,
        bool_or(people.id = :person) IS TRUE AS is_in
    FROM channels LEFT JOIN channel_members ON channel_id = channels.id
    LEFT JOIN people ON people.id = person_id AND active
    WHERE joined AND NOT archived
    GROUP BY channels.id ORDER BY channels.name, channels.id
""")
OUTSIDERS = text("""
    SELECT count(*) FILTER (WHERE kind = 'guest') AS guests,
        count(*) FILTER (WHERE kind = 'stranger') AS strangers
    FROM people WHERE active
""")
FEEDS = text("""
    SELECT count(*) FROM calendar_feeds JOIN people ON people.id = person_id
    WHERE ended_at IS NULL AND active
""")


@dataclass(frozen=True, slots=True)
class Owner:
    """A CSA: how many customers are theirs, how many of these move in a wave, and if Slack knows them."""

    name: str
    email: str
    customers: int
    moving: int
    is_in_slack: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """How many choices of one pace there are of one kind of subject, by how many people."""

    kind: Kind
    pace: Pace
    choices: int
    people: int


@dataclass(frozen=True, slots=True)
class Favourite:
    """A subject that people follow, and how many of them."""

    kind: Kind
    subject: str
    people: int


@dataclass(frozen=True, slots=True)
class Room:
    """A channel that Wavepost is in, and who reads it; `is_in` says whether whoever asks does."""

    id: str
    name: str
    private: bool
    shared: bool
    members: int
    guests: int
    strangers: int
    is_in: bool

    @property
    def is_shown(self) -> bool:
        """Whether whoever asks may know of it: Slack hides private channels from who is not in them."""
        return self.is_in or not self.private


class Stakeholders:
    """Who is concerned by what."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def owners(self, week: date | None, *, skip: int, most: int) -> tuple[list[Owner], int]:
        """The CSAs, those with most customers first, and how many there are; `week` is a wave's."""
        asked = {"week": week, "skip": skip, "most": most}
        rows = (await self._connection.execute(OWNERS, asked)).all()
        owners = [
            Owner(row.name, row.email, row.customers, row.moving, row.is_in_slack) for row in rows
        ]
        return owners, rows[0].total if rows else 0

    async def owned(self) -> tuple[int, int]:
        """How many CSAs own customers, and how many customers they own."""
        row = (await self._connection.execute(OWNED)).one()
        return row.owners, row.customers

    async def followed(self) -> list[Followed]:
        """What people chose, counted by kind and pace; what they own without a choice is not in it."""
        rows = await self._connection.execute(FOLLOWED)
        return [Followed(Kind(row.kind), Pace(row.pace), row.choices, row.people) for row in rows]

    async def favourites(self, *, most: int) -> list[Favourite]:
        """What most people follow."""
        rows = await self._connection.execute(MOST_FOLLOWED, {"most": most})
        return [Favourite(Kind(row.kind), row.subject, row.people) for row in rows]

    async def rooms(self, person_id: str) -> Sequence[Room]:
        """The channels that Wavepost is in, by name, with those that this person may not know of."""
        rows = await self._connection.execute(ROOMS, {"person": person_id})
        return [Room(**row) for row in rows.mappings()]

    async def outsiders(self) -> tuple[int, int]:
        """How many guests there are, and how many people of other organisations."""
        row = (await self._connection.execute(OUTSIDERS)).one()
        return row.guests, row.strangers

    async def feeds(self) -> int:
        """How many people have an address for their calendar."""
        return int((await self._connection.execute(FEEDS)).scalar_one())
