"""Announcements as lists show them: what became of each, and how many could read it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from asyncpg import Record
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.carrying import Carries
from rules.catching_up import Why
from store.announcement_rows import Kind
from store.driver import all_found
from store.outbox import State

LINES = """
    SELECT announcements.id, schedule_id, kind, week, channel, due_at, decided_at, why, carries,
        cardinality(members) AS members, state, coalesce(problem, '') AS problem,
        (SELECT count(*) FROM announcement_presses WHERE announcement_id = announcements.id)
            AS pressed,
        count(*) OVER () AS total
    FROM announcements LEFT JOIN outbox ON outbox.id = message_id
"""
PAGE = f"""
    {LINES} WHERE schedule_id = $1 AND channel = ANY($2)
    ORDER BY due_at DESC, announcements.id DESC LIMIT $3 OFFSET $4
"""
CHANNELS = "SELECT DISTINCT channel FROM announcements WHERE schedule_id = $1"
NEWEST = f"""
    SELECT line.* FROM unnest($1::integer[]) AS wanted (id) CROSS JOIN LATERAL (
        {LINES} WHERE schedule_id = wanted.id ORDER BY decided_at DESC, announcements.id DESC LIMIT 1
    ) AS line
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One announcement: said, with who could read it and what became of its message; or why not.

    `state` is None where that is not known any more. Times are business time.
    """

    id: int
    schedule_id: int
    kind: Kind
    week: date | None
    channel: str
    due_at: datetime
    decided_at: datetime
    why: Why | None
    carries: Carries | None
    members: int
    pressed: int
    state: State | None
    problem: str

    @property
    def failed(self) -> bool:
        """Whether Slack did not take it."""
        return self.state is State.failed


class AnnouncementLines:
    """What was announced by schedules, the newest first."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def channels(self, schedule_id: int) -> set[str]:
        """The channels in which a schedule announced anything, or should have."""
        rows = await all_found(self._connection, CHANNELS, schedule_id)
        return {row["channel"] for row in rows}

    async def page(
        self, schedule_id: int, channels: Collection[str], *, skip: int, most: int
    ) -> tuple[list[Line], int]:
        """A page of what a schedule announced in these channels, or skipped; and how much there is."""
        wanted = (schedule_id, list(channels), most, skip)
        rows = await all_found(self._connection, PAGE, *wanted)
        return [_line(row) for row in rows], rows[0]["total"] if rows else 0

    async def newest(self, schedules: Collection[int]) -> Mapping[int, Line]:
        """What each of these schedules announced last, or skipped, by its id."""
        rows = await all_found(self._connection, NEWEST, list(schedules))
        return {row["schedule_id"]: _line(row) for row in rows}


def _line(row: Record) -> Line:
    return Line(
        id=row["id"],
        schedule_id=row["schedule_id"],
        kind=Kind(row["kind"]),
        week=row["week"],
        channel=row["channel"],
        due_at=row["due_at"],
        decided_at=row["decided_at"],
        why=Why(row["why"]) if row["why"] else None,
        carries=Carries(row["carries"]) if row["carries"] else None,
        members=row["members"],
        pressed=row["pressed"],
        state=State(row["state"]) if row["state"] else None,
        problem=row["problem"],
    )
