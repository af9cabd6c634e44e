"""Interaction keys: what makes a second delivery of the same thing have no second effect."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.tables import DOCUMENT, Table, instant


class InteractionRow(Table, table=True):
    """An interaction that had an effect, and the reply that was given."""

    __tablename__ = "interactions"

    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    digest: bytes
    actor: str
    reply: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)
    at: datetime = instant(now=True)


@dataclass(frozen=True, slots=True)
class InteractionKey:
    """Names one interaction: its kind, Slack's id of it, and a digest of what it carried."""

    kind: str
    id: str
    digest: bytes

    @classmethod
    def of(cls, kind: str, identity: str, payload: bytes) -> "InteractionKey":
        """The key of an interaction that arrived with this payload."""
        return cls(kind, identity, hashlib.sha256(payload).digest())


class AlreadyDone(Exception):
    """The interaction was committed before; `reply` is what was answered then."""

    def __init__(self, reply: dict[str, Any] | None, *, same_payload: bool) -> None:
        super().__init__("this interaction was committed before")
        self.reply = reply
        self.same_payload = same_payload


class Interactions:
    """The keys of interactions that had an effect."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def claim(self, key: InteractionKey, actor: str) -> None:
        """Take a key, waiting for whoever holds it uncommitted; AlreadyDone where it was committed."""
        claim = text("""
            INSERT INTO interactions (kind, id, digest, actor) VALUES (:kind, :id, :digest, :actor)
            ON CONFLICT DO NOTHING RETURNING id
        """)
        row = {"kind": key.kind, "id": key.id, "digest": key.digest, "actor": actor}
        if (await self._connection.execute(claim, row)).first() is None:
            await self.recall(key)

    async def recall(self, key: InteractionKey) -> None:
        """AlreadyDone where the key was committed, for who wants to know before the work is done again."""
        query = text("SELECT digest, reply FROM interactions WHERE kind = :kind AND id = :id")
        row = (await self._connection.execute(query, {"kind": key.kind, "id": key.id})).first()
        if row:
            raise AlreadyDone(row.reply, same_payload=row.digest == key.digest)

    async def record(self, key: InteractionKey, reply: dict[str, Any]) -> None:
        """Keep the reply, to be given again when the same interaction comes again."""
        statement = text(
            "UPDATE interactions SET reply = :reply WHERE kind = :kind AND id = :id"
        ).bindparams(bindparam("reply", type_=DOCUMENT))
        await self._connection.execute(statement, {"kind": key.kind, "id": key.id, "reply": reply})

    async def forget_older_than(self, days: int) -> int:
        """Delete keys that nothing will repeat any more; returns how many."""
        statement = text("DELETE FROM interactions WHERE at < now() - make_interval(days => :days)")
        return (await self._connection.execute(statement, {"days": days})).rowcount
