"""What people ask a sender for: a new link to what expired, or access to what is not theirs."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.driver import all_found, looked_up
from store.tables import Table, instant


class Asked(StrEnum):
    """What is asked for."""

    new_link = "new link"
    access = "access"


class Decision(StrEnum):
    """What the sender said."""

    given = "given"
    declined = "declined"


class AccessRequestRow(Table, table=True):
    """A request to the sender of a file, by a recipient or by who only has an address."""

    __tablename__ = "access_requests"
    __table_args__ = (
        CheckConstraint("recipient_id IS NOT NULL OR email IS NOT NULL", name="asker"),
        Index(
            "access_requests_open_key",
            "file_id",
            "kind",
            text("coalesce(recipient_id::text, lower(email))"),
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    file_id: UUID = Field(foreign_key="shared_files.id")
    delivery_id: UUID | None = Field(default=None, foreign_key="deliveries.id")
    recipient_id: UUID | None = Field(default=None, foreign_key="recipients.id")
    email: str | None = None
    kind: Asked = Field(sa_type=Text)
    asked_at: datetime = instant()
    """Business time, as `decided_at`."""
    decided_at: datetime | None = instant(nullable=True)
    decided_by: str | None = None
    decision: Decision | None = Field(default=None, sa_type=Text)


ASK = """
    INSERT INTO access_requests (id, file_id, delivery_id, recipient_id, email, kind, asked_at)
    VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6)
    ON CONFLICT (file_id, kind, coalesce(recipient_id::text, lower(email)))
        WHERE decided_at IS NULL
    DO UPDATE SET delivery_id = coalesce(access_requests.delivery_id, excluded.delivery_id)
    RETURNING access_requests.*, old.id IS NULL AS is_new
"""
ONE = "SELECT * FROM access_requests WHERE id = $1"
DECLINED_SINCE = """
    SELECT 1 FROM access_requests
    WHERE file_id = $1 AND kind = $2 AND decision = 'declined' AND decided_at > $5
        AND coalesce(recipient_id::text, lower(email)) = coalesce($3::uuid::text, lower($4))
    LIMIT 1
"""
DECIDE = """
    UPDATE access_requests SET decided_by = $2, decision = $3, decided_at = $4
    WHERE id = $1 AND decided_at IS NULL RETURNING id
"""
OPEN_FOR = """
    SELECT access_requests.* FROM access_requests JOIN shared_files ON shared_files.id = file_id
    WHERE decided_at IS NULL AND uploaded_by = $1 ORDER BY asked_at, access_requests.id
"""


class AccessRequests:
    """What senders are asked for. Times are business time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def ask(
        self,
        file_id: UUID,
        kind: Asked,
        at: datetime,
        *,
        delivery_id: UUID | None = None,
        recipient_id: UUID | None = None,
        email: str | None = None,
    ) -> tuple[AccessRequestRow, bool]:
        """Keep a request, or find the same one that is open; and whether it is new.

        Of a recipient and an address, the recipient is who asks.
        """
        row = await looked_up(
            self._connection, ASK, file_id, delivery_id, recipient_id, email, str(kind), at
        )
        found = dict(row)
        is_new: bool = found.pop("is_new")
        return AccessRequestRow.model_validate(found), is_new

    async def declined_since(
        self, file_id: UUID, kind: Asked, at: datetime, *, recipient_id: UUID | None, email: str
    ) -> bool:
        """Whether who asks, a recipient or an address, was declined the same after a moment."""
        values = (file_id, str(kind), recipient_id, email, at)
        return await looked_up(self._connection, DECLINED_SINCE, *values) is not None

    async def get(self, request: UUID, *, for_change: bool = False) -> AccessRequestRow | None:
        """One request; `for_change` has others who decide it wait until the commit."""
        query = ONE + (" FOR UPDATE" if for_change else "")
        row = await looked_up(self._connection, query, request)
        return AccessRequestRow.model_validate(dict(row)) if row else None

    async def decide(self, request: UUID, by: str, decision: Decision, at: datetime) -> bool:
        """Keep what was decided; False where somebody decided before."""
        return await looked_up(self._connection, DECIDE, request, by, str(decision), at) is not None

    async def open_for(self, sender: str) -> list[AccessRequestRow]:
        """What waits for a sender, the oldest first."""
        rows = await all_found(self._connection, OPEN_FOR, sender)
        return [AccessRequestRow.model_validate(dict(row)) for row in rows]
