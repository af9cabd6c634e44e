"""What other parameters would do to a portfolio, before anybody saves them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from rules.activity import State
from rules.health import Colour, HealthScores
from rules.scoring import Scores

MOST_FIRST = 100
SHARE_FIRST = 10
MOST_MOVERS = 5
LEAST_CHANGE = 0.05
"""Points of priority that people see: they are shown with one digit."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A customer whose priority changes: mean points of its locations, and its place among all.

    Places count from 1, the highest priority first.
    """

    customer_id: str
    before: float
    after: float
    place_before: int
    place_after: int


@dataclass(frozen=True, slots=True)
class Effects:
    """What changes from one set of parameters to another, in locations unless it says otherwise.

    `colours` and `states` count before and after. `first` is how many customers are looked at from
    the top (100, or a tenth of all where that is less), and `new_first` how many of those are not
    among them now. `customers` are those with a priority before and after; `moved_places` of these
    are in another place. `gains` and `losses` are those whose points change most.
    """

    locations: int
    colours: Mapping[Colour, tuple[int, int]]
    recoloured: int
    states: Mapping[State, tuple[int, int]]
    restated: int
    customers: int
    first: int
    new_first: int
    moved_places: int
    gains: tuple[Mover, ...]
    losses: tuple[Mover, ...]

    @property
    def changes_scores(self) -> bool:
        """Whether anything that is shown of a location or a customer changes."""
        return bool(
            self.recoloured
            or self.restated
            or self.moved_places
            or self.new_first
            or self.gains
            or self.losses
        )


def effects(customers: pl.Series, before: Scores, after: Scores) -> Effects:
    """What changes from one scoring of n locations to another; `customers` is the customer of each."""
    old, new = before.health.counts, after.health.counts
    was, is_ = before.activity.state, after.activity.state
    places = _places(customers, before, after)
    both = places.drop_nulls()
    first = min(MOST_FIRST, -(-places.height // SHARE_FIRST))
    return Effects(
        locations=customers.len(),
        colours={colour: (old[colour], new[colour]) for colour in Colour},
        recoloured=int(np.count_nonzero(_colours(before.health) != _colours(after.health))),
        states={
            state: (int(np.count_nonzero(was == state)), int(np.count_nonzero(is_ == state)))
            for state in State
        },
        restated=int(np.count_nonzero(was != is_)),
        customers=both.height,
        first=first,
        new_first=places.filter(
            pl.col("place_after") <= first,
            pl.col("place_before").is_null() | (pl.col("place_before") > first),
        ).height,
        moved_places=both.filter(pl.col("place_before") != pl.col("place_after")).height,
        gains=_movers(both, descending=True),
        losses=_movers(both, descending=False),
    )


def _places(customers: pl.Series, before: Scores, after: Scores) -> pl.DataFrame:
    """Each customer's points and place before and after; null where it is not to be scheduled."""
    points = pl.DataFrame(
        {
            "customer_id": customers,
            "before": before.priority.score,
            "after": after.priority.score,
        }
    ).with_columns(pl.col("before", "after").fill_nan(None))
    each = points.group_by("customer_id").agg(pl.col("before", "after").mean())
    return each.with_columns(
        pl.struct(-pl.col(name), "customer_id")
        .rank("ordinal")
        .over(pl.col(name).is_null())
        .cast(pl.Int64)
        .alias(f"place_{name}")
        for name in ("before", "after")
    ).with_columns(
        pl.when(pl.col(name).is_not_null()).then(f"place_{name}").alias(f"place_{name}")
        for name in ("before", "after")
    )


def _movers(both: pl.DataFrame, *, descending: bool) -> tuple[Mover, ...]:
    """Those who gain most (or lose most), the most first."""
    change = pl.col("after") - pl.col("before")
    moved = both.filter(change >= LEAST_CHANGE if descending else change <= -LEAST_CHANGE)
    chosen = moved.sort(change, "customer_id", descending=[descending, False]).head(MOST_MOVERS)
    return tuple(Mover(**row) for row in chosen.iter_rows(named=True))


def _colours(health: HealthScores) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    limits = [health.parameters.amber, health.parameters.green]
    # A score that is not known is after all limits, apart from the others.
    return np.digitize(health.score, limits).astype(np.int8) + np.isnan(health.score)
