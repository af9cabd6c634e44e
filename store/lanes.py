"""Lanes as the courier sees them: who may send next, where, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Interval, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.outbox import State


class Errand(StrEnum):
    """What is to be done with the message at the head of a lane."""

    send = "send"
    look = "look"


@dataclass(frozen=True, slots=True)
class Parcel:
    """The message at the head of a leased lane, and what is known of earlier tries."""

    id: UUID
    lane: str
    number: int
    fallback: str
    blocks: list[dict[str, Any]]
    thread_ts: str | None
    cause: str
    said_by: str
    tries: int
    looks: int
    tried_at: datetime
    errand: Errand


LEASE = text("""
    WITH free AS (
        SELECT channel FROM lanes
        WHERE last_number > done_number AND free_at <= now()
          AND (leased_until IS NULL OR leased_until < now())
        ORDER BY free_at LIMIT :most FOR UPDATE SKIP LOCKED
    ), leased AS (
        UPDATE lanes SET leased_by = :courier, leased_until = now() + :lease
        FROM free WHERE lanes.channel = free.channel
        RETURNING lanes.channel, lanes.done_number
    )
    UPDATE outbox SET
        state = CASE WHEN outbox.state = 'waiting' THEN 'sending' ELSE 'unknown' END,
        tries = tries + CASE WHEN outbox.state = 'waiting' THEN 1 ELSE 0 END,
        tried_at = CASE WHEN outbox.state = 'waiting' THEN now() ELSE tried_at END
    FROM leased WHERE outbox.lane = leased.channel AND outbox.number = leased.done_number + 1
    RETURNING outbox.id, lane, number, fallback, blocks, thread_ts, cause, said_by, tries, looks,
        tried_at, CASE WHEN old.state = 'waiting' THEN 'send' ELSE 'look' END AS errand
""").bindparams(bindparam("lease", type_=Interval))

ENDED = text("""
    WITH ended AS (
        UPDATE outbox SET state = :state, ts = :ts, problem = :problem, ended_at = now()
        WHERE id = :id AND state IN ('sending', 'unknown') RETURNING lane, number
    )
    UPDATE lanes SET done_number = ended.number, free_at = now() + :pause,
        leased_by = NULL, leased_until = NULL
    FROM ended WHERE channel = ended.lane
""").bindparams(bindparam("pause", type_=Interval))

AGAIN = text("""
    WITH kept AS (
        UPDATE outbox SET state = :state, looks = looks + :failed_looks, problem = :problem
        WHERE id = :id AND state IN ('sending', 'unknown') RETURNING lane
    )
    UPDATE lanes SET free_at = now() + :pause,
        leased_by = NULL, leased_until = NULL
    FROM kept WHERE channel = kept.lane AND leased_by = :courier
""").bindparams(bindparam("pause", type_=Interval))

PACE = text("""
    UPDATE pace SET next_at = greatest(next_at, now()) + :interval
    RETURNING extract(epoch FROM next_at - :interval - now())
""").bindparams(bindparam("interval", type_=Interval))


class Lanes:
    """The courier's side of the outbox. Times are the database's, the same for all replicas."""

    def __init__(self, connection: AsyncConnection, courier: UUID) -> None:
        self._connection = connection
        self._courier = courier

    async def lease(self, *, most: int, lease: timedelta) -> list[Parcel]:
        """Take up to `most` free lanes and mark their first messages as being sent.

        A message that another courier was sending when its lease ran out is not sent but looked for.
        """
        values = {"most": most, "courier": self._courier, "lease": lease}
        rows = await self._connection.execute(LEASE, values)
        return [Parcel(**{**row._mapping, "errand": Errand(row.errand)}) for row in rows]  # noqa: SLF001 - SQLAlchemy's public way to a row's names

    async def end(
        self,
        parcel: Parcel,
        state: State,
        *,
        pause: timedelta,
        ts: str | None = None,
        problem: str | None = None,
    ) -> None:
        """Note how a message ended and free its lane after `pause`."""
        values = {"id": parcel.id, "state": state, "ts": ts, "problem": problem, "pause": pause}
        await self._connection.execute(ENDED, values)

    async def again(
        self,
        parcel: Parcel,
        state: State,
        *,
        pause: timedelta,
        problem: str | None = None,
        failed_looks: int = 0,
    ) -> None:
        """Leave a message at the head of its lane, to be taken up again after `pause`."""
        values = {
            "id": parcel.id,
            "state": state,
            "pause": pause,
            "problem": problem,
            "failed_looks": failed_looks,
            "courier": self._courier,
        }
        await self._connection.execute(AGAIN, values)

    async def turn(self, interval: timedelta) -> float:
        """Take a turn in the whole workspace's pace; returns the seconds to wait for it."""
        waiting = (await self._connection.execute(PACE, {"interval": interval})).scalar_one()
        return max(0.0, float(waiting))
