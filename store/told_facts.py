"""What was told to each person by DM, and when last: what no other DM needs to tell within a window."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from rules.reach import Outcome
from rules.retelling import Told
from store.driver import all_found
from store.reach import outcome
from store.tables import Table, instant


class ToldFactRow(Table, table=True):
    """Somebody was told a fact (`rules.facts`) by DM, the last time at this instant of business time."""

    __tablename__ = "told_facts"

    person_id: str = Field(primary_key=True)
    fact: str = Field(primary_key=True, index=True)
    at: datetime = instant()
    message_id: UUID | None = None
    cause: str


KEEP = text("""
    INSERT INTO told_facts (person_id, fact, at, message_id, cause)
    SELECT person, fact, at, CAST(:message AS uuid), CAST(:cause AS text) FROM unnest(
        CAST(:people AS text[]), CAST(:facts AS text[]), CAST(:instants AS timestamptz[])
    ) AS told (person, fact, at)
    ON CONFLICT (person_id, fact) DO UPDATE SET at = excluded.at,
        message_id = excluded.message_id, cause = excluded.cause
    WHERE told_facts.at < excluded.at
""")
ABOUT = """
    SELECT person_id, fact, at, outbox.state FROM told_facts
    LEFT JOIN outbox ON outbox.id = message_id
    WHERE fact = ANY($1) AND ($2::text[] IS NULL OR person_id = ANY($2))
"""
KNOWN_TO = """
    SELECT fact FROM told_facts WHERE person_id = $1 AND fact = ANY($2)
    UNION
    SELECT told.fact FROM (
        SELECT DISTINCT content FROM announcements
        JOIN channel_members ON channel_id = channel AND person_id = $1
        JOIN outbox ON outbox.id = message_id AND state <> 'failed'
        WHERE decided_at > $3 AND decided_at <= $4
    ) AS here
    JOIN announcement_contents ON digest = here.content
    CROSS JOIN LATERAL unnest(facts) AS told (fact) WHERE told.fact = ANY($2)
"""
FORGET = text("DELETE FROM told_facts WHERE at < :before")


@dataclass(frozen=True, slots=True)
class ToldOf:
    """Somebody was told a fact by DM at an instant of business time, and what became of the message."""

    person: str
    fact: str
    at: datetime
    outcome: Outcome


class ToldFacts:
    """What was told to whom by DM."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, told: Iterable[Told], *, message: UUID | None, cause: str) -> None:
        """Note what somebody was told; of what they were told before, the newest instant is kept."""
        newest = {(each.person, each.fact): each.at for each in sorted(told, key=lambda it: it.at)}
        if not newest:
            return
        values = {
            "people": [person for person, _ in sorted(newest)],
            "facts": [fact for _, fact in sorted(newest)],
            "instants": [newest[each] for each in sorted(newest)],
        }
        await self._connection.execute(KEEP, values | {"message": message, "cause": cause})

    async def about(
        self, facts: Collection[str], people: Collection[str] | None = None
    ) -> list[ToldOf]:
        """Who was told any of these facts by DM, of all or of these people."""
        only = None if people is None else list(people)
        return [
            ToldOf(row["person_id"], row["fact"], row["at"], outcome(row["state"]))
            for row in await all_found(self._connection, ABOUT, list(facts), only)
        ]

    async def known_to(
        self, person_id: str, facts: Collection[str], *, after: datetime, now: datetime
    ) -> set[str]:
        """Those of these facts that a DM told a person, or lately a channel that they are in.

        `after` is the instant from which on what a channel told counts.
        """
        rows = await all_found(self._connection, KNOWN_TO, person_id, list(facts), after, now)
        return {row["fact"] for row in rows}

    async def forget_before(self, instant: datetime) -> int:
        """Forget what was told before an instant of business time; returns how many facts."""
        return (await self._connection.execute(FORGET, {"before": instant})).rowcount
