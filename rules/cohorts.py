"""Cohorts: the locations grouped by what decides their date, before any plan is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from rules.activity import Activities, State
from rules.calendar import Blackout, closed_weeks, monday_of, week_zero
from rules.figures import same_length
from rules.parameters import Parameters
from rules.releases import SEPARATOR, Features, release_of

Rows = npt.NDArray[np.int64]


class Decider(StrEnum):
    """What decides a location's date; the first of these that holds."""

    moved = "moved"
    churned = "churned"
    feature_without_date = "feature without a date"
    feature = "feature"
    blackout = "blackout"
    escalation = "escalation"
    inactive = "inactive"
    pilot = "pilot"
    ready = "ready"


@dataclass(frozen=True, slots=True)
class Cohort:
    """So many locations whose date is decided by the same thing.

    `features` are those waited for; `on` is the day of their release, or the first Monday without
    a blackout. A blackout without `on` closes every week that is planned.
    """

    decider: Decider
    locations: int
    features: tuple[str, ...] = ()
    on: date | None = None


@dataclass(frozen=True, eq=False)
class Cohorts:
    """Every location is in exactly one cohort; these are in the order of `Decider`, then by most."""

    found: tuple[Cohort, ...]
    row: Rows  # [n] which of `found` each location is in

    def of(self, location: int) -> Cohort:
        """The cohort of one location, by its row."""
        return self.found[int(self.row[location])]

    def locations(self, decider: Decider) -> int:
        """How many locations have their date decided by this."""
        return sum(cohort.locations for cohort in self.found if cohort.decider is decider)


def cohorts(
    locations: pl.DataFrame,
    activities: Activities,
    *,
    features: Features,
    blackouts: Sequence[Blackout],
    today: date,
    parameters: Parameters | None = None,
) -> Cohorts:
    """Group locations by what decides their date.

    `locations` has, any of them absent: requires ("a;b"), region, migrated, escalated and pilot; and
    `locations`, where a row stands for so many that are alike. An empty cell is "no" or "none". A
    feature without a day is one whose target has passed, that has none or that nobody knows; with
    several, the last one decides. A blackout decides when it closes the coming week to the region.
    Raises ImpossibleFigures when `activities` are of other locations.
    """
    parameters = parameters or Parameters()
    same_length(locations.height, activities=activities.state)
    told = _with_all_columns(locations).with_columns(
        state=pl.Series(activities.state, dtype=pl.Int8)
    )
    releases = _releases(told["requires"].unique(), features, today)
    openings = _openings(told["region"].unique(), blackouts, today, parameters)
    decided = (
        told.join(releases, on="requires", how="left", maintain_order="left")
        .join(openings, on="region", how="left", maintain_order="left")
        .with_columns(decider=_decider())
    )
    return _grouped(decided.select("decider", _features(), _on(), "locations"))


def _with_all_columns(locations: pl.DataFrame) -> pl.DataFrame:
    """The columns that are looked at, without empty cells."""
    nothing = pl.repeat(None, locations.height, eager=True)
    words = dict.fromkeys(("requires", "region"), "")
    flags = dict.fromkeys(("migrated", "escalated", "pilot"), False)
    dtypes = {"": pl.String, False: pl.Boolean, 1: pl.Int64}
    return pl.DataFrame(
        [
            locations.get_column(name, default=nothing)
            .cast(dtypes[usual])
            .fill_null(usual)
            .alias(name)
            for name, usual in (words | flags | {"locations": 1}).items()
        ]
    )


def _releases(required: pl.Series, features: Features, today: date) -> pl.DataFrame:
    """What each set of features waits for, until when."""
    releases = [release_of(requires, features, today) for requires in required]
    return pl.DataFrame(
        {
            "requires": required,
            "waits_for": [SEPARATOR.join(release.decided_by) for release in releases],
            "has_day": [release.has_day for release in releases],
            "released_on": [release.from_day for release in releases],
        },
        schema_overrides={
            "waits_for": pl.String,
            "has_day": pl.Boolean,
            "released_on": pl.Date,
        },
    )


def _openings(
    regions: pl.Series, blackouts: Sequence[Blackout], today: date, parameters: Parameters
) -> pl.DataFrame:
    """Whether the coming week is closed to each region, and the first Monday that is not."""
    monday, weeks = week_zero(today), parameters.weeks
    closed = closed_weeks(blackouts, regions.to_list(), monday, weeks, parameters.blackout_days)
    first = [int(np.argmin(row)) if not row.all() else None for row in closed]
    return pl.DataFrame(
        {
            "region": regions,
            "is_closed": closed[:, 0],
            "opens_on": [None if week is None else monday_of(week, monday) for week in first],
        },
        schema_overrides={"is_closed": pl.Boolean, "opens_on": pl.Date},
    )


def _decider() -> pl.Expr:
    order = (
        (pl.col("migrated"), Decider.moved),
        (pl.col("state") == State.churned, Decider.churned),
        (~pl.col("has_day"), Decider.feature_without_date),
        (pl.col("waits_for") != "", Decider.feature),
        (pl.col("is_closed"), Decider.blackout),
        (pl.col("escalated"), Decider.escalation),
        (pl.col("state") == State.inactive, Decider.inactive),
        (pl.col("pilot"), Decider.pilot),
    )
    decider = pl.lit(Decider.ready.value)
    for holds, name in reversed(order):
        decider = pl.when(holds).then(pl.lit(name.value)).otherwise(decider)
    return decider


def _features() -> pl.Expr:
    waits = pl.col("decider").is_in([Decider.feature.value, Decider.feature_without_date.value])
    return pl.when(waits).then("waits_for").otherwise(pl.lit("")).alias("features")


def _on() -> pl.Expr:
    return (
        pl.when(pl.col("decider") == Decider.feature.value)
        .then("released_on")
        .when(pl.col("decider") == Decider.blackout.value)
        .then("opens_on")
        .alias("on")
    )


def _grouped(decided: pl.DataFrame) -> Cohorts:
    key = ["decider", "features", "on"]
    places = {decider.value: place for place, decider in enumerate(Decider)}
    groups = (
        decided.group_by(key)
        .agg(pl.col("locations").sum())
        .sort(
            pl.col("decider").replace_strict(places, return_dtype=pl.Int64),
            -pl.col("locations"),
            "on",
            "features",
        )
        .with_row_index("row")
    )
    row = decided.join(groups, on=key, how="left", nulls_equal=True, maintain_order="left")["row"]
    found = tuple(
        Cohort(Decider(decider), locations, tuple(filter(None, features.split(SEPARATOR))), on)
        for _, decider, features, on, locations in groups.iter_rows()
    )
    return Cohorts(found, row.cast(pl.Int64).to_numpy())
