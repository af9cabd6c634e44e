"""The audit: who changed what, when and why; rows are only ever added, and sealed into a chain."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.driver import driver_of
from store.tables import DOCUMENT, Table, instant

APPEND = """
    INSERT INTO audit (actor, action, subject, before, after, reason)
    VALUES ($1, $2, $3, $4, $5, $6)
"""


class AuditRow(Table, table=True):
    """One change of a promise, decision, correction, release or role. Never updated, never deleted."""

    __tablename__ = "audit"

    id: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True),)
    )
    at: datetime = instant(now=True)
    actor: str
    action: str
    subject: str
    before: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)
    after: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)
    reason: str | None = None


class SealRow(Table, table=True):
    """A batch of audit rows, hashed together with the batch before it."""

    __tablename__ = "audit_seals"

    number: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    rows: int
    previous: bytes
    hash: bytes
    sealed_at: datetime = instant(now=True)


class SealedRow(Table, table=True):
    """Which seal holds an audit row."""

    __tablename__ = "audit_sealed"

    audit_id: int = Field(
        primary_key=True,
        foreign_key="audit.id",
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    seal: int = Field(foreign_key="audit_seals.number", index=True, sa_type=BigInteger)


@dataclass(frozen=True, slots=True)
class Change:
    """What a transaction changed, to be appended to the audit when it commits."""

    action: str
    subject: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    reason: str | None = None


async def append(connection: AsyncConnection, changes: Iterable[Change], *, actor: str) -> None:
    """Append changes to the audit, in their order."""
    rows = [
        (
            actor,
            change.action,
            change.subject,
            _document(change.before),
            _document(change.after),
            change.reason,
        )
        for change in changes
    ]
    await (await driver_of(connection)).executemany(APPEND, rows)


def _document(value: dict[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value)
