"""Grants: what approved escalations give their locations, a day to go by and points until then."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

import polars as pl

from rules.quotas import Bump, in_force

GRANTED: dict[str, type[pl.DataType]] = {
    "location_id": pl.String,
    "csa_email": pl.String,
    "due_on": pl.Date,
    "points": pl.Float64,
    "given_on": pl.Date,
}
"""A row for each location of each escalation that is approved and not over; `points` may be null."""

_BUMPS: dict[str, type[pl.DataType]] = {
    "location_id": pl.String,
    "bump": pl.Float64,
    "bump_until": pl.Date,
}


def nothing_granted() -> pl.DataFrame:
    """Where no escalation was approved."""
    return pl.DataFrame(schema=GRANTED)


def granting(
    granted: pl.DataFrame,
    location_ids: Collection[str],
    *,
    csa_email: str,
    due_on: date,
    points: float,
    given_on: date,
) -> pl.DataFrame:
    """What would be granted if these locations were, too."""
    rows = [(location, csa_email, due_on, points, given_on) for location in location_ids]
    return pl.concat([granted, pl.DataFrame(rows, schema=GRANTED, orient="row")])


def with_grants(
    locations: pl.DataFrame, granted: pl.DataFrame, *, today: date, most: float
) -> pl.DataFrame:
    """The locations with due_on, bump and bump_until, all null where nothing was granted.

    Of several grants the earliest day is due, and the bump in force counts, with `most` points
    however many were given when more were allowed.
    """
    due = granted.group_by("location_id").agg(pl.col("due_on").min())
    given: dict[str, list[Bump]] = defaultdict(list)
    for location, csa, due_on, points, given_on in granted.select(*GRANTED).iter_rows():
        given[location].append(Bump(csa, min(points or 0.0, most), given_on, due_on))
    counting = ((location, in_force(bumps, today)) for location, bumps in given.items())
    bumps = [(location, bump.points, bump.until) for location, bump in counting if bump]
    told = pl.DataFrame(bumps, schema=_BUMPS, orient="row")
    return locations.join(due, on="location_id", how="left", maintain_order="left").join(
        told, on="location_id", how="left", maintain_order="left"
    )
