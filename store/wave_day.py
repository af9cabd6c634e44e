"""A wave as those who run it see it: its locations with their customers, owners and last steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from asyncpg import Record
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.catalogue import Cause, Failure
from rules.finding import Named
from rules.location_life import MOVING, State
from rules.wave_day import ORDER, Counts
from store.driver import all_found, looked_up


@dataclass(frozen=True, slots=True)
class Which:
    """The locations that are meant: those of a CSA, those in some states, or both; None means all.

    Those of `first` come before all others.
    """

    csa: str | None = None
    states: tuple[State, ...] | None = None
    first: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One location of a wave: where it stands, and by which last step of whom (none before the start)."""

    location_id: str
    name: str
    customer_id: str
    customer_name: str
    csa_email: str
    csa_name: str
    state: State
    version: int
    attempt: int = 1
    migrated_on: date | None = None
    failed_on: date | None = None
    look_on: date | None = None
    cause_id: int | None = None
    cause: str = ""
    lost_orders: bool = False
    by: str = ""
    at: datetime | None = None
    words: str = ""

    @property
    def is_named_apart(self) -> bool:
        """Whether its name does not begin with that of its customer, so that both are told."""
        return not self.name.casefold().startswith(self.customer_name.casefold())


_RUN = """
    SELECT location_id, customer_id, csa_email, state, version, attempt, migrated_on, failed_on,
        look_on, cause_id, lost_orders, position
    FROM wave_locations WHERE week = $1
"""
_PROMISED = """
    SELECT location_id, promises.customer_id, customers.csa_email, 'planned' AS state, 1 AS version,
        1 AS attempt, NULL::date AS migrated_on, NULL::date AS failed_on, NULL::date AS look_on,
        NULL::bigint AS cause_id, false AS lost_orders, row_number() OVER (
            ORDER BY lower(customers.name), lower(locations.name), location_id) AS position
    FROM promises
    JOIN locations ON locations.id = promises.location_id
    JOIN customers ON customers.id = promises.customer_id
    WHERE promises.week = $1 AND locations.status = 'active'
"""
_CHOSEN = "($2::text IS NULL OR csa_email = $2) AND ($3::text[] IS NULL OR state = ANY ($3))"


def _looked_up(lines: str) -> str:
    """These locations with their names, the name of their cause, and the last step of each."""
    return f"""
    SELECT {lines}.*,
        (SELECT name FROM locations WHERE id = {lines}.location_id) AS name,
        (SELECT name FROM customers WHERE id = {lines}.customer_id) AS customer_name,
        csas.name AS csa_name, causes.words AS cause, last.by, last.at, last.words
    FROM {lines} LEFT JOIN csas ON csas.email = {lines}.csa_email
    LEFT JOIN causes ON causes.id = {lines}.cause_id
    LEFT JOIN LATERAL (
        SELECT by, at, words FROM location_steps AS step
        WHERE step.week = $1 AND step.location_id = {lines}.location_id
        AND step.version = {lines}.version - 1
    ) AS last ON true
"""


def _page(lines: str) -> str:
    """A page of these locations: sorted before anything is looked up."""
    return f"""
    WITH listed AS ({lines}), page AS MATERIALIZED (
        SELECT *, row_number() OVER () AS place FROM (
            SELECT * FROM listed WHERE {_CHOSEN}
            ORDER BY (csa_email = $4) IS TRUE DESC, array_position($5::text[], state), position,
                location_id
            LIMIT $6 OFFSET $7
        ) AS sorted
    )
    {_looked_up("page")}
    ORDER BY place
"""


_COUNT_RUN = """
    SELECT state, count(*) AS locations FROM wave_locations
    WHERE week = $1 AND ($2::text IS NULL OR csa_email = $2) GROUP BY state
"""
_COUNT_PROMISED = """
    SELECT 'planned' AS state, count(*) AS locations
    FROM promises JOIN locations ON locations.id = promises.location_id
    WHERE promises.week = $1 AND locations.status = 'active' AND ($2::text IS NULL OR EXISTS (
        SELECT FROM customers WHERE customers.id = promises.customer_id AND csa_email = $2
    ))
"""
OWNERS = """
    SELECT csa_email, coalesce(csas.name, csa_email) AS name, count(*) AS locations
    FROM wave_locations LEFT JOIN csas ON csas.email = csa_email
    WHERE week = $1 AND csa_email IS NOT NULL GROUP BY 1, 2 ORDER BY lower(coalesce(csas.name, csa_email))
"""
WEEKS = """
    SELECT week FROM waves WHERE started_at IS NOT NULL
    UNION SELECT unnest($1::date[]) ORDER BY week
"""
UNDER_WAY = """
    SELECT week FROM waves WHERE state IN ('paused', 'rolling back', 'running', 'checking')
    ORDER BY state = 'checking', week DESC LIMIT 1
"""
LIKE = """
    WITH left_to_move AS (
        SELECT location_id, customer_id, csa_email FROM wave_locations
        WHERE week = $1 AND state = ANY ($2)
    ), named AS (
        SELECT DISTINCT 'customer' AS kind, customers.id, customers.id AS customer_id, name,
            left_to_move.csa_email
        FROM left_to_move JOIN customers ON customers.id = customer_id
        UNION ALL
        SELECT 'location', locations.id, left_to_move.customer_id, name, csa_email
        FROM left_to_move JOIN locations ON locations.id = location_id
    )
    SELECT kind, id, customer_id, name FROM named
    WHERE position(lower($3) IN lower(name)) > 0 OR starts_with(lower(id), lower($3))
    ORDER BY (csa_email = $4) IS TRUE DESC, kind, lower(name), id LIMIT $5
"""
MEANT = """
    SELECT location_id FROM wave_locations
    WHERE week = $1 AND (location_id = ANY ($2) OR (customer_id = ANY ($3) AND state = ANY ($4)))
    ORDER BY location_id
"""
LEFT = """
    SELECT location_id FROM wave_locations
    WHERE week = $1 AND state = ANY ($2) AND ($3::text IS NULL OR csa_email = $3)
    ORDER BY location_id
"""

CAUSES = """
    SELECT causes.id, causes.words FROM causes LEFT JOIN (
        SELECT cause_id, count(*) AS times FROM failures WHERE NOT withdrawn GROUP BY cause_id
    ) AS met ON met.cause_id = causes.id
    WHERE merged_into IS NULL
    ORDER BY coalesce(times, 0) DESC, lower(causes.words), causes.id
"""
REMEDIED = """
    SELECT location_id, week, remedy, worked FROM failures
    WHERE cause_id = $1 AND NOT withdrawn AND remedy IS NOT NULL ORDER BY id
"""


class WaveDay:
    """The locations of a wave, in lists."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(
        self, week: date, which: Which, *, is_started: bool, skip: int, most: int
    ) -> list[Line]:
        """A page of the locations that are meant, what needs hands first; `counts` says how many."""
        states = list(which.states) if which.states is not None else None
        rows = await all_found(
            self._connection,
            PAGE_OF_RUN if is_started else PAGE_OF_PROMISED,
            *(week, which.csa, states, which.first, list(ORDER), most, skip),
        )
        return [_line(row) for row in rows]

    async def one(self, week: date, location_id: str) -> Line | None:
        """One location of a wave that was started; None where it is not in it."""
        row = await looked_up(self._connection, ONE, week, location_id)
        return _line(row) if row else None

    async def counts(self, week: date, *, is_started: bool, csa: str | None = None) -> Counts:
        """How many locations of a wave stand where; of one CSA, or of all."""
        query = _COUNT_RUN if is_started else _COUNT_PROMISED
        rows = await all_found(self._connection, query, week, csa)
        return Counts({State(row["state"]): row["locations"] for row in rows if row["locations"]})

    async def owners(self, week: date) -> list[tuple[str, str, int]]:
        """The CSAs of a wave that was started: address, name, and how many locations are theirs."""
        rows = await all_found(self._connection, OWNERS, week)
        return [(row["csa_email"], row["name"], row["locations"]) for row in rows]

    async def weeks(self, promised: Sequence[date]) -> list[date]:
        """The Mondays of all waves in order: those that are promised, and those that were started."""
        return [row["week"] for row in await all_found(self._connection, WEEKS, list(promised))]

    async def under_way(self) -> date | None:
        """The newest wave that people work on; one that is only checked where there is no other."""
        row = await looked_up(self._connection, UNDER_WAY)
        return row["week"] if row else None

    async def like(self, week: date, typed: str, *, first: str, most: int) -> list[Named]:
        """Customers and locations that are left to move and have these letters, those of `first` first."""
        rows = await all_found(
            self._connection, LIKE, week, list(MOVING), typed.strip(), first, most
        )
        return [Named(row["kind"], row["id"], row["customer_id"], row["name"]) for row in rows]

    async def meant(
        self, week: date, locations: Sequence[str], customers: Sequence[str]
    ) -> list[str]:
        """These locations of the wave, and those of these customers that are left to move."""
        rows = await all_found(
            self._connection, MEANT, week, list(locations), list(customers), list(MOVING)
        )
        return [row["location_id"] for row in rows]

    async def causes(self) -> list[Cause]:
        """All causes that failures had, the most frequent first."""
        rows = await all_found(self._connection, CAUSES)
        return [Cause(str(row["id"]), row["words"]) for row in rows]

    async def remedied(self, cause_id: int) -> list[Failure]:
        """The failures by a cause about which something was done, in the order they were told."""
        rows = await all_found(self._connection, REMEDIED, cause_id)
        return [
            Failure(
                row["location_id"], str(row["week"]), str(cause_id), row["remedy"], row["worked"]
            )
            for row in rows
        ]

    async def left(self, week: date, csa: str | None = None) -> list[str]:
        """All locations of the wave that are left to move; of one CSA, or of all."""
        rows = await all_found(self._connection, LEFT, week, list(MOVING), csa)
        return [row["location_id"] for row in rows]


ONE = f"""
    WITH listed AS ({_RUN} AND location_id = $2)
    {_looked_up("listed")}
"""
PAGE_OF_RUN, PAGE_OF_PROMISED = _page(_RUN), _page(_PROMISED)


def _line(row: Record) -> Line:
    email = row["csa_email"] or ""
    return Line(
        location_id=row["location_id"],
        name=row["name"],
        customer_id=row["customer_id"],
        customer_name=row["customer_name"],
        csa_email=email,
        csa_name=row["csa_name"] or email,
        state=State(row["state"]),
        version=row["version"],
        attempt=row["attempt"],
        migrated_on=row["migrated_on"],
        failed_on=row["failed_on"],
        look_on=row["look_on"],
        cause_id=row["cause_id"],
        cause=row["cause"] or "",
        lost_orders=row["lost_orders"],
        by=row["by"] or "",
        at=row["at"],
        words=row["words"] or "",
    )
