"""Features of the roadmap with their dates as they slipped, and the blackouts."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.tables import Table, instant


class FeatureRow(Table, table=True):
    """A roadmap item; locations may need it before they are eligible."""

    __tablename__ = "features"

    key: str = Field(primary_key=True)
    name: str
    target_release_on: date | None = None
    released_on: date | None = None


class FeatureSlipRow(Table, table=True):
    """A target date that was given up for a later one."""

    __tablename__ = "feature_slips"

    id: int | None = Field(default=None, primary_key=True)
    feature_key: str = Field(index=True, foreign_key="features.key")
    from_date: date
    to_date: date | None = None
    heard_at: datetime = instant(now=True)


class BlackoutRow(Table, table=True):
    """Days on which nobody moves in a region (`*`: anywhere); both ends included."""

    __tablename__ = "blackouts"

    region: str = Field(primary_key=True)
    from_date: date = Field(primary_key=True)
    to_date: date = Field(primary_key=True)
    why: str | None = None


WAITING_FOR = text("""
    SELECT DISTINCT feature, customer_id FROM locations, unnest(requires) AS feature
    WHERE status = 'active' AND feature = ANY (CAST(:keys AS text[])) ORDER BY 1, 2
""")


async def waiting_for(connection: AsyncConnection, keys: Sequence[str]) -> list[tuple[str, str]]:
    """The customers with active locations that need these features, as feature and customer."""
    if not keys:
        return []
    rows = await connection.execute(WAITING_FOR, {"keys": list(keys)})
    return [(row.feature, row.customer_id) for row in rows]
