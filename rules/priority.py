"""The priority of a location: what moving it brings, as parts, and what lifts or lowers it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from rules.activity import Activities, State
from rules.benefit import WEEKS_COUNTED, avoided_a_week, percentile_rank
from rules.figures import Amounts, Figures, Flags, measured, refuse, same_length
from rules.health import FULL, HealthScores
from rules.parameters import Parameters

MIDDLE = 0.5


@dataclass(frozen=True, eq=False)
class Circumstances:
    """What people decided about n locations, and what happened to their customers."""

    migrated: Flags  # [n]
    bump: Amounts  # [n] points of an approved escalation, 0 where there is none any more
    punts: Amounts  # [n] how often we moved the customer back

    @classmethod
    def of(cls, locations: pl.DataFrame, *, today: date) -> "Circumstances":
        """Read them from rows with migrated, bump, bump_until and punts, any of them absent.

        An empty cell is "no", "none" or "never". A bump counts up to the day of `bump_until`, and
        on without one. Raises ImpossibleFigures with the rows of bumps or punts that cannot be.
        """
        nothing = pl.repeat(None, locations.height, eager=True)
        migrated = locations.get_column("migrated", default=nothing).cast(pl.Boolean)
        until = locations.get_column("bump_until", default=nothing).cast(pl.Date)
        bump, punts = (
            np.nan_to_num(measured(name, locations.get_column(name, default=nothing)))
            for name in ("bump", "punts")
        )
        is_over = (until < today).fill_null(value=False).to_numpy()
        return cls(
            migrated=migrated.fill_null(value=False).to_numpy(),
            bump=np.where(is_over, 0.0, bump),
            punts=punts,
        )

    @classmethod
    def usual(cls, locations: int) -> "Circumstances":
        """Nobody has moved, nothing is escalated, nobody was moved back."""
        nothing = np.zeros(locations)
        return cls(nothing.astype(np.bool_), nothing, nothing)


@dataclass(frozen=True, slots=True)
class Priority:
    """The priority of one location as its parts, in points, in the order in which they count.

    benefit + health + volume + bump, at most 100, times `factor`, and at least `floor` where there
    is one. `is_complete` says that no part was assumed.
    """

    score: float
    benefit: float
    health: float
    volume: float
    bump: float
    factor: float
    floor: float | None
    is_complete: bool


@dataclass(frozen=True, eq=False)
class Priorities:
    """The priority of n locations and its parts; NaN for those not to be scheduled."""

    score: Amounts  # [n] 0-100
    benefit: Amounts  # [n] points, like the next three
    health: Amounts  # [n]
    volume: Amounts  # [n]
    bump: Amounts  # [n]
    factor: Amounts  # [n]
    floor: Amounts  # [n] NaN where there is none
    is_complete: Flags  # [n] no part was assumed
    benefit_rank: Amounts  # [n] in (0, 1); decides between equals

    def of(self, row: int) -> Priority | None:
        """One location, to be put in words; None when it is not to be scheduled."""
        if np.isnan(self.score[row]):
            return None
        floor = float(self.floor[row])
        return Priority(
            score=float(self.score[row]),
            benefit=float(self.benefit[row]),
            health=float(self.health[row]),
            volume=float(self.volume[row]),
            bump=float(self.bump[row]),
            factor=float(self.factor[row]),
            floor=None if np.isnan(floor) else floor,
            is_complete=bool(self.is_complete[row]),
        )

    def in_order(self, location_id: pl.Series) -> npt.NDArray[np.int64]:
        """The rows to be scheduled, highest priority first: i64[m].

        Equals are ordered by larger benefit, then by location id. Raises ImpossibleFigures when
        there are not as many ids as locations.
        """
        same_length(self.score.size, location_id=location_id.to_numpy())
        keys = pl.DataFrame(
            {"score": self.score, "benefit": self.benefit_rank, "id": location_id}
        ).with_row_index("row")
        ordered = keys.filter(pl.col("score").is_not_nan()).sort(
            "score", "benefit", "id", descending=[True, True, False]
        )
        return ordered["row"].cast(pl.Int64).to_numpy()


def priority(
    figures: Figures,
    activities: Activities,
    health: HealthScores,
    circumstances: Circumstances | None = None,
    parameters: Parameters | None = None,
) -> Priorities:
    """The priority of each location: 100 (0.55 B + 0.25 (1 - H/100) + 0.20 V), 0-100.

    B ranks missed orders avoided a week, V weekly orders, both among the locations that are to be
    scheduled: not churned and not moved yet. Then in this order: a bump is added, the sum is cut
    at 100, the inactive keep a quarter, and who was moved back twice gets at least 80 unless
    inactive. What is not known is assumed as the median of the portfolio; missed orders that are
    not known, at the usual rate. Raises ImpossibleFigures with the rows of a bump beyond the most,
    or when the arguments are of different locations.
    """
    parameters = parameters or Parameters()
    circumstances = circumstances or Circumstances.usual(figures.locations)
    _same_locations(figures.locations, activities, health, circumstances)
    chosen = parameters.priority
    refuse("bump", circumstances.bump > chosen.most_bump, f"at most {chosen.most_bump:g}")
    goes = (activities.state != State.churned) & ~circumstances.migrated
    rate = health.missed.rate(figures.missed_orders_28d, figures.orders_28d)
    benefit_rank = _rank(avoided_a_week(figures.orders_28d, rate, parameters), goes)
    volume_rank = _rank(figures.orders_28d / WEEKS_COUNTED, goes)
    lacking = 1 - _with_median(health.score, goes, FULL * MIDDLE) / FULL
    by_benefit, by_health, by_volume = (
        FULL * weight * np.where(goes, share, np.nan)
        for weight, share in zip(
            chosen.weights.as_array(), (benefit_rank, lacking, volume_rank), strict=True
        )
    )
    is_inactive = activities.state == State.inactive
    factor = np.where(is_inactive, chosen.inactive_factor, 1.0)
    is_floored = (circumstances.punts >= chosen.punts_to_floor) & ~is_inactive & goes
    floor = np.where(is_floored, chosen.floor, np.nan)
    in_all = by_benefit + by_health + by_volume + circumstances.bump
    return Priorities(
        score=np.fmax(np.minimum(in_all, FULL) * factor, floor),
        benefit=by_benefit,
        health=by_health,
        volume=by_volume,
        bump=circumstances.bump,
        factor=factor,
        floor=floor,
        is_complete=~np.isnan(figures.missed_orders_28d + figures.orders_28d + health.score),
        benefit_rank=benefit_rank,
    )


def _same_locations(
    locations: int, activities: Activities, health: HealthScores, circumstances: Circumstances
) -> None:
    same_length(
        locations,
        activities=activities.state,
        health=health.score,
        migrated=circumstances.migrated,
        bump=circumstances.bump,
        punts=circumstances.punts,
    )


def _rank(values: Amounts, goes: Flags) -> Amounts:
    """The percentile rank among those that go, in (0, 1); NaN for the others."""
    known = goes & ~np.isnan(values)
    ranks = np.full(values.size, np.nan)
    ranks[known] = percentile_rank(values[known])
    return np.where(goes, _with_median(ranks, goes, MIDDLE), np.nan)


def _with_median(values: Amounts, goes: Flags, otherwise: float) -> Amounts:
    """The values, where they are not known the median of those that go and are."""
    known = values[goes & ~np.isnan(values)]
    return np.where(np.isnan(values), np.median(known) if known.size else otherwise, values)
