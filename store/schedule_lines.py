"""The lists of who moves when: what is asked of the database, and a customer as a line of one."""

from dataclasses import dataclass
from datetime import date

from asyncpg import Record
from sqlalchemy import text

from store.runs import HAS_MIGRATED, IS_OPEN, IS_STUCK


@dataclass(frozen=True, slots=True)
class Line:
    """One customer in a list: its first and last week, and how many locations it has.

    Where it has no week, `awaited` are the features that it waits for, and it may be offboarded. So
    many have `migrated` in waves that were started, so many are `stuck`: failed or rolled back.
    """

    customer_id: str
    name: str
    first_week: date | None
    last_week: date | None
    locations: int
    awaited: tuple[str, ...] = ()
    is_offboarded: bool = False
    migrated: int = 0
    stuck: int = 0


def _stands(condition: str) -> str:
    """How many of these locations have migrated, and how many are stuck."""
    return f"""
        SELECT count(*) FILTER (WHERE {HAS_MIGRATED}) AS migrated,
            count(*) FILTER (WHERE {IS_STUCK}) AS stuck
        FROM wave_locations WHERE {condition}
    """


OF_CSA = f"""
    WITH page AS MATERIALIZED (
        SELECT id, name, first_week, last_week, coalesce(last_week + 7 <= $2, false) AND NOT EXISTS (
            SELECT FROM wave_locations WHERE customer_id = customers.id AND {IS_OPEN}) AS is_behind
        FROM customers WHERE csa_email = $1
        ORDER BY is_behind, first_week, lower(name), id LIMIT $3 OFFSET $4
    )
    SELECT page.*, (SELECT count(*) FROM customers WHERE csa_email = $1) AS total,
        (SELECT count(*) FROM locations WHERE customer_id = page.id) AS locations,
        CASE WHEN first_week IS NULL THEN (
            SELECT array_agg(DISTINCT coalesce(features.name, needed.key))
            FROM locations CROSS JOIN unnest(requires) AS needed (key)
            LEFT JOIN features ON features.key = needed.key
            WHERE customer_id = page.id AND status = 'active'
            AND (released_on IS NULL OR released_on > $2)
        ) END AS awaited,
        first_week IS NULL AND NOT EXISTS (
            SELECT FROM locations WHERE customer_id = page.id AND status = 'active'
        ) AS is_offboarded, stands.migrated, stands.stuck
    FROM page CROSS JOIN LATERAL ({_stands("customer_id = page.id")}) AS stands
    ORDER BY is_behind, first_week, lower(name), id
"""
"""Whoever is behind us, with all locations where they should be, comes last."""
NEXT_WEEK = text("SELECT min(week) FROM promises WHERE week >= :today")
OF_WEEK = f"""
    SELECT customers.id, customers.name, count(*) OVER () AS total,
        min(promises.week) AS first_week, max(promises.week) AS last_week, count(*) AS locations,
        CAST(NULL AS text[]) AS awaited, false AS is_offboarded,
        count(*) FILTER (WHERE {HAS_MIGRATED}) AS migrated, count(*) FILTER (WHERE {IS_STUCK}) AS stuck
    FROM promises JOIN customers ON customers.id = promises.customer_id
    LEFT JOIN wave_locations USING (week, location_id)
    WHERE promises.week = $1
    GROUP BY customers.id ORDER BY lower(customers.name), customers.id
    LIMIT $2 OFFSET $3
"""
LOCATIONS_OF_CSA = """
    SELECT count(*) AS locations FROM locations JOIN customers ON customers.id = customer_id
    WHERE csa_email = $1
"""
LOCATIONS_OF_WEEK = "SELECT count(*) AS locations FROM promises WHERE week = $1"
WEEKS = text("""
    WITH RECURSIVE waves(week) AS (
        (SELECT min(week) FROM promises) UNION ALL
        SELECT (SELECT min(week) FROM promises WHERE promises.week > waves.week)
        FROM waves WHERE waves.week IS NOT NULL
    ) SELECT week FROM waves WHERE week IS NOT NULL
""")


def line_of(row: Record) -> Line:
    """A row of such a list."""
    return Line(
        row["id"],
        row["name"],
        row["first_week"],
        row["last_week"],
        row["locations"],
        tuple(row["awaited"] or ()),
        row["is_offboarded"],
        row["migrated"],
        row["stuck"],
    )
