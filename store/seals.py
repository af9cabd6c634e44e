"""The audit's seal: committed rows hashed into linked batches, so that a change of the past shows."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.advisory_locks import Lock

GENESIS = bytes(32)

TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(:lock)")
UNSEALED = text("""
    SELECT id, at, actor, action, subject, before, after, reason FROM audit
    WHERE id > coalesce((
        SELECT max(audit_id) FROM audit_sealed WHERE seal = (
            SELECT max(number) FROM audit_seals WHERE sealed_at < now() - interval '1 hour')), 0)
      AND NOT EXISTS (SELECT FROM audit_sealed WHERE audit_id = audit.id)
    ORDER BY id LIMIT :most
""")
LEFT_OUT = text("""
    SELECT count(*) FROM audit
    WHERE NOT EXISTS (SELECT FROM audit_sealed WHERE audit_id = audit.id)
      AND (at < now() - interval '1 hour' OR id < (
        SELECT max(audit_id) FROM audit_sealed JOIN audit_seals ON number = seal
        WHERE sealed_at < now() - interval '1 hour'))
""")
WAITING = text("""
    SELECT count(*) AS rows, min(at) AS since FROM audit
    WHERE NOT EXISTS (SELECT FROM audit_sealed WHERE audit_id = audit.id)
""")
OF_SEAL = text("""
    SELECT id, at, actor, action, subject, before, after, reason
    FROM audit JOIN audit_sealed ON audit_id = audit.id WHERE seal = :number ORDER BY id
""")
ALL = text("SELECT number, rows, previous, hash, sealed_at FROM audit_seals ORDER BY number")
NEWEST = text("""
    SELECT number, rows, previous, hash, sealed_at FROM audit_seals
    WHERE :below IS NULL OR number < :below ORDER BY number DESC LIMIT 1
""").bindparams(bindparam("below", type_=BigInteger))
SEAL = text("""
    INSERT INTO audit_seals (number, rows, previous, hash)
    VALUES (:number, :rows, :previous, :hash)
    RETURNING number, rows, previous, hash, sealed_at
""")
SEALED = text("INSERT INTO audit_sealed (audit_id, seal) VALUES (:id, :seal)")


@dataclass(frozen=True, slots=True)
class Head:
    """A seal: its number, how many rows it holds, and the hash that stands for all up to it."""

    number: int
    rows: int
    previous: bytes
    hash: bytes
    sealed_at: datetime

    def to_json(self) -> bytes:
        """The head as it is written to S3."""
        facts = {
            "number": self.number,
            "rows": self.rows,
            "hash": self.hash.hex(),
            "sealed_at": self.sealed_at.isoformat(),
        }
        return json.dumps(facts, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that no seal holds yet, and when the oldest of them was written (aware)."""

    rows: int
    since: datetime


def head_key(number: int) -> str:
    """Where the head of the seal with this number is kept in S3."""
    return f"audit/{number:012}.json"


class Seals:
    """Seals the audit, and checks the seals."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def seal(self, *, most: int = 10_000) -> Head | None:
        """Seal what is committed and unsealed; None where there is nothing, or another is sealing.

        Rows are looked for behind what was sealed an hour ago: no transaction of the application
        lives longer (`store.session.STATEMENT_SECONDS`), so none can commit a lower id later.
        """
        locked = await self._connection.execute(TRY_LOCK, {"lock": Lock.sealing})
        if not locked.scalar_one():
            return None
        rows = (await self._connection.execute(UNSEALED, {"most": most})).all()
        if not rows:
            return None
        last = await anext(self.newest_first(), None)
        number, previous = (last.number + 1, last.hash) if last else (1, GENESIS)
        values = {
            "number": number,
            "rows": len(rows),
            "previous": previous,
            "hash": _digest(previous, rows),
        }
        head = (await self._connection.execute(SEAL, values)).mappings().one()
        await self._connection.execute(SEALED, [{"id": row.id, "seal": number} for row in rows])
        return Head(**head)

    async def newest_first(self) -> AsyncIterator[Head]:
        """All seals, each read when it is asked for."""
        below: int | None = None
        while head := (await self._connection.execute(NEWEST, {"below": below})).mappings().first():
            yield Head(**head)
            below = head["number"]

    async def all(self) -> list[Head]:
        """All seals, the first one first."""
        return [Head(**head) for head in (await self._connection.execute(ALL)).mappings()]

    async def waiting(self) -> Waiting | None:
        """What is not sealed yet; None where all is."""
        found = (await self._connection.execute(WAITING)).one()
        return Waiting(found.rows, found.since) if found.rows else None

    async def broken(self) -> list[str]:
        """What does not fit: seals whose rows or links were changed, and rows that no seal holds."""
        problems = []
        number, previous = 0, GENESIS
        for seal in await self.all():
            rows = (await self._connection.execute(OF_SEAL, {"number": seal.number})).all()
            if (seal.number, seal.previous) != (number + 1, previous):
                problems.append(f"Seal {seal.number} does not follow the seal before it.")
            if len(rows) != seal.rows:
                problems.append(f"Seal {seal.number} held {seal.rows} rows; {len(rows)} are left.")
            elif _digest(seal.previous, rows) != seal.hash:
                problems.append(f"A row of seal {seal.number} was changed.")
            number, previous = seal.number, seal.hash
        left_out = (await self._connection.execute(LEFT_OUT)).scalar_one()
        if left_out:
            problems.append(f"Older than an hour and in no seal: {left_out} rows.")
        return problems


def _digest(previous: bytes, rows: Iterable[Row[Any]]) -> bytes:
    digest = hashlib.sha256(previous)
    for row in rows:
        facts = [row.id, row.at.isoformat(), row.actor, row.action, row.subject]
        facts += [row.before, row.after, row.reason]
        digest.update(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode() + b"\n")
    return digest.digest()
