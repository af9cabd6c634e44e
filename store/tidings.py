"""Tidings: what a person is to hear of one cause, kept until it was told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, TextClause, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, col

from rules.following import News, Pace, Subject
from store.tables import DOCUMENT, Table, instant

MOST_KEPT = 1_000
"""So many pieces of news are kept of one cause for one person; of more, how many there are."""


ANNOUNCED = "announced"
"""What the causes begin with of what announcements told others."""


class TidingRow(Table, table=True):
    """What one person hears of one cause. Told by a message, or not yet. Times are business time."""

    __tablename__ = "tidings"
    __table_args__ = (
        Index("tidings_due_at_index", "due_at", postgresql_where=text("message_id IS NULL")),
    )

    person_id: str = Field(primary_key=True)
    cause: str = Field(primary_key=True)
    pace: Pace = Field(sa_type=Text)
    news: list[dict[str, Any]] = Field(sa_type=DOCUMENT)
    beyond: int = Field(description="how many more there were than are kept")
    happened_at: datetime = instant()
    due_at: datetime = instant()
    message_id: UUID | None = None


class DigestLookRow(Table, table=True):
    """The one row that says what the last look at whom no channel tells has seen, and how many there were."""

    __tablename__ = "digest_looks"

    id: int = Field(default=1, primary_key=True)
    number: int
    seen: str


@dataclass(frozen=True, slots=True)
class Tiding:
    """What a person hears of one cause. `beyond` counts the news that are not kept."""

    person_id: str
    cause: str
    pace: Pace
    news: tuple[News, ...]
    beyond: int
    happened_at: datetime
    due_at: datetime

    @property
    def is_announced(self) -> bool:
        """Whether it is what an announcement told others."""
        return self.cause.startswith(ANNOUNCED)


# Whoever tells a person holds their row, so that two replicas do not both tell them.
NEXT_PERSON = text("""
    SELECT people.id FROM people
    WHERE people.id IN (SELECT person_id FROM tidings WHERE message_id IS NULL AND due_at <= :now)
    ORDER BY people.id LIMIT 1 FOR NO KEY UPDATE OF people SKIP LOCKED
""")
DROP_RESTING = text("""
    DELETE FROM tidings USING people
    WHERE message_id IS NULL AND due_at <= :now AND people.id = person_id
    AND NOT (people.active AND people.kind = 'member')
""")
DUE = text("""
    SELECT * FROM tidings WHERE person_id = :person AND message_id IS NULL AND due_at <= :now
    ORDER BY happened_at, cause
""")
UNTOLD = text("SELECT * FROM tidings WHERE person_id = :person AND message_id IS NULL")
TOLD_IN = text("""
    SELECT * FROM tidings WHERE person_id = :person AND message_id = :message
    ORDER BY happened_at, cause
""")
TELL = text("""
    UPDATE tidings SET message_id = :message
    WHERE person_id = :person AND cause = ANY (CAST(:causes AS text[]))
""")
DROP = text("""
    DELETE FROM tidings WHERE person_id = :person AND cause = ANY (CAST(:causes AS text[]))
""")
PUT_OFF = text("UPDATE tidings SET due_at = :due WHERE person_id = :person AND cause = :cause")
PUT_ALL_OFF = text("""
    UPDATE tidings SET due_at = :due
    WHERE person_id = :person AND message_id IS NULL AND due_at < :due
""")
FORGET = text("""
    DELETE FROM tidings USING outbox
    WHERE outbox.id = message_id AND said_at < now() - make_interval(days => :days)
""")
LOOK = text("""
    INSERT INTO digest_looks (id, number, seen) VALUES (1, 1, :seen)
    ON CONFLICT (id) DO UPDATE SET number = digest_looks.number + 1, seen = excluded.seen
    WHERE digest_looks.seen <> excluded.seen RETURNING number
""")
COMING = text("""
    SELECT person_id, due_at, told.news ->> 'event' AS event, told.news -> 'facts' AS facts
    FROM tidings CROSS JOIN LATERAL jsonb_array_elements(news) AS told (news)
    WHERE message_id IS NULL AND starts_with(cause, :begun)
    AND (CAST(:people AS text[]) IS NULL OR person_id = ANY (CAST(:people AS text[])))
""").columns(facts=DOCUMENT)


class Tidings:
    """What is to be told, and what was."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, tidings: Sequence[Tiding]) -> list[Tiding]:
        """Keep tidings; gives those that are new. Nobody hears of the same cause a second time."""
        if not tidings:
            return []
        rows = [
            {
                "person_id": tiding.person_id,
                "cause": tiding.cause,
                "pace": tiding.pace,
                "news": [each.to_json() for each in tiding.news],
                "beyond": tiding.beyond,
                "happened_at": tiding.happened_at,
                "due_at": tiding.due_at,
            }
            for tiding in sorted(tidings, key=lambda tiding: tiding.person_id)
        ]
        added = insert(TidingRow).on_conflict_do_nothing().returning(col(TidingRow.person_id))
        new = set((await self._connection.execute(added, rows)).scalars())
        return [tiding for tiding in tidings if tiding.person_id in new]

    async def next_person(self, now: datetime) -> str | None:
        """Somebody for whom something is due, and whom nobody else is telling; theirs is held to the end."""
        return (await self._connection.execute(NEXT_PERSON, {"now": now})).scalar_one_or_none()

    async def due_for(self, person_id: str, now: datetime) -> list[Tiding]:
        """What is due for a person whom `next_person` gave, in the order in which it happened."""
        return await self._read(DUE, person=person_id, now=now)

    async def untold(self, person_id: str) -> list[Tiding]:
        """All that a person is still to hear."""
        return await self._read(UNTOLD, person=person_id)

    async def told_in(self, person_id: str, message: UUID) -> list[Tiding]:
        """What a message told this person, in the order in which it happened."""
        return await self._read(TOLD_IN, person=person_id, message=message)

    async def tell(self, person_id: str, tidings: Sequence[Tiding], message: UUID) -> None:
        """Note that a message tells this."""
        causes = [tiding.cause for tiding in tidings]
        values = {"person": person_id, "causes": causes, "message": message}
        await self._connection.execute(TELL, values)

    async def drop(self, person_id: str, tidings: Sequence[Tiding]) -> None:
        """Forget what a person does not want to hear any more."""
        causes = [tiding.cause for tiding in tidings]
        await self._connection.execute(DROP, {"person": person_id, "causes": causes})

    async def drop_resting(self, now: datetime) -> None:
        """Forget what is due for those who cannot be told now: they come back to what is new."""
        await self._connection.execute(DROP_RESTING, {"now": now})

    async def put_all_off(self, person: str, due: datetime) -> None:
        """Let all that waits for a person wait until then."""
        await self._connection.execute(PUT_ALL_OFF, {"person": person, "due": due})

    async def put_off(self, tiding: Tiding, due_at: datetime) -> None:
        """Tell it at another time."""
        values = {"person": tiding.person_id, "cause": tiding.cause, "due": due_at}
        await self._connection.execute(PUT_OFF, values)

    async def forget_told_before(self, days: int) -> int:
        """Delete what was told so many days ago, on the database's clock; returns how many."""
        return (await self._connection.execute(FORGET, {"days": days})).rowcount

    async def look(self, seen: str) -> int | None:
        """The number of a look for who is left to be told; None where nothing is new since the last.

        Waits for whoever is at it, and holds the others to the end.
        """
        looked = await self._connection.execute(LOOK, {"seen": seen})
        return looked.scalar_one_or_none()

    async def coming(
        self, people: Collection[str] | None = None
    ) -> list[tuple[str, datetime, News]]:
        """What announcements told others and is still to be told in a digest: whom, when, and what.

        To anybody, or to one of these `people`. Whom it concerns is not read again.
        """
        values = {"begun": ANNOUNCED, "people": None if people is None else list(people)}
        rows = await self._connection.execute(COMING, values)
        nobody = frozenset[Subject]()
        return [(row.person_id, row.due_at, News(row.event, nobody, row.facts)) for row in rows]

    async def _read(self, query: TextClause, **values: object) -> list[Tiding]:
        rows = await self._connection.execute(query, values)
        return [
            Tiding(
                row.person_id,
                row.cause,
                Pace(row.pace),
                tuple(map(News.from_json, row.news)),
                row.beyond,
                row.happened_at,
                row.due_at,
            )
            for row in rows
        ]
