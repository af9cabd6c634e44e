"""Matched controls: who has not moved and is most like a location that has."""

from dataclasses import dataclass

import numpy as np

from rules.figures import Amounts, Flags, same_length
from rules.guards import Checks
from rules.parameters import Parameters
from rules.problem import Counts

NOBODY = -1
LEVELS = (1 / 128, 1 / 32, 1 / 8, 1 / 2, 1.0)
"""How far is looked, in shares of what is allowed: first near by, further where few are found."""
AT_ONCE = 2_000_000
"""So many candidates are weighed at a time: about 100 MB."""


@dataclass(frozen=True, eq=False)
class Controls:
    """The controls of m locations, k at most for each, the nearest first; NOBODY where none is left."""

    row: Counts  # [m, k] rows of the locations that were given
    distance: Amounts  # [m, k] 0 is as alike as can be, at most the root of 2; inf for nobody

    @property
    def count(self) -> Counts:
        """How many each has, i64[m]; with 0 it cannot be judged, and says so."""
        return np.asarray((self.row != NOBODY).sum(axis=1))


def controls(
    region: Counts,
    health: Amounts,
    volume: Amounts,
    judged: Counts,
    may_be: Flags,
    parameters: Parameters | None = None,
) -> Controls:
    """Match the rows `judged`, i64[m], with those that `may_be` controls, bool[n].

    `region`, i64[n], `health`, 0 to 100, and `volume`, orders a week, are those of the day before
    the move, f64[n]. Who may be: not migrated before the last day that is looked at. A control is of
    the same region, its health at most 5 points away and its volume at most twice or half (both
    shifted by one order, for 0 has no half); the nearest in both, in these units, come first, and
    of those that are as near the ones in the rows after its own (after the last comes the first),
    so that not all have the same controls. Where health or volume is not known (NaN) there is no control.
    The same location may be a control of several. Raises ImpossibleFigures when lengths differ.
    """
    same_length(region.size, health=health, volume=volume, may_be=may_be)
    chosen = (parameters or Parameters()).checks
    places = _Places(region, _scaled(health, volume, chosen), may_be)
    found = Controls(
        np.full((judged.size, chosen.controls), NOBODY, dtype=np.int64),
        np.full((judged.size, chosen.controls), np.inf),
    )
    waiting = np.flatnonzero(places.is_known[judged])
    for radius in LEVELS:
        near = _Grid(places, radius)
        for some in near.portions(judged[waiting]):
            which = waiting[some]
            found.row[which], found.distance[which] = near.nearest(judged[which], chosen.controls)
        # Everybody within the radius was seen, so the last of enough is right if it is no further.
        waiting = waiting[found.distance[waiting, -1] > radius]
    return found


def _scaled(health: Amounts, volume: Amounts, chosen: Checks) -> Amounts:
    """Health and volume in units of how far controls may be apart: f64[n, 2]."""
    times = np.log1p(volume) / np.log(chosen.volume_apart)
    return np.stack([health / chosen.health_apart, times], axis=1)


class _Places:
    """Where locations lie, and the points at which there are some that may be controls.

    Many small locations have the same figures: they are one point, and are not weighed one by one.
    """

    def __init__(self, region: Counts, at: Amounts, may_be: Flags) -> None:
        self.region, self.at = np.unique(region, return_inverse=True)[1], at
        self.is_known: Flags = np.asarray(np.isfinite(at).all(axis=1))
        pool = np.flatnonzero(may_be & self.is_known)
        order = np.lexsort((pool, at[pool, 1], at[pool, 0], self.region[pool]))
        self.row = pool[order]
        differs = np.any(at[self.row[1:]] != at[self.row[:-1]], axis=1)
        differs |= self.region[self.row[1:]] != self.region[self.row[:-1]]
        is_first = np.concatenate([np.ones(min(1, pool.size), np.bool_), differs])
        self.begins = np.flatnonzero(is_first)
        self.sizes = np.diff(self.begins, append=pool.size)
        self._keys = (np.cumsum(is_first) - 1) * region.size + self.row

    def members(self, point: Counts, judged: Counts, most: int) -> tuple[Counts, Counts]:
        """The first rows of each point that come after the judged one: to which, and the rows."""
        taken = np.minimum(self.sizes[point], most)
        which = np.repeat(np.arange(point.size), taken)
        steps = np.arange(which.size) - np.repeat(np.cumsum(taken) - taken, taken)
        after = np.searchsorted(self._keys, point * self.region.size + judged, side="right")
        begins, sizes = self.begins[point], self.sizes[point]
        place = (after - begins)[which] + steps
        return which, self.row[begins[which] + place % sizes[which]]


class _Grid:
    """The points sorted into square cells, so that what is near lies in three runs of cells."""

    def __init__(self, places: _Places, radius: float) -> None:
        self._places = places
        cells = np.floor(np.nan_to_num(places.at) / radius).astype(np.int64)
        cells -= cells.min(axis=0, initial=0) - 1
        rows, self._columns = (cells.max(axis=0, initial=0) + 2).tolist()
        self._cell = (places.region * rows + cells[:, 0]) * self._columns + cells[:, 1]
        cell = self._cell[places.row[places.begins]]
        self._points = np.argsort(cell, kind="stable")
        self._cells = cell[self._points]

    def portions(self, judged: Counts) -> list[Counts]:
        """Which of these can be weighed at a time."""
        begins, ends = self._runs(judged)
        weighed = np.cumsum((ends - begins).sum(axis=0))
        cuts = np.flatnonzero(np.diff(weighed // AT_ONCE)) + 1
        return [part for part in np.split(np.arange(judged.size), cuts) if part.size]

    def nearest(self, judged: Counts, most: int) -> tuple[Counts, Amounts]:
        """The nearest of the pool within reach for each: rows and distances, [m, most]."""
        asks, point, distance = self._near(judged, most)
        # One more, for a location that may be a control is none of its own.
        which, row = self._places.members(point, judged[asks], most + 1)
        others = row != judged[asks[which]]
        which, row = which[others], row[others]
        asks, distance = asks[which], distance[which]
        further = (row - judged[asks]) % self._cell.size
        order = np.lexsort((further, distance, asks))
        asks, row, distance = asks[order], row[order], distance[order]
        rank = np.arange(asks.size) - np.searchsorted(asks, asks)
        kept = rank < most
        shape = (judged.size, most)
        found, away = np.full(shape, NOBODY, dtype=np.int64), np.full(shape, np.inf)
        found[asks[kept], rank[kept]] = row[kept]
        away[asks[kept], rank[kept]] = distance[kept]
        return found, away

    def _near(self, judged: Counts, most: int) -> tuple[Counts, Counts, Amounts]:
        """Who asks, for which points within reach, how far away: no more than can be needed."""
        begins, ends = self._runs(judged)
        lengths = (ends - begins).ravel()
        asks = np.tile(np.arange(judged.size), len(begins)).repeat(lengths)
        starts = np.cumsum(lengths) - lengths
        point = self._points[np.arange(lengths.sum()) - np.repeat(starts - begins.ravel(), lengths)]
        at = self._places.at
        apart = at[self._places.row[self._places.begins[point]]] - at[judged[asks]]
        within = (np.abs(apart) <= 1).all(axis=1)
        asks, point, apart = asks[within], point[within], apart[within]
        distance = np.hypot(apart[:, 0], apart[:, 1])
        order = np.lexsort((distance, asks))
        asks, point, distance = asks[order], point[order], distance[order]
        first = np.searchsorted(asks, asks)
        last = np.minimum(first + most, np.searchsorted(asks, asks, side="right") - 1)
        needed = distance <= distance[last]
        return asks[needed], point[needed], distance[needed]

    def _runs(self, judged: Counts) -> tuple[Counts, Counts]:
        """Where among the points the three runs of cells around each begin and end: i64[3, m] twice."""
        middle = self._cell[judged] + np.array([-1, 0, 1])[:, None] * self._columns
        return (
            np.searchsorted(self._cells, middle - 1, side="left"),
            np.searchsorted(self._cells, middle + 1, side="right"),
        )
