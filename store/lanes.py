"""Lanes as the courier sees them: who may send next, where, and what became of it.

Whoever locks both a lane and its messages locks the lane first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Interval, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.lane_heads import TAKE
from store.outbox import ADVANCE, State

TURN_WITHIN = 1 / 30
"""The part of a lease in which its turn must come: what waits for longer should wait unleased."""


class Errand(StrEnum):
    """What is to be done with the message at the head of a lane."""

    send = "send"
    look = "look"
    update = "update"
    settle = "settle"


SOUGHT = (Errand.look, Errand.settle)
"""Errands that send nothing: a message is looked for."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """The message at the head of a leased lane, and what is known of earlier tries.

    `lease` is this one taking of the lane; `turn_in` are the seconds until the workspace may hear it;
    `stands_at` is the ts of the message that it updates, `thread_ts` of the one that it, or the one that
    it updates, replies to. `sought` is the message to be looked for, last sent at `tried_at`: this one,
    or an earlier one whose place it takes, of which nobody knows whether it arrived. `belongs_to` are
    the words of what it replies to, where that stands nowhere and the reply by itself.
    """

    id: UUID
    lane: str
    number: int
    fallback: str
    blocks: list[dict[str, Any]]
    thread_ts: str | None
    belongs_to: str | None
    is_broadcast: bool
    cause: str
    said_by: str
    tries: int
    looks: int
    sought: UUID
    tried_at: datetime
    stands_at: str | None
    errand: Errand
    lease: UUID
    turn_in: float


# The pace is held from here on: turns that it allows now must not be put off before they are taken.
LEASE = text("""
    WITH free AS (
        SELECT channel FROM lanes
        WHERE last_number > done_number AND free_at <= now()
          AND (leased_until IS NULL OR leased_until <= now())
        ORDER BY free_at
        LIMIT coalesce((
            SELECT least(:most, greatest(0, ceil(
                extract(epoch FROM clock_timestamp() + :ahead - greatest(next_at, clock_timestamp()))
                / extract(epoch FROM :interval)
            )))::bigint
            FROM pace WHERE EXISTS (
                SELECT FROM lanes WHERE last_number > done_number AND free_at <= now()
                    AND (leased_until IS NULL OR leased_until <= now())
            ) FOR UPDATE
        ), 0)
        FOR UPDATE SKIP LOCKED
    )
    UPDATE lanes SET leased_by = :lease, leased_until = now() + :duration
    FROM free WHERE lanes.channel = free.channel RETURNING lanes.channel
""").bindparams(*(bindparam(name, type_=Interval) for name in ("ahead", "interval", "duration")))

PACE = text("""
    UPDATE pace SET next_at = greatest(next_at, clock_timestamp()) + :turns
    RETURNING extract(epoch FROM next_at - :turns - clock_timestamp())
""").bindparams(bindparam("turns", type_=Interval))

HUSH = text("""
    UPDATE pace SET next_at = greatest(next_at, clock_timestamp() + :pause)
""").bindparams(bindparam("pause", type_=Interval))

TIME_LEFT = text("""
    SELECT leased_until - clock_timestamp() FROM lanes WHERE channel = :lane AND leased_by = :lease
""")

HOLD = text("SELECT leased_by FROM lanes WHERE channel = :lane FOR UPDATE")

END = text("""
    UPDATE outbox SET state = :state, ts = :ts, problem = :problem, ended_at = now()
    WHERE id = :id AND ended_at IS NULL RETURNING number
""")

KEEP = text("""
    UPDATE outbox SET state = :state, looks = looks + :failed_looks, problem = :problem
    WHERE id = :id AND ended_at IS NULL
""")

LOSE = text("""
    UPDATE outbox AS said SET ts = NULL FROM outbox AS parcel
    WHERE parcel.id = :id AND said.ts = :gone
        AND (said.id = parcel.updates OR said.updates = parcel.updates)
""")

SETTLE = text("""
    UPDATE outbox SET state = :state, ts = :ts, problem = :problem
    WHERE id = :id AND state = 'uncertain'
""")

LOSE_ROOT = text("""
    UPDATE outbox AS said SET ts = nullif(said.ts, :gone), thread_ts = nullif(said.thread_ts, :gone)
    FROM outbox AS parcel JOIN outbox AS first ON first.id = coalesce(parcel.updates, parcel.id)
    WHERE parcel.id = :id
        AND (said.id IN (first.id, first.thread_of) OR said.updates = first.thread_of)
""")

FREE = text("""
    UPDATE lanes SET free_at = now() + :pause, leased_by = NULL, leased_until = NULL
    WHERE channel = :lane AND leased_by = :lease
""").bindparams(bindparam("pause", type_=Interval))


class Lanes:
    """The courier's side of the outbox. Times are the database's, the same for all replicas."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lease(self, *, most: int, duration: timedelta, interval: timedelta) -> list[Parcel]:
        """Take up to `most` free lanes and mark their first messages as being sent.

        A message that another courier was sending when its lease ran out is not sent but looked for;
        an update is made again, for twice is as good as once. One whose message stands nowhere is
        sent in its place, once that is known of each that was tried. Each that goes to Slack gets a
        turn in the whole workspace's pace, `interval` apart.
        """
        lease = uuid4()
        values = {"most": most, "lease": lease, "duration": duration, "interval": interval}
        free = await self._connection.execute(LEASE, values | {"ahead": duration * TURN_WITHIN})
        channels = list(free.scalars())
        if not channels:
            return []
        # A statement of its own: it must see what was said while the first one waited for a lane.
        rows = (await self._connection.execute(TAKE, {"channels": channels})).mappings().all()
        to_send = [row for row in rows if row["errand"] not in SOUGHT]
        to_find = [row for row in rows if row["errand"] in SOUGHT]
        first = await self._turns(len(to_send), interval)
        turns = [first + position * interval.total_seconds() for position in range(len(to_send))]
        return [
            Parcel(**{**row, "errand": Errand(row["errand"])}, lease=lease, turn_in=turn)
            for row, turn in zip(to_send + to_find, turns + [0.0] * len(to_find), strict=True)
        ]

    async def time_left(self, parcel: Parcel) -> timedelta:
        """How long the parcel's lease still holds; nothing once another has the lane."""
        values = {"lane": parcel.lane, "lease": parcel.lease}
        left = (await self._connection.execute(TIME_LEFT, values)).scalar_one_or_none()
        return max(left or timedelta(), timedelta())

    async def end(
        self,
        parcel: Parcel,
        state: State,
        *,
        pause: timedelta,
        ts: str | None = None,
        problem: str | None = None,
    ) -> bool:
        """Note how a message ended and free its lane after `pause`; False where that changes nothing.

        A courier that comes after its lease ran out is believed only when it delivered: what else it
        knows is older than what the one who has the lane now will find out.
        """
        if not await self._holds(parcel) and state is not State.delivered:
            return False
        values = {"id": parcel.id, "state": state, "ts": ts, "problem": problem}
        number = (await self._connection.execute(END, values)).scalar_one_or_none()
        if number is not None:
            await self._connection.execute(ADVANCE, {"lane": parcel.lane})
        await self._free(parcel, pause)
        return number is not None

    async def again(
        self,
        parcel: Parcel,
        state: State,
        *,
        pause: timedelta,
        problem: str | None = None,
        failed_looks: int = 0,
    ) -> None:
        """Leave a message at the head of its lane, to be taken up again after `pause`.

        Nothing happens where the lease ran out and another has the lane.
        """
        if not await self._holds(parcel):
            return
        values = {"id": parcel.id, "state": state, "problem": problem}
        await self._connection.execute(KEEP, values | {"failed_looks": failed_looks})
        await self._free(parcel, pause)

    async def lose(self, parcel: Parcel, *, problem: str) -> None:
        """Forget where the message stands that a parcel updates: it is gone, or is not to be changed.

        The parcel is sent in its place then, and later updates are of the one that was sent. Nothing
        happens where the lease ran out and another has the lane.
        """
        if not await self._holds(parcel):
            return
        values = {"id": parcel.id, "gone": parcel.stands_at}
        await self._connection.execute(LOSE, values)
        await self.again(parcel, State.waiting, pause=timedelta(), problem=problem)

    async def lose_root(self, parcel: Parcel, *, problem: str) -> None:
        """Forget where the message stands that a parcel replies to: it is gone, and its thread with it.

        The parcel is sent by itself then, and so is whatever replies to the same message. Nothing
        happens where the lease ran out and another has the lane.
        """
        if not await self._holds(parcel):
            return
        values = {"id": parcel.id, "gone": parcel.thread_ts}
        await self._connection.execute(LOSE_ROOT, values)
        await self.again(parcel, State.waiting, pause=timedelta(), problem=problem)

    async def settle(self, parcel: Parcel, *, ts: str | None, problem: str | None = None) -> None:
        """Note where what the parcel sought stands (at `ts`), or that it never arrived, and go on.

        What never arrived is superseded: the parcel is said in its place. Nothing happens where the
        lease ran out and another has the lane.
        """
        if not await self._holds(parcel):
            return
        state = State.delivered if ts else State.superseded
        values = {"id": parcel.sought, "state": state, "ts": ts, "problem": problem}
        await self._connection.execute(SETTLE, values)
        await self.again(parcel, State.waiting, pause=timedelta())

    async def hush(self, pause: timedelta) -> None:
        """Let nobody in the whole workspace take a turn before `pause` is over."""
        await self._connection.execute(HUSH, {"pause": pause})

    async def _turns(self, count: int, interval: timedelta) -> float:
        """Take turns in the whole workspace's pace; returns the seconds until the first."""
        if not count:
            return 0.0
        reply = await self._connection.execute(PACE, {"turns": count * interval})
        return max(0.0, float(reply.scalar_one()))

    async def _holds(self, parcel: Parcel) -> bool:
        """Lock the lane; whether it is still this parcel's lease that has it."""
        reply = await self._connection.execute(HOLD, {"lane": parcel.lane})
        return bool(reply.scalar_one() == parcel.lease)

    async def _free(self, parcel: Parcel, pause: timedelta) -> None:
        values = {"lane": parcel.lane, "lease": parcel.lease, "pause": pause}
        await self._connection.execute(FREE, values)
