"""Messages that must arrive: rows written with what made them true, numbered in the lane of their channel."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, UniqueConstraint

from store.tables import DOCUMENT, Table, instant


class State(StrEnum):
    """What is known of a message. The last four are ends."""

    waiting = "waiting"
    sending = "sending"
    unknown = "unknown"
    delivered = "delivered"
    superseded = "superseded"
    failed = "failed"
    uncertain = "uncertain"


class LaneRow(Table, table=True):
    """The queue of one channel (or of one person's DM): its messages leave in the order of their numbers."""

    __tablename__ = "lanes"
    __table_args__ = (
        Index("lanes_free_index", "free_at", postgresql_where=text("last_number > done_number")),
    )

    channel: str = Field(primary_key=True)
    last_number: int = Field(
        default=0, sa_type=BigInteger, description="of the newest message said"
    )
    done_number: int = Field(
        default=0,
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": "0"},
        description="of the last one that ended",
    )
    free_at: datetime = instant(now=True)
    leased_by: UUID | None = Field(default=None, description="one taking of the lane")
    leased_until: datetime | None = instant(nullable=True)


class OutboxRow(Table, table=True):
    """One message on its way to a lane, and what became of it."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("lane", "number"),
        Index("outbox_updates_index", "updates", postgresql_where=text("updates IS NOT NULL")),
        Index(
            "outbox_thread_of_index", "thread_of", postgresql_where=text("thread_of IS NOT NULL")
        ),
        Index(
            "outbox_trouble_index",
            "ended_at",
            postgresql_where=text("state IN ('failed', 'uncertain')"),
        ),
    )

    id: UUID = Field(primary_key=True)
    lane: str = Field(foreign_key="lanes.channel")
    number: int = Field(sa_type=BigInteger)
    fallback: str
    blocks: list[dict[str, Any]] = Field(sa_type=DOCUMENT)
    thread_ts: str | None = None
    thread_of: UUID | None = Field(
        default=None, foreign_key="outbox.id", description="the message that it is a reply to"
    )
    is_broadcast: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": "false"},
        description="a reply that is shown in the channel too",
    )
    updates: UUID | None = Field(
        default=None, foreign_key="outbox.id", description="the message that it replaces"
    )
    cause: str
    said_by: str
    state: State = Field(
        default=State.waiting,
        sa_type=Text,
        sa_column_kwargs={"server_default": State.waiting.value},
    )
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    looks: int = Field(
        default=0,
        sa_column_kwargs={"server_default": "0"},
        description="failed looks for it in the channel",
    )
    tried_at: datetime | None = instant(nullable=True)
    ts: str | None = None
    problem: str | None = None
    said_at: datetime = instant(now=True)
    ended_at: datetime | None = instant(nullable=True)


class PaceRow(Table, table=True):
    """When the workspace as a whole may hear the next message: one row, shared by all replicas."""

    __tablename__ = "pace"

    id: int = Field(default=1, primary_key=True)
    next_at: datetime = instant(now=True)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A message that did not arrive, or of which that is not known: to whom, and why (Slack's word)."""

    lane: str
    state: State
    problem: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said: words for notifications, blocks for reading, and what caused it.

    `to` is a Slack channel id, or a person's id for a direct message. With `updates`, the id of a
    message said there before, it takes that one's place, as do those said after it; of several that
    wait, only the newest is shown. With `thread_of`, the id of a message said there before, it is a
    reply to that one; where that never arrived, it stands by itself. A reply that `is_broadcast` is
    shown in the channel too: who only follows the channel would not notice it otherwise.
    """

    to: str
    fallback: str
    blocks: Sequence[dict[str, Any]]
    cause: str
    thread_ts: str | None = None
    thread_of: UUID | None = None
    is_broadcast: bool = False
    updates: UUID | None = None
    id: UUID = field(default_factory=uuid4)


SUPERSEDE = text("""
    UPDATE outbox SET state = 'superseded', ended_at = now()
    WHERE lane = :lane AND updates = ANY(:replaced) AND state = 'waiting'
""").bindparams(bindparam("replaced", type_=ARRAY(Uuid)))

ADVANCE = text("""
    UPDATE lanes SET done_number = coalesce((
        SELECT min(number) - 1 FROM outbox
        WHERE lane = channel AND number > done_number AND ended_at IS NULL
    ), last_number) WHERE channel = :lane
""")
"""Step past what has ended, superseded messages too. Whoever runs it has the lane locked."""


class Outbox:
    """Says messages: the last thing a transaction does."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def say(self, messages: Sequence[Message], *, by: str) -> None:
        """Number the messages in their lanes and keep them.

        Lanes are locked in the order of their names, and only here, so that two transactions cannot
        wait for each other; a lane stays locked until the commit, so that number means order. Of
        several updates of one message only the last is said, in its own place; a message that was
        said in this transaction says it itself.
        """
        by_lane: dict[str, list[Message]] = defaultdict(list)
        for message in _newest(messages):
            by_lane[message.to].append(message)
        for lane in sorted(by_lane):
            await self._append(lane, by_lane[lane], by)

    async def hold(self, lanes: Iterable[str]) -> None:
        """Lock lanes in the same order, before a transaction touches one of them and says more."""
        for lane in sorted(set(lanes)):
            await self._lock(lane, more=0)

    async def step_on(self, lanes: Iterable[str]) -> None:
        """Step past what has ended in lanes that are held, without having been sent."""
        for lane in lanes:
            await self._connection.execute(ADVANCE, {"lane": lane})

    async def waiting(self) -> int:
        """How many messages have not ended."""
        query = text("SELECT coalesce(sum(last_number - done_number), 0) FROM lanes")
        return int((await self._connection.execute(query)).scalar_one())

    async def troubles(self, *, days: int, most: int) -> tuple[list[Trouble], int]:
        """The newest messages that failed or are uncertain since so many days; and how many."""
        query = text("""
            SELECT lane, state, coalesce(problem, '') AS problem, count(*) OVER () AS total
            FROM outbox WHERE state IN ('failed', 'uncertain')
            AND ended_at > now() - make_interval(days => :days)
            ORDER BY ended_at DESC LIMIT :most
        """)
        rows = (await self._connection.execute(query, {"days": days, "most": most})).all()
        troubles = [Trouble(row.lane, State(row.state), row.problem) for row in rows]
        return troubles, rows[0].total if rows else 0

    async def _append(self, lane: str, messages: Sequence[Message], by: str) -> None:
        first = await self._lock(lane, more=len(messages)) - len(messages) + 1
        replaced = {message.updates for message in messages} - {None}
        rows = [
            {
                "id": message.id,
                "lane": lane,
                "number": first + position,
                "fallback": message.fallback,
                "blocks": list(message.blocks),
                "thread_ts": message.thread_ts,
                "thread_of": message.thread_of,
                "is_broadcast": message.is_broadcast,
                "updates": message.updates,
                "cause": message.cause,
                "said_by": by,
            }
            for position, message in enumerate(messages)
        ]
        if replaced:
            # What nobody has seen yet is said better now.
            values = {"lane": lane, "replaced": list(replaced)}
            await self._connection.execute(SUPERSEDE, values)
        await self._connection.execute(insert(OutboxRow), rows)
        if replaced:
            await self._connection.execute(ADVANCE, {"lane": lane})

    async def _lock(self, lane: str, *, more: int) -> int:
        """Lock a lane, made if need be, until the commit; returns the number of its newest message."""
        statement = text("""
            INSERT INTO lanes (channel, last_number) VALUES (:lane, :more)
            ON CONFLICT (channel) DO UPDATE SET last_number = lanes.last_number + :more
            RETURNING last_number
        """)
        reply = await self._connection.execute(statement, {"lane": lane, "more": more})
        return int(reply.scalar_one())


def _newest(messages: Sequence[Message]) -> Iterable[Message]:
    """Each message as the last of its updates has it: nobody could ever see those before it."""
    newest = {message.updates: message for message in messages if message.updates}
    said = {message.id for message in messages}
    for each in messages:
        if each.id in newest:
            yield replace(each, fallback=newest[each.id].fallback, blocks=newest[each.id].blocks)
        elif not each.updates or (each.updates not in said and newest[each.updates] is each):
            yield each
