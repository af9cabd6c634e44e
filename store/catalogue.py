"""The catalogue as people look at it: causes, what was done about each, and who met it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.catalogue import Cause, Remedy
from rules.naming import fold

PAGE = text("""
    SELECT causes.id, causes.words, count(failures.id) AS failures,
        count(DISTINCT failures.week) AS waves, max(failures.week) AS newest,
        count(*) OVER () AS total, sum(count(failures.id)) OVER () AS all_failures
    FROM causes LEFT JOIN failures ON failures.cause_id = causes.id AND NOT withdrawn
    WHERE merged_into IS NULL
    GROUP BY causes.id ORDER BY failures DESC, lower(causes.words), causes.id
    LIMIT :most OFFSET :skip
""")
REMEDIES = text("""
    SELECT cause_id, remedy, count(worked) AS tried, count(*) FILTER (WHERE worked) AS worked,
        count(*) - count(worked) AS unknown
    FROM failures WHERE cause_id = ANY (:causes) AND NOT withdrawn AND remedy IS NOT NULL
    GROUP BY cause_id, remedy ORDER BY min(remedied_at), remedy
""")
BY_WEEK = text("""
    SELECT cause_id, week, count(*) AS failures FROM failures
    WHERE cause_id = ANY (:causes) AND NOT withdrawn GROUP BY cause_id, week ORDER BY week
""")
CARD = text("""
    SELECT causes.id, causes.words, coalesce(people.name, first_by) AS first_by, first_at,
        count(failures.id) AS failures, count(DISTINCT customer_id) AS customers,
        count(*) FILTER (WHERE failures.lost_orders) AS lost_orders,
        count(*) FILTER (WHERE failures.id IS NOT NULL AND remedy IS NULL) AS without_remedy,
        count(remedy) AS remedied
    FROM causes LEFT JOIN people ON people.id = first_by
    LEFT JOIN (
        failures JOIN wave_locations USING (week, location_id)
    ) ON failures.cause_id = causes.id AND NOT withdrawn
    WHERE causes.id = (SELECT coalesce(merged_into, id) FROM causes WHERE id = :cause)
    GROUP BY causes.id, people.name
""")
MET = """
    SELECT failures.id, locations.name AS location, customers.name AS customer,
        failures.week, failures.attempt, failures.failed_on, failures.lost_orders, remedy, worked,
        count(*) OVER () AS total
    FROM failures JOIN wave_locations USING (week, location_id)
    JOIN locations ON locations.id = location_id
    JOIN customers ON customers.id = wave_locations.customer_id
    WHERE failures.cause_id = :cause AND NOT withdrawn {condition}
    ORDER BY {first} failures.failed_on DESC, failures.id DESC LIMIT :most OFFSET :skip
"""
ALL_MET = text(MET.format(condition="", first=""))
NOT_REMEDIED = text(MET.format(condition="AND remedy IS NULL", first=""))
REMEDIED = text(MET.format(condition="AND remedy IS NOT NULL", first="(worked IS NULL) DESC,"))
REMEDY = text("""
    UPDATE failures SET remedy = :remedy, remedied_by = :by, remedied_at = :at, worked = :worked
    WHERE id = ANY (:failures) AND remedy IS NULL AND NOT withdrawn RETURNING id
""")
OUTCOME = text("""
    UPDATE failures SET worked = :worked
    WHERE id = ANY (:failures) AND remedy IS NOT NULL AND NOT withdrawn RETURNING id
""")


CAUSES = text("""
    SELECT causes.id, causes.words FROM causes LEFT JOIN failures ON failures.cause_id = causes.id
    WHERE merged_into IS NULL GROUP BY causes.id ORDER BY count(failures.id) DESC, causes.id
""")
CALLED = text("SELECT coalesce(merged_into, id) FROM causes WHERE plain = :plain")
TAKE_BACK = text("DELETE FROM causes WHERE plain = :plain AND merged_into = :cause")
RENAME = text("""
    UPDATE causes SET words = :words, plain = :plain WHERE id = :cause
    AND NOT EXISTS (SELECT FROM causes AS other WHERE other.plain = :plain AND other.id <> :cause)
    RETURNING id
""")
STILL_NAMES = text("""
    INSERT INTO causes (words, plain, first_by, first_at, merged_into)
    SELECT :was, :was_plain, first_by, first_at, coalesce(merged_into, id)
    FROM causes WHERE id = :cause
    ON CONFLICT (plain) DO NOTHING
""")
MERGE = (
    text("UPDATE causes SET merged_into = :into WHERE id = :cause OR merged_into = :cause"),
    text("UPDATE wave_locations SET cause_id = :into WHERE cause_id = :cause"),
)
MERGE_FAILURES = text("UPDATE failures SET cause_id = :into WHERE cause_id = :cause RETURNING id")
HELD = text("SELECT id FROM causes WHERE id = ANY (:causes) AND merged_into IS NULL FOR UPDATE")


@dataclass(frozen=True, slots=True)
class CauseLine:
    """A cause in the list: how many failures, in how many waves, the newest of them."""

    id: int
    words: str
    failures: int
    waves: int
    newest: date | None


@dataclass(frozen=True, slots=True)
class CausePage:
    """A page of causes, the most frequent first; of so many, with so many failures in all."""

    lines: tuple[CauseLine, ...]
    total: int
    failures: int


@dataclass(frozen=True, slots=True)
class CauseCard:
    """A cause and what can be counted about it; `first_by` is a name where there is one."""

    id: int
    words: str
    first_by: str
    first_at: datetime
    failures: int
    customers: int
    lost_orders: int
    without_remedy: int
    remedied: int


@dataclass(frozen=True, slots=True)
class Met:
    """A location that failed by a cause: when, at which try, what was done, and did it work."""

    failure_id: int
    location: str
    customer: str
    week: date
    attempt: int
    failed_on: date
    lost_orders: bool
    remedy: str | None
    worked: bool | None


class Catalogue:
    """Causes, what was done about each, and who met it. Failures marked by mistake do not count."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def causes(self) -> list[Cause]:
        """All that can be named, the most frequent first."""
        rows = await self._connection.execute(CAUSES)
        return [Cause(str(row.id), row.words) for row in rows]

    async def called(self, words: str) -> int | None:
        """The cause that is, or was, called so but for case, accents and marks."""
        found = await self._connection.execute(CALLED, {"plain": fold(words)})
        cause: int | None = found.scalar_one_or_none()
        return cause

    async def rename(self, cause: int, was: str, words: str) -> bool:
        """Call a cause otherwise; what it was called still names it. False where another is called so."""
        plain, was_plain = fold(words), fold(was)
        values = {"cause": cause, "words": words, "plain": plain}
        await self._connection.execute(TAKE_BACK, values)
        if not (await self._connection.execute(RENAME, values)).first():
            return False
        before = {"cause": cause, "was": was, "was_plain": was_plain}
        await self._connection.execute(STILL_NAMES, before)
        return True

    async def merge(self, cause: int, into: int) -> int | None:
        """Let a cause be part of another: its failures count there, and its words name that one.

        Gives how many failures that are; None where one of them was merged meanwhile.
        """
        held = await self._connection.execute(HELD, {"causes": sorted({cause, into})})
        if len(held.all()) < 2:  # noqa: PLR2004 - both
            return None
        values = {"cause": cause, "into": into}
        for statement in MERGE:
            await self._connection.execute(statement, values)
        return len((await self._connection.execute(MERGE_FAILURES, values)).all())

    async def page(self, *, skip: int, most: int) -> CausePage:
        """The causes that can be named, the most frequent first."""
        rows = (await self._connection.execute(PAGE, {"skip": skip, "most": most})).all()
        lines = tuple(
            CauseLine(row.id, row.words, row.failures, row.waves, row.newest) for row in rows
        )
        return (
            CausePage(lines, rows[0].total, int(rows[0].all_failures))
            if rows
            else CausePage((), 0, 0)
        )

    async def remedies(self, causes: Sequence[int]) -> dict[int, list[Remedy]]:
        """What was done about these causes, by cause, as it was written; the oldest words first."""
        rows = await self._connection.execute(REMEDIES, {"causes": list(causes)})
        found: dict[int, list[Remedy]] = {cause: [] for cause in causes}
        for row in rows:
            found[row.cause_id].append(Remedy(row.remedy, row.tried, row.worked, row.unknown))
        return found

    async def by_week(self, causes: Sequence[int]) -> dict[tuple[int, date], int]:
        """How many failures each of these causes had in each week that it had some, by week."""
        rows = await self._connection.execute(BY_WEEK, {"causes": list(causes)})
        return {(row.cause_id, row.week): row.failures for row in rows}

    async def card(self, cause: int) -> CauseCard | None:
        """One cause; where it was merged, the one that it is part of; None where there is none."""
        row = (await self._connection.execute(CARD, {"cause": cause})).one_or_none()
        return CauseCard(*row) if row else None

    async def met(self, cause: int, *, skip: int, most: int) -> tuple[list[Met], int]:
        """A page of the failures by a cause, the newest first; and how many there are in all."""
        return await self._met(ALL_MET, cause, skip=skip, most=most)

    async def not_remedied(self, cause: int, *, most: int) -> list[Met]:
        """The newest failures by a cause about which nothing was done."""
        return (await self._met(NOT_REMEDIED, cause, skip=0, most=most))[0]

    async def remedied(self, cause: int, *, most: int) -> list[Met]:
        """The failures by a cause about which something was done; first where it may still tell."""
        return (await self._met(REMEDIED, cause, skip=0, most=most))[0]

    async def remedy(
        self, failures: Sequence[int], remedy: str, *, by: str, at: datetime, worked: bool | None
    ) -> list[int]:
        """Note what was done about failures about which nothing was; gives those."""
        values = {"remedy": remedy, "by": by, "at": at, "worked": worked}
        return await self._changed(REMEDY, failures, **values)

    async def outcome(self, failures: Sequence[int], *, worked: bool) -> list[int]:
        """Note whether what was done about failures worked; gives those about which something was."""
        return await self._changed(OUTCOME, failures, worked=worked)

    async def _changed(
        self, statement: TextClause, failures: Sequence[int], **values: object
    ) -> list[int]:
        found = await self._connection.execute(statement, {"failures": list(failures), **values})
        return sorted(found.scalars())

    async def _met(
        self, query: TextClause, cause: int, *, skip: int, most: int
    ) -> tuple[list[Met], int]:
        values = {"cause": cause, "skip": skip, "most": most}
        rows = (await self._connection.execute(query, values)).all()
        return [Met(*row[:-1]) for row in rows], rows[0].total if rows else 0
