"""Which feature came later than locations were promised, and why, where somebody said so."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

LAST_OF = text("""
    SELECT locations.id, last.key
    FROM unnest(CAST(:locations AS text[])) AS moved (id) JOIN locations USING (id)
    CROSS JOIN LATERAL (
        SELECT key FROM features WHERE key = ANY (requires) AND released_on IS NULL
        ORDER BY target_release_on DESC NULLS FIRST, key LIMIT 1
    ) AS last
""")
REASONS = text("""
    SELECT key, (
        SELECT reason FROM audit
        WHERE action = 'feature date changed' AND subject = 'feature ' || key
        AND after ->> 'target' IS NOT DISTINCT FROM target_release_on::text
        ORDER BY id DESC LIMIT 1
    ) AS reason
    FROM features WHERE key = ANY (CAST(:keys AS text[]))
""")


@dataclass(frozen=True, slots=True)
class Slipped:
    """The feature that a location waits for longest, and why it has the date it has; None: nobody said."""

    feature: str
    why: str | None


async def slipped(connection: AsyncConnection, locations: Collection[str]) -> dict[str, Slipped]:
    """The feature that each of these locations waits for; without those that wait for none."""
    if not locations:
        return {}
    rows = await connection.execute(LAST_OF, {"locations": list(locations)})
    last = {row.id: row.key for row in rows}
    found = await connection.execute(REASONS, {"keys": sorted(set(last.values()))})
    reasons = {row.key: row.reason for row in found}
    return {location: Slipped(key, reasons[key]) for location, key in last.items()}
