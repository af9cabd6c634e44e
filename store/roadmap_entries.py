"""What a new roadmap puts on the timeline of who waits for it: features that slipped or were released."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.loading import Comparison
from store.timeline import Happening

TELL_WHO_WAITS = text("""
    WITH changes AS (
        SELECT * FROM jsonb_to_recordset(CAST(:changes AS jsonb))
            AS change (place integer, feature text, event text, facts jsonb)
    ), waiting AS (
        SELECT customer_id, feature, count(*) AS locations
        FROM locations, unnest(requires) AS feature
        WHERE status = 'active' AND feature IN (SELECT feature FROM changes)
        GROUP BY customer_id, feature
    )
    INSERT INTO timeline (customer_id, event, facts, actor, happened_at)
    SELECT customer_id, event,
        facts || jsonb_build_object('feature', key, 'name', name, 'locations', locations),
        :actor, :at
    FROM changes JOIN waiting USING (feature) JOIN features ON features.key = feature
    ORDER BY customer_id, place
""")


async def tell_who_waits(
    connection: AsyncConnection, slips: pl.DataFrame, features: Comparison, actor: str, at: datetime
) -> None:
    """Put slips (feature_key, from_date, to_date) and releases on the timeline of who waits.

    `at` is business time.
    """
    news = [*_slipped(slips), *_released(features)]
    if news:
        changes = json.dumps([{"place": place, **one} for place, one in enumerate(news)])
        values = {"changes": changes, "actor": actor, "at": at}
        await connection.execute(TELL_WHO_WAITS, values)


def _slipped(slips: pl.DataFrame) -> Iterator[dict[str, Any]]:
    for slip in slips.iter_rows(named=True):
        to = slip["to_date"]
        facts = {"from": slip["from_date"].isoformat(), "to": to.isoformat() if to else None}
        yield {"feature": slip["feature_key"], "event": Happening.slipped, "facts": facts}


def _released(features: Comparison) -> Iterator[dict[str, Any]]:
    """Those that were there before without having been released: others were never waited for."""
    unreleased = features.before.filter(pl.col("released_on").is_null()).select("key")
    released = features.changed.filter(pl.col("released_on").is_not_null())
    for row in released.join(unreleased, on="key", how="semi").iter_rows(named=True):
        facts = {"on": row["released_on"].isoformat()}
        yield {"feature": row["key"], "event": Happening.released, "facts": facts}
