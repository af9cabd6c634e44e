"""The health score of a location: five components, a geometric mean, and what each takes away."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from rules.activity import Activities
from rules.figures import Amounts, Figures, Flags, same_length
from rules.groups import Health
from rules.parameters import Parameters
from rules.shrinkage import Prior, prior

FULL, LEAST = 100.0, 1.0
"""A component is at least 1 in the mean: one that fails ruins the score, and is not the only one."""


class Component(StrEnum):
    """What health is made of, in the order of the weights."""

    reliability = "reliability"
    cancellations = "cancellations"
    activity = "activity"
    trend = "trend"
    availability = "availability"


class Colour(StrEnum):
    """What a score asks for: green nothing, amber a look the week after, red a call before."""

    green = "green"
    amber = "amber"
    red = "red"
    no_data = "no data"


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a location: its own score, and the points of health it takes away."""

    score: float
    lost: float


@dataclass(frozen=True, slots=True)
class HealthScore:
    """The health of one location; without any component there is no score."""

    score: float | None
    colour: Colour
    is_sure: bool
    parts: Mapping[Component, Part]

    @property
    def largest_loss(self) -> Component | None:
        """What there is to talk about: the component that takes most away, if any does."""
        losing = [component for component, part in self.parts.items() if part.lost > 0]
        return max(losing, key=lambda component: self.parts[component].lost, default=None)


@dataclass(frozen=True, eq=False)
class HealthScores:
    """The health of n locations; NaN where there is no figure for it."""

    score: Amounts  # [n] 0-100
    component: Amounts  # [5, n] 0-100, in the order of `Component`
    lost: Amounts  # [5, n] points; a location's add up to 100 - score
    is_sure: Flags  # [n] enough orders and components
    missed: Prior
    cancelled: Prior
    parameters: Health

    def of(self, row: int) -> HealthScore:
        """One location, to be put in words."""
        score = float(self.score[row])
        parts = {
            component: Part(float(self.component[at, row]), float(self.lost[at, row]))
            for at, component in enumerate(Component)
            if not np.isnan(self.component[at, row])
        }
        return HealthScore(
            score=None if np.isnan(score) else score,
            colour=self._colour(score),
            is_sure=bool(self.is_sure[row]),
            parts=parts,
        )

    @property
    def counts(self) -> dict[Colour, int]:
        """How many locations have each colour."""
        known = self.score[~np.isnan(self.score)]
        green = int(np.count_nonzero(known >= self.parameters.green))
        red = int(np.count_nonzero(known < self.parameters.amber))
        return {
            Colour.green: green,
            Colour.amber: known.size - green - red,
            Colour.red: red,
            Colour.no_data: self.score.size - known.size,
        }

    def _colour(self, score: float) -> Colour:
        if np.isnan(score):
            return Colour.no_data
        if score >= self.parameters.green:
            return Colour.green
        return Colour.amber if score >= self.parameters.amber else Colour.red


def health(
    figures: Figures, activities: Activities, parameters: Parameters | None = None
) -> HealthScores:
    """The health score of each location: exp(sum of w ln max(s, 1) / sum of w), 0-100.

    A geometric mean over the components that are known, so that volume cannot hide failure. Without
    orders in 28 days reliability and cancellations are not known: no evidence is not health. Rates
    are shrunk to the portfolio, see `rules.shrinkage`. Raises ImpossibleFigures when `activities`
    are of other locations.
    """
    parameters = parameters or Parameters()
    same_length(figures.locations, activities=activities.state)
    missed = prior(figures.missed_orders_28d, figures.orders_28d, parameters)
    cancelled = prior(figures.cancelled_orders_28d, figures.orders_28d, parameters)
    component = _components(figures, activities, (missed, cancelled), parameters)
    weights = parameters.health.weights.as_array()
    component[weights == 0] = np.nan
    score, lost = _mean(component, weights)
    known = np.count_nonzero(~np.isnan(component), axis=0)
    return HealthScores(
        score=score,
        component=component,
        lost=lost,
        is_sure=(figures.orders_28d >= parameters.health.sure_orders)
        & (known >= parameters.health.sure_components),
        missed=missed,
        cancelled=cancelled,
        parameters=parameters.health,
    )


def _components(
    figures: Figures, activities: Activities, priors: tuple[Prior, Prior], parameters: Parameters
) -> Amounts:
    """f64[5, n], 0-100 each; NaN where it is not known."""
    chosen = parameters.health
    orders, before = figures.orders_28d, figures.orders_prev_28d
    missed, cancelled = priors
    worst_silence = np.log10(parameters.silence.churned_chance)
    usual_silence = np.log10(chosen.usual_silence)
    return np.stack(
        [
            _from_rate(missed, figures.missed_orders_28d, orders, chosen.worst_missed),
            _from_rate(cancelled, figures.cancelled_orders_28d, orders, chosen.worst_cancelled),
            _between(worst_silence, usual_silence, activities.log10_chance),
            _between(
                chosen.worst_trend,
                1.0,
                np.where(
                    (orders > 0) | (before > 0),
                    (orders + chosen.trend_padding) / (before + chosen.trend_padding),
                    np.nan,
                ),
            ),
            _between(
                chosen.worst_availability,
                chosen.best_availability,
                np.divide(
                    figures.online_hours_28d,
                    figures.open_hours_28d,
                    out=np.full(figures.locations, np.nan),
                    where=figures.open_hours_28d > 0,
                ),
            ),
        ]
    )


def _from_rate(usual: Prior, hits: Amounts, orders: Amounts, worst: float) -> Amounts:
    seen = (orders > 0) & ~np.isnan(hits)
    return np.where(seen, _between(worst, 0.0, usual.rate(hits, orders)), np.nan)


def _between(nothing: float, everything: float, values: Amounts) -> Amounts:
    """0 at `nothing`, 100 at `everything`, straight between and flat beyond."""
    return np.asarray(FULL * np.clip((values - nothing) / (everything - nothing), 0.0, 1.0))


def _mean(component: Amounts, weights: Amounts) -> tuple[Amounts, Amounts]:
    """The geometric mean of the known components, f64[n], and the points each takes, f64[5, n]."""
    known = ~np.isnan(component)
    shortfall = np.log(FULL / np.maximum(np.where(known, component, FULL), LEAST))
    shortfall *= weights[:, None]
    in_all = shortfall.sum(axis=0)
    counted = weights @ known
    is_scored = counted > 0
    score = np.where(is_scored, FULL * np.exp(-in_all / np.where(is_scored, counted, 1.0)), np.nan)
    share = shortfall / np.where(in_all > 0, in_all, 1.0)
    return score, np.where(known, share * (FULL - score), np.nan)
