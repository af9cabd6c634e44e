"""The audit line by line, as it is exported."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

EXPORTED = "exported"
ABOUT_FILES = ("file%", "space%", "organisation%", "% a space", "% the portal")
"""What actions are like that have to do with files for customers."""
AT_A_TIME = 5_000

AFTER = text("""
    SELECT id, at, actor, action, subject, before, after, reason, seal
    FROM audit LEFT JOIN audit_sealed ON audit_id = audit.id
    WHERE id > :last AND (:everything OR action LIKE ANY(:actions))
    ORDER BY id LIMIT :most
""").bindparams(bindparam("actions", type_=ARRAY(Text)))

KNOWN = text("""
    SELECT EXISTS (SELECT FROM audit WHERE action = :action AND after ->> 'chain' = :chain)
""")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One change that was written down, and the number of the seal that holds it, if any does yet."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str | None
    seal: int | None


class AuditLines:
    """Reads the audit, whole or what of it is about files; and knows what was exported."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self, *, files_only: bool = False) -> AsyncIterator[AuditLine]:
        """Every line by its number, some at a time: a long audit needs no more memory than a short one."""
        last = 0
        while True:
            given = {
                "last": last,
                "everything": not files_only,
                "actions": list(ABOUT_FILES),
                "most": AT_A_TIME,
            }
            rows = (await self._connection.execute(AFTER, given)).all()
            for row in rows:
                yield AuditLine(*row)
            if len(rows) < AT_A_TIME:
                return
            last = rows[-1].id

    async def knows_export(self, chain: str) -> bool:
        """Whether a file was exported here that ends with this hash, in hexadecimal."""
        given = {"action": EXPORTED, "chain": chain}
        return bool((await self._connection.execute(KNOWN, given)).scalar_one())
