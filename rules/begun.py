"""Which locations no plan moves any more: they have migrated, or are in a wave that was started."""

from datetime import date

import polars as pl

FLAGS = ("in_wave", "was_started", "came_back")


def with_waves(locations: pl.DataFrame) -> pl.DataFrame:
    """The locations with all that is known of their waves; what is absent or empty is not so.

    Each is in_wave (in the run of one that was started), was_started (that of its week was, with it or
    without), or came_back (one gave it back, and it has had no week since).
    """
    nothing = pl.repeat(value=False, n=locations.height, dtype=pl.Boolean, eager=True)
    return locations.with_columns(
        locations.get_column(name, default=nothing).fill_null(value=False).alias(name)
        for name in FLAGS
    )


def has_begun(first_monday: date) -> pl.Expr:
    """Of locations `with_waves`: not to be planned. Of a wave that never was the calendar tells."""
    week_has_begun = (pl.col("promised") < first_monday).fill_null(value=False)
    return pl.col("in_wave") | (week_has_begun & ~pl.col("was_started"))
