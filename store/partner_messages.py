"""What partners are told of a wave: the versions of each message, the steps of each, who copied which."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from rules.partner_message import (
    Audience,
    Copy,
    Message,
    Standing,
    State,
    Step,
    Taken,
    Version,
    Who,
)
from store.advisory_locks import Lock
from store.driver import all_found, looked_up
from store.partner_rows import PartnerCopyRow, PartnerMessageRow, PartnerStepRow

HOLD = text(f"SELECT pg_advisory_xact_lock({Lock.telling:d}, :message)")
VERSIONS = """
    SELECT number, text, writers, state, version FROM partner_messages
    WHERE week = $1 AND audience = $2 ORDER BY number
"""
STEPS = """
    SELECT number, version, step, by, at, words FROM partner_steps
    WHERE week = $1 AND audience = $2 ORDER BY number, version
"""
CURRENT = """
    SELECT * FROM partner_messages WHERE week = $1 AND audience = $2 AND state = 'current'
"""
COPIES = """
    SELECT person_id, number, min(at) AS at FROM partner_copies
    WHERE week = $1 AND audience = $2 GROUP BY person_id, number ORDER BY min(at), person_id
"""
COPIES_OF_MEMBERS = """
    SELECT DISTINCT person_id, number FROM partner_copies
    JOIN people ON people.id = person_id AND active AND kind = 'member'
    WHERE week = $1 AND audience = $2 ORDER BY person_id, number
"""

DRAFTS = """
    SELECT * FROM partner_messages WHERE state = 'draft' AND NOT $1 = ANY (writers)
    ORDER BY week, audience
"""


class PartnerMessages:
    """What partners are told of waves, by the Monday of the wave and the audience."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, week: date, audience: Audience, *, for_change: bool = False) -> Message:
        """All versions of a message; `for_change` has others who change it wait until the commit.

        Who copies it holds it too, so that nobody copies words that are just being replaced unnoticed.
        """
        if for_change:
            place = week.toordinal() * len(Audience) + [*Audience].index(audience)
            await self._connection.execute(HOLD, {"message": place})
        last = {number: taken[-1] for number, taken in (await self.steps(week, audience)).items()}
        rows = await all_found(self._connection, VERSIONS, week, audience)
        return Message(
            tuple(
                Version(
                    row["number"],
                    row["text"],
                    frozenset(row["writers"]),
                    Standing(State(row["state"]), row["version"], last.get(row["number"])),
                )
                for row in rows
            )
        )

    async def steps(self, week: date, audience: Audience) -> dict[int, list[Taken]]:
        """The steps of each version that took any, in order."""
        steps: dict[int, list[Taken]] = defaultdict(list)
        for row in await all_found(self._connection, STEPS, week, audience):
            step = Step(row["step"])
            who = _PARTS.get(step, Who.writer)
            taken = Taken(step, row["by"], who, row["version"], row["at"], row["words"])
            steps[row["number"]].append(taken)
        return steps

    async def current(self, week: date, audience: Audience) -> PartnerMessageRow | None:
        """What an audience is told of a wave; None before anything is approved."""
        found = await looked_up(self._connection, CURRENT, week, str(audience))
        return PartnerMessageRow.model_validate(dict(found)) if found else None

    async def drafts(self, *, but_by: str) -> list[PartnerMessageRow]:
        """The versions that wait for a second person, but for those that this person wrote some of."""
        rows = await all_found(self._connection, DRAFTS, but_by)
        return [PartnerMessageRow.model_validate(dict(row)) for row in rows]

    async def begin(self, week: date, audience: Audience, version: Version, at: datetime) -> None:
        """Keep a new version."""
        row = PartnerMessageRow(
            week=week,
            audience=audience,
            number=version.number,
            text=version.text,
            writers=sorted(version.writers),
            state=version.standing.state,
            version=version.standing.version,
            written_at=at,
        )
        await self._connection.execute(insert(PartnerMessageRow).values(row.model_dump()))

    async def keep(self, week: date, audience: Audience, changed: Iterable[Version]) -> None:
        """Keep versions that took a step, each with that step."""
        kept = PartnerMessageRow
        for version in changed:
            standing = version.standing
            where = (col(kept.week) == week, col(kept.audience) == audience)
            await self._connection.execute(
                update(kept)
                .where(*where, col(kept.number) == version.number)
                .values(
                    text=version.text,
                    writers=sorted(version.writers),
                    state=standing.state,
                    version=standing.version,
                )
            )
            if last := standing.last:
                step = PartnerStepRow(
                    week=week,
                    audience=audience,
                    number=version.number,
                    version=last.version,
                    step=last.step,
                    by=last.by,
                    at=last.at,
                    words=last.words,
                )
                await self._connection.execute(insert(PartnerStepRow).values(step.model_dump()))

    async def copied(
        self, week: date, audience: Audience, number: int, *, by: str, at: datetime, via: str
    ) -> None:
        """Keep that somebody copied a version, and where they pressed."""
        row = {"week": week, "audience": audience, "number": number}
        row |= {"person_id": by, "at": at, "via": via}
        await self._connection.execute(insert(PartnerCopyRow).values(row))

    async def copies(self, week: date, audience: Audience) -> list[Copy]:
        """Who copied which version, each once, in the order of their first copies."""
        rows = await all_found(self._connection, COPIES, week, audience)
        return [Copy(row["person_id"], row["number"]) for row in rows]

    async def copies_of_members(self, week: date, audience: Audience) -> list[Copy]:
        """The same of those alone who are full members still."""
        rows = await all_found(self._connection, COPIES_OF_MEMBERS, week, audience)
        return [Copy(row["person_id"], row["number"]) for row in rows]


_PARTS = {
    Step.approve: Who.second,
    Step.decline: Who.second,
    Step.supersede: Who.wavepost,
}
