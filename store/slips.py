"""Target dates of features that were given up for later ones."""

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from store.copying import copied_in, copied_out

SLIPS = "SELECT feature_key, from_date, to_date FROM feature_slips"
SLIP_SCHEMA = {"feature_key": pl.String(), "from_date": pl.Date(), "to_date": pl.Date()}
NO_SLIPS = pl.DataFrame(schema=SLIP_SCHEMA)


def slips(stages: list[pl.DataFrame]) -> pl.DataFrame:
    """The dates that moved later, or away, from one stage of the roadmap to the next.

    Each stage has key, target_release_on and released_on. A feature that is released has not
    slipped, whatever its target says. Gives feature_key, from_date and to_date (none: no date).
    """
    columns = ("key", "target_release_on", "released_on")
    story = pl.concat(
        [stage.select(*columns, stage=pl.lit(at)) for at, stage in enumerate(stages)]
    ).sort("key", "stage")
    target = pl.col("target_release_on")
    earlier = target.shift().over("key")
    later = (target > earlier) | target.is_null()
    return (
        story.with_columns(earlier=earlier)
        .filter(pl.col("earlier").is_not_null() & pl.col("released_on").is_null() & later)
        .select(feature_key="key", from_date="earlier", to_date="target_release_on")
    )


async def keep_slips(connection: AsyncConnection, new: pl.DataFrame) -> pl.DataFrame:
    """Append slips that are not known yet, and give these: old roadmaps are imported again."""
    if new.is_empty():
        return new
    there = await copied_out(connection, SLIPS, SLIP_SCHEMA)
    unknown = new.join(there, on=there.columns, how="anti", nulls_equal=True, maintain_order="left")
    await copied_in(connection, "feature_slips", unknown)
    return unknown


async def add_slips(connection: AsyncConnection, new: pl.DataFrame) -> None:
    """Append slips that happen now; the same dates may be given up again."""
    await copied_in(connection, "feature_slips", new)
