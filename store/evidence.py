"""Evidence: what is known to have happened to a delivery, noted as it happens, or read from its messages."""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.receipts import DAILY, GRADES, Evidence, Grade, Kind, Refusal
from store.driver import all_found, looked_up

OF_FILES = "SELECT id FROM deliveries WHERE file_id = ANY ($1)"
NOTED = """
    SELECT delivery_id, kind, evidence.at, evidence.by, why, times, last_at
    FROM delivery_evidence AS evidence
    JOIN deliveries ON deliveries.id = delivery_id WHERE file_id = ANY ($1)
"""
SLACK_TOLD = """
    SELECT deliveries.id, said.state, made_at + (said.ended_at - first.said_at) AS at
    FROM deliveries JOIN outbox AS first ON first.id = message_id CROSS JOIN LATERAL (
        SELECT state, ended_at FROM outbox
        WHERE (outbox.id = message_id OR updates = message_id) AND state IN ('delivered', 'failed')
        ORDER BY state, ended_at LIMIT 1
    ) AS said
    WHERE file_id = ANY ($1)
"""
"""A message that was said better before it was sent arrived when that one did.

Business time moves, and what is proven does not: it counts from when the delivery was made."""
MAIL_TOLD = """
    SELECT deliveries.id, sent_at IS NULL AS failed,
        deliveries.made_at + (coalesce(sent_at, failed_at) - mails.made_at) AS at
    FROM deliveries JOIN mails ON mails.id = mail_id
    WHERE file_id = ANY ($1) AND coalesce(sent_at, failed_at) IS NOT NULL
"""
ONCE_MORE = """
    ON CONFLICT (delivery_id, kind, by, why, day) DO UPDATE
    SET times = delivery_evidence.times + 1,
        last_at = greatest(delivery_evidence.last_at, excluded.last_at)
"""
"""What was noted before is counted."""
NOTE = f"""
    INSERT INTO delivery_evidence (delivery_id, kind, at, last_at, by, why, day, via, agent)
    VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8) {ONCE_MORE}
"""
NOTE_HOURLY = NOTE + "WHERE delivery_evidence.last_at <= excluded.last_at - interval '1 hour'"
"""Whoever has a link may fetch it as often as they like: not each time is worth a commit."""
GRADES_OF = """
    SELECT delivery_id, kind FROM delivery_evidence WHERE delivery_id = ANY ($1) AND by = $2
"""
WAS_ISSUED = """
    SELECT FROM delivery_evidence WHERE delivery_id = $1 AND kind = 'issued' AND by = $2
"""


class DeliveryEvidence:
    """What is proven of deliveries. Times are business time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_files(self, file_ids: Collection[UUID]) -> dict[UUID, list[Evidence]]:
        """What is proven of each delivery of these files: what was noted, and whether they were told.

        Deliveries of which nothing is known are there too, with nothing.
        """
        files = list(file_ids)
        found: dict[UUID, list[Evidence]] = defaultdict(list)
        for row in await all_found(self._connection, OF_FILES, files):
            found[row["id"]] = []
        for row in await all_found(self._connection, SLACK_TOLD, files):
            arrived = row["state"] == "delivered"
            told = Evidence(Kind.notified if arrived else Kind.undelivered, row["at"])
            found[row["id"]].append(told)
        for row in await all_found(self._connection, MAIL_TOLD, files):
            told = Evidence(Kind.undelivered if row["failed"] else Kind.notified, row["at"])
            found[row["id"]].append(told)
        for row in await all_found(self._connection, NOTED, files):
            by = str(row["by"]) if row["by"] else None
            why = Refusal(row["why"]) if row["why"] else None
            noted = Evidence(Kind(row["kind"]), row["at"], by, why, row["times"], row["last_at"])
            found[row["delivery_id"]].append(noted)
        return dict(found)

    async def note(
        self,
        delivery_id: UUID,
        kind: Kind,
        at: datetime,
        *,
        by: UUID | None = None,
        why: Refusal | None = None,
        via: str = "",
        agent: str = "",
    ) -> None:
        """Keep evidence, or count once more what is kept; raises UnprovenEvidence.

        That is where it needs who proved to have done it.
        """
        Evidence(kind, at, str(by) if by else None, why)
        values = (delivery_id, kind, at, by, why, _day_of(kind, at), via, agent)
        await all_found(self._connection, NOTE, *values)

    async def note_fetched(
        self, delivery_id: UUID, at: datetime, *, via: str = "", agent: str = ""
    ) -> None:
        """Keep that a link was fetched by nobody knows whom; counted at most once in an hour."""
        kind = Kind.fetched
        values = (delivery_id, kind, at, None, None, _day_of(kind, at), via, agent)
        await all_found(self._connection, NOTE_HOURLY, *values)

    async def grades_of(
        self, recipient_id: UUID, delivery_ids: Collection[UUID]
    ) -> dict[UUID, Grade]:
        """What a recipient did themselves with each of these deliveries, at most; no more than that."""
        found: dict[UUID, Grade] = {}
        for row in await all_found(self._connection, GRADES_OF, list(delivery_ids), recipient_id):
            grade = GRADES.get(Kind(row["kind"]), Grade.untold)
            found[row["delivery_id"]] = max(grade, found.get(row["delivery_id"], Grade.untold))
        return found

    async def was_issued(self, delivery_id: UUID, recipient_id: UUID) -> bool:
        """Whether a download of this delivery's file was given to a recipient."""
        return await looked_up(self._connection, WAS_ISSUED, delivery_id, recipient_id) is not None


def _day_of(kind: Kind, at: datetime) -> date | None:
    return at.astimezone(UTC).date() if kind in DAILY else None
