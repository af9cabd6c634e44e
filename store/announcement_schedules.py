"""Schedules of announcements: what each says now, and all that it ever said."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.announcement import Topic
from rules.occurrences import Schedule
from store.announcement_rows import AnnouncementScheduleRow, ScheduleVersionRow
from store.driver import all_found

HELD = "SELECT * FROM announcement_schedules WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"
FOUND = "SELECT * FROM announcement_schedules WHERE id = ANY($1) ORDER BY id"
ALL = "SELECT * FROM announcement_schedules WHERE removed_at IS NULL ORDER BY id"
VERSIONS = """
    SELECT * FROM announcement_schedule_versions
    WHERE schedule_id = ANY($1) ORDER BY schedule_id, version
"""
TELLING = """
    SELECT says.* FROM announcement_schedules AS schedule CROSS JOIN LATERAL (
        SELECT * FROM announcement_schedule_versions WHERE schedule_id = schedule.id
        ORDER BY version DESC LIMIT 1
    ) AS says
    JOIN channels ON channels.id = says.channel AND joined AND NOT archived AND NOT shared
    WHERE removed_at IS NULL AND NOT is_paused AND topic = ANY($1) AND NOT EXISTS (
        SELECT FROM channel_members JOIN people ON people.id = person_id
        WHERE channel_id = says.channel AND active AND kind = 'stranger'
    ) ORDER BY schedule.id
"""
NEW = text("INSERT INTO announcement_schedules (version) VALUES (1) RETURNING id")
UNSAY = text("""
    DELETE FROM announcement_schedule_versions WHERE schedule_id = :id AND since >= :since
""")
RAISE = text("""
    UPDATE announcement_schedules SET version = version + 1 WHERE id = :id RETURNING version
""")
REMOVE = text("""
    UPDATE announcement_schedules SET removed_at = :at, version = version + 1 WHERE id = :id
""")
NOTE = text("UPDATE announcement_schedules SET note = :note, note_by = :by WHERE id = :id")


@dataclass(frozen=True, slots=True)
class AnnouncementSchedule:
    """A schedule with all that it ever said, the oldest first; `note` is for its next announcement."""

    id: int
    version: int
    removed_at: datetime | None
    note: str | None
    note_by: str | None
    versions: tuple[ScheduleVersionRow, ...]

    @property
    def rule(self) -> Schedule:
        """When it is due, as the rules take it; raises where its zone is none."""
        return Schedule(tuple(version.rule for version in self.versions))

    @property
    def current(self) -> ScheduleVersionRow:
        """What it says now."""
        return self.versions[-1]

    def saying(self, due_at: datetime) -> ScheduleVersionRow:
        """What it said of an occurrence: an edit counts for what is due after it."""
        earlier = [version for version in self.versions if version.since < due_at]
        return earlier[-1] if earlier else self.versions[0]


class AnnouncementSchedules:
    """What is announced every week, where, and when."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[AnnouncementSchedule]:
        """All that were not removed, paused ones too, the oldest first."""
        return await self._with_versions(await all_found(self._connection, ALL))

    async def telling(self, topics: Collection[Topic]) -> list[ScheduleVersionRow]:
        """What those say now that tell of any of these in channels that only our own people read.

        Those that are paused tell nothing.
        """
        rows = await all_found(self._connection, TELLING, list(topics))
        return [ScheduleVersionRow.model_validate(dict(row)) for row in rows]

    async def get(self, id_: int, *, for_change: bool = False) -> AnnouncementSchedule | None:
        """One of them, removed or not; `for_change` holds it until the commit."""
        found = await (self.hold([id_]) if for_change else self.some([id_]))
        return found[0] if found else None

    async def some(self, ids: Iterable[int]) -> list[AnnouncementSchedule]:
        """Those of these ids."""
        return await self._with_versions(await all_found(self._connection, FOUND, list(ids)))

    async def hold(self, ids: Iterable[int]) -> list[AnnouncementSchedule]:
        """Those of these ids, held until the commit: nobody edits them, or announces them twice."""
        rows = await all_found(self._connection, HELD, list(ids))
        return await self._with_versions(rows)

    async def add(self, says: ScheduleVersionRow) -> int:
        """A new schedule, and what it says first; gives its id."""
        id_ = int((await self._connection.execute(NEW)).scalar_one())
        await self._keep(says, id_, 1)
        return id_

    async def say(self, id_: int, says: ScheduleVersionRow) -> None:
        """Let a schedule that is held say this from `says.since` on: an edit, a pause, or going on.

        Where the clock was set back, what it said later than that has never been said.
        """
        await self._connection.execute(UNSAY, {"id": id_, "since": says.since})
        version = (await self._connection.execute(RAISE, {"id": id_})).scalar_one()
        await self._keep(says, id_, version)

    async def remove(self, id_: int, at: datetime) -> None:
        """Let a schedule that is held announce nothing any more; what it announced stays."""
        await self._connection.execute(REMOVE, {"id": id_, "at": at})

    async def note(self, id_: int, note: str | None, *, by: str | None) -> None:
        """Keep a lead's words for the next announcement of a schedule; None: there are none."""
        await self._connection.execute(NOTE, {"id": id_, "note": note, "by": by})

    async def _keep(self, says: ScheduleVersionRow, id_: int, version: int) -> None:
        row = says.model_dump() | {"schedule_id": id_, "version": version}
        await self._connection.execute(insert(ScheduleVersionRow), [row])

    async def _with_versions(
        self, rows: Iterable[AnnouncementScheduleRow]
    ) -> list[AnnouncementSchedule]:
        schedules = [dict(row) for row in rows]
        versions: dict[int, list[ScheduleVersionRow]] = defaultdict(list)
        ids = [row["id"] for row in schedules]
        for version in await all_found(self._connection, VERSIONS, ids):
            versions[version["schedule_id"]].append(
                ScheduleVersionRow.model_validate(dict(version))
            )
        return [
            AnnouncementSchedule(**row, versions=tuple(versions[row["id"]])) for row in schedules
        ]
