"""Whom announcements concern and what they were told: the rows that `rules.reach` makes tables of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from asyncpg import Record
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.announced import Breadth, Customer, Scope
from rules.announcement import Topic
from rules.calendar import start_of_week
from rules.carrying import Channel
from rules.catching_up import Why
from rules.reach import Bar, Outcome
from rules.roles import Kind as PersonKind
from store.announcement_rows import Kind
from store.driver import all_found
from store.outbox import State

OUTCOMES = {
    State.delivered: Outcome.delivered,
    State.superseded: Outcome.delivered,
    State.failed: Outcome.failed,
    State.uncertain: Outcome.uncertain,
}
"""What became of a message that ended; all others are coming. What is forgotten was delivered."""

SAID = """
    SELECT announcements.id, kind, schedule_id, week, channel, topic, breadth, of, decided_at, why,
        content, members, outbox.state, message_id IS NOT NULL AS is_said
    FROM announcements LEFT JOIN outbox ON outbox.id = message_id
"""
SAID_BETWEEN = f"""
    {SAID} WHERE decided_at > $1 AND decided_at <= $2 ORDER BY decided_at, announcements.id
"""
SOME_SAID = f"{SAID} WHERE announcements.id = ANY($1) ORDER BY decided_at, announcements.id"
WEEKS = """
    SELECT DISTINCT coalesce(week, date_trunc('week', decided_at AT TIME ZONE 'UTC')::date) AS week
    FROM announcements WHERE decided_at <= $1 ORDER BY 1 DESC
"""
SEEN = """
    SELECT count(*) AS announced, coalesce(max(announcements.id), 0) AS newest,
        count(why) AS skipped, count(*) FILTER (WHERE outbox.state = 'failed') AS failed,
        (SELECT coalesce(sum(version), 0) FROM announcement_schedules) AS changed
    FROM announcements LEFT JOIN outbox ON outbox.id = message_id
    WHERE decided_at > $1 AND decided_at <= $2
"""
FACTS = "SELECT digest, facts FROM announcement_contents WHERE digest = ANY($1)"
ABOUTS = """
    SELECT digest, content ->> 'about' AS about FROM announcement_contents
    WHERE digest = ANY($1) AND content ->> 'about' <> ''
"""
PRESS = """
    INSERT INTO announcement_presses (announcement_id, person_id, at) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING RETURNING at
"""
UNREAD = """
    SELECT announcements.id FROM announcements
    JOIN channel_members ON channel_id = channel AND channel_members.person_id = $1
    JOIN outbox ON outbox.id = message_id AND state = 'delivered'
    WHERE decided_at > $2 AND decided_at <= $3 AND kind <> 'event' AND NOT EXISTS (
        SELECT FROM announcement_presses AS pressed
        WHERE announcement_id = announcements.id AND pressed.person_id = $1)
    ORDER BY decided_at DESC, announcements.id DESC
"""
PRESSES = """
    SELECT announcement_id, person_id FROM announcement_presses
    WHERE announcement_id = ANY($1) ORDER BY at, person_id
"""
PEOPLE = "SELECT id, name, kind, active FROM people WHERE id = ANY($1)"
ABSENT = """
    SELECT email FROM unnest($1::text[]) AS owners (email)
    WHERE EXISTS (SELECT FROM customers WHERE csa_email = owners.email)
        AND NOT EXISTS (SELECT FROM people WHERE lower(people.email) = owners.email)
"""
CHANNELS = """
    SELECT id, archived, joined, shared OR EXISTS (
        SELECT FROM channel_members JOIN people ON people.id = person_id
        WHERE channel_id = channels.id AND active AND kind = 'stranger'
    ) AS shared, ARRAY(
        SELECT person_id FROM channel_members JOIN people ON people.id = person_id AND active
        WHERE channel_id = channels.id
    ) AS members
    FROM channels WHERE id = ANY($1)
"""
IN_WAVES = """
    SELECT week, customer_id, count(*) AS locations FROM (
        SELECT week, customer_id, location_id FROM promises WHERE week = ANY($1)
        UNION SELECT week, customer_id, location_id FROM wave_locations WHERE week = ANY($1)
    ) AS placed GROUP BY week, customer_id ORDER BY week, customer_id
"""
CUSTOMERS = """
    SELECT customers.id, customers.name, csa_email, count(*) AS locations,
        array_agg(DISTINCT region) AS regions, array_agg(DISTINCT needed.key) AS features
    FROM customers JOIN locations ON locations.customer_id = customers.id
    LEFT JOIN LATERAL unnest(requires) AS needed (key) ON true
    WHERE customers.id = ANY($1) GROUP BY customers.id
"""
FEATURES = "SELECT key, target_release_on, released_on FROM features WHERE key = ANY($1)"


@dataclass(frozen=True, slots=True)
class Said:
    """An announcement as it reaches people: who was in its channel, and what became of its message."""

    id: int
    kind: Kind
    schedule_id: int | None
    week: date
    channel: str
    topic: Topic
    scope: Scope
    at: datetime
    why: Why | None
    content: str | None
    members: Sequence[str]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Member:
    """What somebody is called, and why no DM can be sent to them."""

    name: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class Crowd:
    """A channel, and the active people who are in it now."""

    channel: Channel
    members: Sequence[str]


class Reached:
    """Whom announcements concern, and what they were told."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def said(self, after: datetime, until: datetime) -> list[Said]:
        """All that was announced or skipped later than one instant and no later than another."""
        return [_said(row) for row in await all_found(self._connection, SAID_BETWEEN, after, until)]

    async def weeks(self, until: datetime) -> list[date]:
        """The Mondays of the weeks that anything was announced in, the newest first."""
        return [row["week"] for row in await all_found(self._connection, WEEKS, until)]

    async def seen(self, after: datetime, until: datetime) -> str:
        """All that decides who is left to be told, in a word: another word, and there is news."""
        (row,) = await all_found(self._connection, SEEN, after, until)
        return "{announced} {newest} {skipped} {failed} {changed}".format(**row)

    async def facts(self, contents: Iterable[str]) -> dict[str, Sequence[str]]:
        """What each of these contents tells, by its digest."""
        rows = await all_found(self._connection, FACTS, list(set(contents)))
        return {row["digest"]: row["facts"] for row in rows}

    async def abouts(self, contents: Iterable[str]) -> dict[str, str]:
        """What the scope of each of these contents is called, by its digest; not of all there is."""
        rows = await all_found(self._connection, ABOUTS, list(set(contents)))
        return {row["digest"]: row["about"] for row in rows}

    async def press(self, announcement: int, person_id: str, at: datetime) -> bool:
        """Note that somebody pressed Got it on an announcement; False where they did before."""
        pressed = await all_found(self._connection, PRESS, announcement, person_id, at)
        return bool(pressed)

    async def unread(self, person_id: str, after: datetime, until: datetime) -> list[int]:
        """Announcements in channels of a person on which they did not press Got it, the newest first.

        What happens is not among them: its post is changed as it goes on.
        """
        rows = await all_found(self._connection, UNREAD, person_id, after, until)
        return [row["id"] for row in rows]

    async def some(self, ids: Iterable[int]) -> list[Said]:
        """These announcements, in the order in which they were decided on."""
        return [_said(row) for row in await all_found(self._connection, SOME_SAID, list(ids))]

    async def presses(self, announcements: Iterable[int]) -> dict[int, list[str]]:
        """Who pressed Got it on each of these announcements, in the order in which they did."""
        pressed: dict[int, list[str]] = defaultdict(list)
        for row in await all_found(self._connection, PRESSES, list(announcements)):
            pressed[row["announcement_id"]].append(row["person_id"])
        return pressed

    async def people(self, ids: Iterable[str]) -> dict[str, Member]:
        """What people are called, and whether a DM can be sent to them."""
        rows = await all_found(self._connection, PEOPLE, list(ids))
        return {row["id"]: Member(row["name"], _bar(row["kind"], row["active"])) for row in rows}

    async def absent(self, emails: Iterable[str]) -> set[str]:
        """Those of these addresses who own customers and have no account in the workspace."""
        rows = await all_found(self._connection, ABSENT, list(emails))
        return {row["email"] for row in rows}

    async def channels(self, ids: Iterable[str]) -> dict[str, Crowd]:
        """What these channels can carry, and who is in them now."""
        rows = await all_found(self._connection, CHANNELS, list(ids))
        return {
            row["id"]: Crowd(Channel(row["archived"], row["joined"], row["shared"]), row["members"])
            for row in rows
        }

    async def in_waves(self, weeks: Collection[date]) -> dict[str, dict[str, int]]:
        """The customers of waves with how many of their locations, by the waves' Mondays."""
        waves: dict[str, dict[str, int]] = defaultdict(dict)
        for row in await all_found(self._connection, IN_WAVES, list(weeks)):
            waves[row["week"].isoformat()][row["customer_id"]] = row["locations"]
        return waves

    async def customers(self, ids: Iterable[str]) -> dict[str, Customer]:
        """Customers with all that a scope may cut them by."""
        rows = await all_found(self._connection, CUSTOMERS, list(ids))
        return {
            row["id"]: Customer(
                id=row["id"],
                name=row["name"],
                locations=row["locations"],
                csa=row["csa_email"],
                regions=dict.fromkeys(filter(None, row["regions"]), 1),
                features=dict.fromkeys(filter(None, row["features"]), 1),
            )
            for row in rows
        }

    async def features(self, keys: Iterable[str]) -> Mapping[str, tuple[date | None, date | None]]:
        """The day on which each feature is expected, and was released."""
        rows = await all_found(self._connection, FEATURES, list(keys))
        return {row["key"]: (row["target_release_on"], row["released_on"]) for row in rows}


def outcome(state: str | None) -> Outcome:
    """What became of a message whose state this is; of one that is forgotten, that it arrived."""
    return OUTCOMES.get(State(state), Outcome.coming) if state else Outcome.delivered


def _said(row: Record) -> Said:
    return Said(
        id=row["id"],
        kind=Kind(row["kind"]),
        schedule_id=row["schedule_id"],
        week=row["week"] or start_of_week(row["decided_at"].date()),
        channel=row["channel"],
        topic=Topic(row["topic"]),
        scope=Scope(Breadth(row["breadth"]), row["of"]),
        at=row["decided_at"],
        why=Why(row["why"]) if row["why"] else None,
        content=row["content"],
        members=row["members"],
        outcome=outcome(row["state"]) if row["is_said"] else Outcome.unsaid,
    )


def _bar(kind: str, active: bool) -> Bar:  # noqa: FBT001 - columns of a row
    if not active:
        return Bar.deactivated
    return Bar.none if kind == PersonKind.member else Bar.outsider
