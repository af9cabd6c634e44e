"""Escalations: who asked for what, where it stands, and how it came there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from rules.activity import OFFBOARDED
from rules.activity import State as Activity
from rules.escalation import Step, Taken
from rules.location_life import State as LocationState
from rules.migrated import has_migrated
from rules.quotas import Bump
from store.driver import all_found, looked_up
from store.escalation_rows import (
    EscalationJoinerRow,
    EscalationPostRow,
    EscalationRow,
    EscalationStepRow,
)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One location of an escalation, and its customer as that is called now."""

    location_id: str
    name: str
    customer_id: str
    customer_name: str
    granted: bool


@dataclass(frozen=True, slots=True)
class Post:
    """A message that shows an escalation to triage."""

    lane: str
    message: UUID


@dataclass(frozen=True, slots=True)
class Going:
    """An approved escalation: the week promised to each location that was granted and is left, if any.

    `migrated` says of each whether it has. `gone` counts those that were granted and churned, or were
    offboarded, before their week began.
    """

    id: int
    weeks: Sequence[date | None]
    migrated: Sequence[bool]
    gone: int


@dataclass(frozen=True, slots=True)
class Unweighed:
    """One that is not weighed as it should be: its locations, by which day, and what is known so far."""

    id: int
    location_ids: tuple[str, ...]
    due_on: date
    weighed: dict[str, Any] | None


ONE = "SELECT * FROM escalations WHERE id = $1"
STEPS = "SELECT * FROM escalation_steps WHERE escalation_id = $1 ORDER BY version"
JOINERS = "SELECT * FROM escalation_joiners WHERE escalation_id = $1 ORDER BY joined_at, person"
LOCATIONS = """
    SELECT asked.location_id, coalesce(locations.name, asked.location_id) AS name,
        asked.customer_id, coalesce(customers.name, asked.customer_id) AS customer_name, granted
    FROM escalated_locations AS asked
    LEFT JOIN locations ON locations.id = asked.location_id
    LEFT JOIN customers ON customers.id = asked.customer_id
    WHERE escalation_id = $1 ORDER BY lower(customers.name), customer_id, locations.name, location_id
"""
STEPS_BETWEEN = "SELECT step FROM escalation_steps WHERE at >= $1 AND at < $2"
KNOCKING = """
    SELECT * FROM escalations WHERE knocks_at <= $1 ORDER BY knocks_at, id LIMIT 1
    FOR UPDATE SKIP LOCKED
"""
RUNNING = "SELECT * FROM escalations WHERE knocks_at IS NOT NULL ORDER BY id FOR UPDATE"
LEFT_BEHIND = """
    SELECT escalations.* FROM escalations JOIN people ON people.id = sent_by
    WHERE state IN ('new', 'in triage', 'waiting for the requester')
        AND NOT (active AND kind = 'member')
        AND NOT EXISTS (SELECT FROM triage_notices WHERE about = 'escalation ' || escalations.id)
    ORDER BY escalations.id LIMIT 1
"""
GIVEN_SINCE = """
    SELECT csa_email, coalesce(points, 0) AS points, decided_at::date AS given_on, due_on
    FROM escalations WHERE due_on IS NOT NULL AND csa_email IS NOT NULL AND decided_at >= $1
"""
UNDECIDED = """
    SELECT id FROM escalations
    WHERE state IN ('new', 'in triage', 'waiting for the requester') ORDER BY id
"""
UNSHOWN = """
    SELECT id, count(*) OVER () AS of_all FROM escalations
    WHERE state IN ('new', 'in triage', 'waiting for the requester') AND id > $2 AND EXISTS (
        SELECT FROM unnest($1::text[]) AS read (lane) WHERE NOT EXISTS (
            SELECT FROM escalation_posts AS post
            WHERE escalation_id = escalations.id AND post.lane = read.lane))
    ORDER BY id LIMIT $3
"""
UNWEIGHED = """
    SELECT id, array_agg(location_id ORDER BY location_id) AS location_ids, weighed,
        coalesce(weighed ->> 'asked', weighed ->> 'due_on', wished_on::text)::date AS due_on,
        count(*) OVER () AS of_all
    FROM escalations JOIN escalated_locations ON escalation_id = id
    WHERE state IN ('new', 'in triage', 'waiting for the requester')
        AND (weighed IS NULL OR weighed ? 'asked' OR (weighed ->> 'plan')::int IS DISTINCT FROM $1)
    GROUP BY id ORDER BY weighed IS NULL DESC, weighed ? 'asked' DESC, is_urgent DESC, id LIMIT $2
"""
"""First those of which nothing is known, then what somebody waits for."""
GOING = """
    WITH granted AS (
        SELECT escalations.id, asked.location_id, promises.week, run.state,
            coalesce(waves.started_at IS NOT NULL, false) AS was_started,
            (promises.week IS NULL OR promises.week > $1) AND run.state IS NULL AND (
            locations.id IS NULL OR status = $2 OR (
                SELECT scores.state FROM scores WHERE scores.location_id = asked.location_id
                AND scoring_id = (SELECT max(id) FROM scorings)
            ) IS NOT DISTINCT FROM $3
        ) AS is_gone
        FROM escalations JOIN escalated_locations AS asked ON escalation_id = escalations.id AND granted
        LEFT JOIN promises ON promises.location_id = asked.location_id
        LEFT JOIN locations ON locations.id = asked.location_id
        LEFT JOIN waves ON waves.week = promises.week
        LEFT JOIN wave_locations AS run
            ON run.location_id = asked.location_id AND run.state <> 'back in the plan'
        WHERE escalations.state IN ('approved', 'scheduled')
    )
    SELECT id, coalesce(array_agg(week ORDER BY location_id) FILTER (WHERE NOT is_gone), '{}') AS weeks,
        coalesce(array_agg(state ORDER BY location_id) FILTER (WHERE NOT is_gone), '{}') AS states,
        coalesce(array_agg(was_started ORDER BY location_id) FILTER (WHERE NOT is_gone), '{}')
            AS started,
        count(*) FILTER (WHERE is_gone) AS gone
    FROM granted GROUP BY id ORDER BY id
"""
POSTS = """
    SELECT lane, message FROM escalation_posts WHERE escalation_id = $1 ORDER BY lane
"""
"""What this transaction posts is among them, before it is written to the outbox."""
ADD_LOCATIONS = text("""
    INSERT INTO escalated_locations (escalation_id, location_id, customer_id)
    SELECT :id, id, customer_id FROM locations WHERE id = ANY (CAST(:locations AS text[]))
""")
GRANT = text("""
    UPDATE escalated_locations SET granted = location_id = ANY (CAST(:locations AS text[]))
    WHERE escalation_id = :id
""")
KEEP_POST = text("""
    INSERT INTO escalation_posts (escalation_id, lane, message) VALUES (:id, :lane, :message)
    ON CONFLICT (escalation_id, lane) DO UPDATE SET message = :message
""")
JOIN = text("""
    INSERT INTO escalation_joiners (escalation_id, person, joined_at, words)
    VALUES (:id, :person, :at, :words) ON CONFLICT DO NOTHING
""")


class Escalations:
    """What was asked for, and what became of it.

    Where an escalation stands is changed by `advance` alone, and `handlers.escalating.take_step` alone
    calls that; `note` keeps what is known of it besides.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, row: EscalationRow, locations: Collection[str]) -> int:
        """Keep a new one about these locations, which are all there; returns its id."""
        values = row.model_dump(exclude={"id"})
        statement = insert(EscalationRow).values(values).returning(text("id"))
        added: int = (await self._connection.execute(statement)).scalar_one()
        await self._connection.execute(ADD_LOCATIONS, {"id": added, "locations": list(locations)})
        return added

    async def get(self, escalation_id: int, *, for_change: bool = False) -> EscalationRow | None:
        """The escalation with this id; `for_change` holds it as it is until the commit."""
        found = await looked_up(
            self._connection, ONE + (" FOR UPDATE" if for_change else ""), escalation_id
        )
        return EscalationRow.model_validate(dict(found)) if found else None

    async def steps(self, escalation_id: int) -> list[EscalationStepRow]:
        """All steps that were taken, in order."""
        rows = await all_found(self._connection, STEPS, escalation_id)
        return [EscalationStepRow.model_validate(dict(row)) for row in rows]

    async def locations(self, escalation_id: int) -> list[AskedFor]:
        """What it is about, by customer and name."""
        rows = await all_found(self._connection, LOCATIONS, escalation_id)
        return [AskedFor(**row) for row in rows]

    async def joiners(self, escalation_id: int) -> list[EscalationJoinerRow]:
        """Who asks for the same, in the order in which they joined."""
        rows = await all_found(self._connection, JOINERS, escalation_id)
        return [EscalationJoinerRow.model_validate(dict(row)) for row in rows]

    async def posts(self, escalation_id: int) -> list[Post]:
        """The messages that show it to triage."""
        rows = await all_found(self._connection, POSTS, escalation_id)
        return [Post(**row) for row in rows]

    async def steps_between(self, begins: datetime, ends: datetime) -> list[Step]:
        """What was done with any of them in a time."""
        rows = await all_found(self._connection, STEPS_BETWEEN, begins, ends)
        return [Step(row["step"]) for row in rows]

    async def knocking(self, now: datetime) -> EscalationRow | None:
        """One whose clock wants to be looked at, and that nobody else holds; it is held to the end."""
        found = await looked_up(self._connection, KNOCKING, now)
        return EscalationRow.model_validate(dict(found)) if found else None

    async def running(self) -> list[EscalationRow]:
        """All whose clock will want to be looked at; they are held to the end."""
        rows = await all_found(self._connection, RUNNING)
        return [EscalationRow.model_validate(dict(row)) for row in rows]

    async def left_behind(self) -> EscalationRow | None:
        """An undecided one whose requester left, of which triage was not told."""
        found = await looked_up(self._connection, LEFT_BEHIND)
        return EscalationRow.model_validate(dict(found)) if found else None

    async def given_since(self, day: date) -> list[Bump]:
        """What was approved since a day, whatever became of it: what a quota counts."""
        rows = await all_found(
            self._connection, GIVEN_SINCE, datetime(*day.timetuple()[:3], tzinfo=UTC)
        )
        return [
            Bump(row["csa_email"], row["points"], row["given_on"], row["due_on"]) for row in rows
        ]

    async def undecided(self) -> list[int]:
        """The ids of those that triage has not decided."""
        return [row["id"] for row in await all_found(self._connection, UNDECIDED)]

    async def unshown(
        self, lanes: Collection[str], *, after: int, most: int
    ) -> tuple[list[int], int]:
        """Ids above `after` of undecided ones that a lane does not show yet; and how many there are."""
        rows = await all_found(self._connection, UNSHOWN, list(lanes), after, most)
        return [row["id"] for row in rows], rows[0]["of_all"] if rows else 0

    async def unweighed(self, plan: int | None, *, most: int) -> tuple[list[Unweighed], int]:
        """Undecided ones not weighed on this plan, or on the day last asked for; and how many there are."""
        rows = await all_found(self._connection, UNWEIGHED, plan, most)
        found = [
            Unweighed(row["id"], tuple(row["location_ids"]), row["due_on"], row["weighed"])
            for row in rows
        ]
        return found, rows[0]["of_all"] if rows else 0

    async def going(self, today: date) -> list[Going]:
        """Those that were approved and are not over, with the weeks promised to what is left of them."""
        rows = await all_found(self._connection, GOING, today, OFFBOARDED, Activity.churned)
        return [_going(row, today) for row in rows]

    async def advance(self, escalation_id: int, version: int, values: Mapping[str, Any]) -> bool:
        """Let a step change it; False where it is not at this version any more."""
        changed = update(EscalationRow).where(
            col(EscalationRow.id) == escalation_id, col(EscalationRow.version) == version
        )
        reply = await self._connection.execute(changed.values(dict(values)))
        return reply.rowcount == 1

    async def keep_step(
        self, escalation_id: int, taken: Taken, details: dict[str, Any] | None
    ) -> None:
        """Keep a step that was taken."""
        values = {
            "escalation_id": escalation_id,
            "version": taken.version,
            "step": taken.step,
            "by": taken.by,
            "who": taken.who,
            "at": taken.at,
            "words": taken.words,
            "to": taken.to,
            "details": details,
        }
        await self._connection.execute(insert(EscalationStepRow).values(values))

    async def note(self, escalation_id: int, **values: object) -> None:
        """Keep what is known besides: weighed, told_week, and how its clock runs."""
        noted = update(EscalationRow).where(col(EscalationRow.id) == escalation_id)
        await self._connection.execute(noted.values(values))

    async def grant(self, escalation_id: int, locations: Collection[str]) -> None:
        """Grant these of its locations, and no others."""
        await self._connection.execute(GRANT, {"id": escalation_id, "locations": list(locations)})

    async def join(self, escalation_id: int, person: str, *, at: datetime, words: str) -> bool:
        """Let a person hear what the requester hears; False where they had joined before."""
        values = {"id": escalation_id, "person": person, "at": at, "words": words}
        return (await self._connection.execute(JOIN, values)).rowcount == 1

    async def forget_posts(self, lane: str) -> None:
        """Forget the messages in a lane: nothing can be changed there any more."""
        statement = text("DELETE FROM escalation_posts WHERE lane = :lane")
        await self._connection.execute(statement, {"lane": lane})

    async def keep_post(self, escalation_id: int, lane: str, message: UUID) -> None:
        """Remember the message that shows it in a lane; in place of one before it."""
        row = EscalationPostRow(escalation_id=escalation_id, lane=lane, message=message)
        values = {"id": row.escalation_id, "lane": row.lane, "message": row.message}
        await self._connection.execute(KEEP_POST, values)


def _going(row: Mapping[str, Any], today: date) -> Going:
    stands = zip(row["weeks"], row["states"], row["started"], strict=True)
    migrated = [
        has_migrated(week, LocationState(state) if state else None, today, was_started=was_started)
        for week, state, was_started in stands
    ]
    return Going(row["id"], row["weeks"], migrated, row["gone"])
