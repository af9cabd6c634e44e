"""Jobs: long work as rows, each done by one worker at a time, however often workers die."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, Interval, Text, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.tables import DOCUMENT, Table, instant


class JobState(StrEnum):
    """How far a job is. The last three are ends."""

    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"


UNFINISHED = "state IN ('waiting', 'running')"

Json = dict[str, Any]


class JobRow(Table, table=True):
    """One piece of long work: what is to be done, for whom, how far it is, and what came of it.

    `about` is what people call it; `asked_by` a person's id, or who else runs Wavepost.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("jobs_due_index", "due_at", postgresql_where=text(UNFINISHED)),
        Index("jobs_asked_by_index", "asked_by", "asked_at"),
        Index("jobs_key_index", "key", unique=True, postgresql_where=text(UNFINISHED)),
        Index("jobs_failed_index", "ended_at", postgresql_where=text("state = 'failed'")),
    )

    id: UUID = Field(primary_key=True)
    kind: str
    about: str
    given: Json = Field(sa_type=DOCUMENT)
    asked_by: str
    key: str | None = None
    message: UUID | None = Field(default=None, description="the one that shows how far it is")
    state: JobState = Field(
        default=JobState.waiting,
        sa_type=Text,
        sa_column_kwargs={"server_default": JobState.waiting.value},
    )
    step: str | None = None
    done: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    total: int = Field(
        default=0, sa_column_kwargs={"server_default": "0"}, description="0: not known"
    )
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    due_at: datetime = instant(now=True)
    leased_by: UUID | None = Field(default=None, description="one taking of the job")
    leased_until: datetime | None = instant(nullable=True)
    result: Json | None = Field(default=None, sa_type=DOCUMENT)
    problem: str | None = Field(default=None, description="why it failed, in words")
    asked_at: datetime = instant(now=True)
    started_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)

    @property
    def is_over(self) -> bool:
        """Whether it came to one of its ends."""
        return self.ended_at is not None


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done just now, and how much of it is done; a `total` of 0 is not known."""

    step: str
    done: int = 0
    total: int = 0


START = text("""
    INSERT INTO jobs (id, kind, about, given, asked_by, key, message)
    VALUES (:id, :kind, :about, :given, :by, :key, :message)
    ON CONFLICT (key) WHERE state IN ('waiting', 'running') DO UPDATE SET key = jobs.key
    RETURNING id
""").bindparams(bindparam("given", type_=DOCUMENT))

LEASE = text("""
    WITH free AS (
        SELECT id FROM jobs
        WHERE state IN ('waiting', 'running') AND due_at <= now() AND kind = ANY(:kinds)
          AND (leased_until IS NULL OR leased_until <= now())
          AND (kind <> ALL(:in_turn) OR NOT EXISTS (
            SELECT FROM jobs AS other WHERE other.kind = jobs.kind AND other.id <> jobs.id
              AND other.state IN ('waiting', 'running')
              AND (other.leased_until > now()
                   OR (other.asked_at, other.id) < (jobs.asked_at, jobs.id))
          ))
        ORDER BY asked_at
        LIMIT :most
        FOR UPDATE SKIP LOCKED
    )
    UPDATE jobs SET state = 'running', leased_by = :lease, leased_until = now() + :duration,
        tries = tries + 1, started_at = coalesce(started_at, now())
    FROM free WHERE jobs.id = free.id RETURNING jobs.*
""").bindparams(
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("in_turn", type_=ARRAY(Text)),
    bindparam("duration", type_=Interval),
)

RENEW = text("""
    UPDATE jobs SET leased_until = now() + :duration, step = :step, done = :done, total = :total
    WHERE id = :id AND leased_by = :lease AND state = 'running' RETURNING id
""").bindparams(bindparam("duration", type_=Interval))

END = text("""
    UPDATE jobs SET state = :state, result = :result, problem = :problem, ended_at = now(),
        leased_until = NULL
    WHERE id = :id AND leased_by = :lease AND state = 'running' RETURNING id
""").bindparams(bindparam("result", type_=DOCUMENT))

HOLD = text("""
    SELECT id FROM jobs WHERE id = :id AND leased_by = :lease AND state = 'running' FOR SHARE
""")

PUT_BACK = text("""
    UPDATE jobs SET state = 'waiting', leased_by = NULL, leased_until = NULL, due_at = now() + :pause,
        tries = tries - :forgiven
    WHERE id = :id AND leased_by = :lease AND state = 'running' RETURNING id
""").bindparams(bindparam("pause", type_=Interval))

CANCEL = text("""
    UPDATE jobs SET state = 'cancelled', problem = :problem, ended_at = now(), leased_until = NULL
    WHERE id = :id AND state IN ('waiting', 'running') RETURNING *
""")

AGAIN = text("""
    UPDATE jobs SET state = 'waiting', tries = 0, due_at = now(), step = NULL, done = 0, total = 0,
        leased_by = NULL, problem = NULL, started_at = NULL, ended_at = NULL
    WHERE id = :id AND state IN ('failed', 'cancelled') AND NOT EXISTS (
        SELECT FROM jobs AS other WHERE other.key = jobs.key AND other.state IN ('waiting', 'running')
    ) RETURNING *
""")

NOTE = text("UPDATE jobs SET result = :result WHERE id = :id").bindparams(
    bindparam("result", type_=DOCUMENT)
)

IS_OLD = text("SELECT ended_at < now() - :age FROM jobs WHERE id = :id").bindparams(
    bindparam("age", type_=Interval)
)

OF_RESULT = text("""
    SELECT * FROM jobs WHERE kind = :kind AND result @> :result ORDER BY ended_at DESC LIMIT 1
""").bindparams(bindparam("result", type_=DOCUMENT))

UNANSWERED = text("""
    SELECT * FROM jobs WHERE kind = ANY(:kinds) AND state = 'done' AND ended_at < now() - :age
      AND result ? 'answer' AND result ->> 'answer' IS NULL
    ORDER BY id FOR UPDATE
""").bindparams(bindparam("kinds", type_=ARRAY(Text)), bindparam("age", type_=Interval))

FORGET = text("""
    DELETE FROM jobs WHERE ended_at < now() - make_interval(days => :days)
""")

COUNTS = text("""
    SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
           count(*) FILTER (WHERE state = 'running') AS running
    FROM jobs WHERE state IN ('waiting', 'running')
""")

PAGE = text("""
    SELECT *, count(*) OVER () AS of_all FROM jobs
    WHERE (:by IS NULL OR asked_by = :by) AND (kind <> ALL(:unseen) OR state = 'failed')
    ORDER BY ended_at IS NOT NULL, asked_at DESC LIMIT :most OFFSET :skip
""").bindparams(bindparam("by", type_=Text), bindparam("unseen", type_=ARRAY(Text)))

FAILED = text("""
    SELECT *, count(*) OVER () AS of_all FROM jobs
    WHERE state = 'failed' AND ended_at > now() - make_interval(days => :days)
    ORDER BY ended_at DESC LIMIT :most
""")

FAILED_LATELY = text("""
    SELECT EXISTS (
        SELECT FROM jobs WHERE state = 'failed' AND ended_at > now() - :age AND key = :key
    )
""").bindparams(bindparam("age", type_=Interval))

RUNNING = text("""
    SELECT * FROM jobs WHERE asked_by = :by AND state IN ('waiting', 'running')
    ORDER BY asked_at DESC LIMIT :most
""")


class Jobs:
    """Long work, asked for and done. Times are the database's, the same for all replicas."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.started = False

    async def start(
        self,
        kind: str,
        given: Json,
        *,
        by: str,
        key: str | None = None,
        about: str = "",
        message: UUID | None = None,
    ) -> UUID:
        """Have something done when, and only when, this transaction commits; returns the job's id.

        While a job with the same `key` is unfinished no second one is made: it is that one's id, and
        it stays as it is until the commit: one that waits begins after it.
        """
        values = {"kind": kind, "about": about or kind, "given": given, "by": by, "key": key}
        reply = await self._connection.execute(START, values | {"id": uuid4(), "message": message})
        self.started = True
        return UUID(str(reply.scalar_one()))

    async def get(self, job_id: UUID, *, for_change: bool = False) -> JobRow | None:
        """The job with this id; `for_change` holds it as it is until the commit."""
        lock = "FOR UPDATE" if for_change else ""
        return await self._one(text(f"SELECT * FROM jobs WHERE id = :id {lock}"), id=job_id)

    async def lease(
        self, kinds: Sequence[str], *, most: int, duration: timedelta, in_turn: Sequence[str] = ()
    ) -> list[JobRow]:
        """Take up to `most` jobs of these kinds that wait, or whose worker went away.

        Of each kind in `in_turn` one at a time, the one that was asked for first.
        """
        values = {"kinds": list(kinds), "in_turn": list(in_turn), "most": most}
        leased = {"lease": uuid4(), "duration": duration}
        rows = (await self._connection.execute(LEASE, values | leased)).mappings()
        return [JobRow.model_validate(row) for row in rows]

    async def renew(self, job: JobRow, duration: timedelta, progress: Progress) -> bool:
        """Go on with a leased job; False where it was cancelled, or another has it."""
        values = {"step": progress.step or None, "done": progress.done, "total": progress.total}
        return await self._changed(RENEW, job, duration=duration, **values)

    async def hold(self, job: JobRow) -> bool:
        """Let a leased job stay ours to the commit; False where it was cancelled, or another has it."""
        return await self._changed(HOLD, job)

    async def end(
        self,
        job: JobRow,
        state: JobState,
        *,
        result: Json | None = None,
        problem: str | None = None,
    ) -> bool:
        """Note how a leased job ended; False where it was cancelled, or another has it."""
        return await self._changed(END, job, state=state, result=result, problem=problem)

    async def put_back(self, job: JobRow, *, pause: timedelta, counts: bool) -> bool:
        """Let a leased job wait again; `counts` says whether this was a try. Else as `end`."""
        return await self._changed(PUT_BACK, job, pause=pause, forgiven=0 if counts else 1)

    async def cancel(self, job_id: UUID, problem: str) -> JobRow | None:
        """End a job that was not over; None where it was. Whoever does it hears of it and stops."""
        return await self._one(CANCEL, id=job_id, problem=problem)

    async def again(self, job_id: UUID) -> JobRow | None:
        """Have a job done that failed or was cancelled; None where it was not, or is done already."""
        self.started = True
        return await self._one(AGAIN, id=job_id)

    async def note(self, job_id: UUID, result: Json) -> None:
        """Keep another result with a job that is over: what somebody answered to it, say."""
        await self._connection.execute(NOTE, {"id": job_id, "result": result})

    async def ended_before(self, job: JobRow, age: timedelta) -> bool:
        """Whether a job ended longer ago than this."""
        reply = await self._connection.execute(IS_OLD, {"id": job.id, "age": age})
        return bool(reply.scalar_one())

    async def unanswered(self, kinds: Sequence[str], age: timedelta) -> list[JobRow]:
        """Jobs done longer ago than `age` whose result has an "answer" that is still open, to change."""
        rows = await self._connection.execute(UNANSWERED, {"kinds": list(kinds), "age": age})
        return [JobRow.model_validate(row) for row in rows.mappings()]

    async def of_result(self, kind: str, result: Json) -> JobRow | None:
        """The newest job of a kind whose result has all of this; None where it is forgotten."""
        return await self._one(OF_RESULT, kind=kind, result=result)

    async def forget_older_than(self, days: int) -> int:
        """Delete jobs that were over so long ago; returns how many."""
        return (await self._connection.execute(FORGET, {"days": days})).rowcount

    async def waiting_and_running(self) -> tuple[int, int]:
        """How many jobs wait, and how many are being done."""
        row = (await self._connection.execute(COUNTS)).one()
        return row.waiting, row.running

    async def page(
        self, by: str | None, *, skip: int, most: int, unseen: Sequence[str] = ()
    ) -> tuple[list[JobRow], int]:
        """Jobs asked for by a person, or by anybody (None): unfinished ones first, then the newest.

        Of the kinds in `unseen` only those that failed.
        """
        values = {"by": by, "skip": skip, "most": most, "unseen": list(unseen)}
        rows = (await self._connection.execute(PAGE, values)).mappings().all()
        return [JobRow.model_validate(row) for row in rows], rows[0]["of_all"] if rows else 0

    async def failed(self, *, days: int, most: int) -> tuple[list[JobRow], int]:
        """The newest jobs that could not be done since so many days; and how many there are."""
        rows = (
            (await self._connection.execute(FAILED, {"days": days, "most": most})).mappings().all()
        )
        return [JobRow.model_validate(row) for row in rows], rows[0]["of_all"] if rows else 0

    async def failed_lately(self, key: str, age: timedelta) -> bool:
        """Whether a job with this key could not be done, not longer ago than this."""
        reply = await self._connection.execute(FAILED_LATELY, {"key": key, "age": age})
        return bool(reply.scalar_one())

    async def running(self, by: str, *, most: int) -> list[JobRow]:
        """The newest jobs that a person asked for and that are not over."""
        rows = (await self._connection.execute(RUNNING, {"by": by, "most": most})).mappings()
        return [JobRow.model_validate(row) for row in rows]

    async def _one(self, statement: TextClause, **values: object) -> JobRow | None:
        row = (await self._connection.execute(statement, values)).mappings().first()
        return JobRow.model_validate(row) if row else None

    async def _changed(self, statement: TextClause, job: JobRow, **values: object) -> bool:
        leased = {"id": job.id, "lease": job.leased_by}
        reply = await self._connection.execute(statement, leased | values)
        return reply.first() is not None
