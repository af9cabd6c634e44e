"""Checks: whether a location that moved is as well off as those like it that did not."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from rules.activity import Codes, log10_chance
from rules.controls import NOBODY, Controls
from rules.difference import Difference, Seen, difference
from rules.figures import Amounts, Flags, same_length
from rules.looks import Compared, Period
from rules.parameters import Parameters
from rules.problem import Counts
from rules.shrinkage import Prior, prior
from rules.spread import design_effects
from rules.verdicts import Check, Data, Verdict, Why
from rules.verdicts import Counts as Told


@dataclass(frozen=True, eq=False)
class Portfolio:
    """What n locations did in the weeks that are compared.

    `unmoved` are those that did not move before the last of these weeks was over: the controls are
    of them, and from them it is told what is usual and how much weeks differ anyway.
    """

    region: Counts
    before: Period
    after: Period
    unmoved: Flags

    def __post_init__(self) -> None:
        same_length(
            self.region.size,
            before=self.before.orders,
            after=self.after.orders,
            unmoved=self.unmoved,
        )


@dataclass(frozen=True, eq=False)
class Silences:
    """How long m locations have been silent since they moved, f64[m] each; NaN where not known.

    `orders` came in the `days` up to the last order; `before` are the days without an order that
    were over when it moved (0 if it has ordered since), `since` those from then on, without days on
    which it was closed.
    """

    orders: Amounts
    days: Amounts
    before: Amounts
    since: Amounts

    def log10_chance(self, parameters: Parameters | None = None) -> Amounts:
        """The chance to be silent that much longer, f64[m]: that of the whole silence, given its beginning.

        Whoever was silent before the move is expected to be silent after it.
        """
        return log10_chance(self.orders, self.days + self.before, self.since, parameters)


@dataclass(frozen=True, eq=False)
class Checks:
    """The checks of m locations, each an array of m."""

    verdict: Codes
    why: Codes
    difference: Difference
    volume: Amounts
    is_for_a_person: Flags
    look: int
    _evidence: "_Evidence"

    def of(self, row: int, locations: pl.Series, compared: Compared) -> Check:
        """One of them with its numbers; `locations` are the ids of the whole portfolio."""
        return Check(
            verdict=Verdict(int(self.verdict[row])),
            why=Why(int(self.why[row])),
            look=self.look,
            is_for_a_person=bool(self.is_for_a_person[row]),
            change=_told(self.difference.change[row]),
            low=_told(self.difference.low[row]),
            high=_told(self.difference.high[row]),
            volume=_told(self.volume[row]),
            data=self._evidence.of(row, locations, compared),
        )


def judge(
    portfolio: Portfolio,
    judged: Counts,
    controls: Controls,
    look: int,
    *,
    silences: Silences | None = None,
    lost_orders: Flags | None = None,
    parameters: Parameters | None = None,
) -> Checks:
    """Judge the rows `judged`, i64[m], next to their controls, at a look from 1 to 4.

    The missed rates of both are shrunk to what is usual (see `rules.shrinkage`), orders divided by
    their design effect first (see `rules.spread`). The change of a location less that of its
    controls, taken together, has limits of 90 % on each side (see `rules.difference`):

    - fail: orders were lost or stopped, whatever the rates; or it surely rose by more than 2 points.
    - pass: it surely rose by less than 1 point, and 0.8 of its orders are left, next to the controls.
    - inconclusive: anything else, and no data above all. After the last look a person decides.

    `silences` and `lost_orders`, bool[m], are of the judged. Raises ImpossibleFigures when lengths
    differ.
    """
    parameters = parameters or Parameters()
    chosen = parameters.checks
    lost = np.zeros(judged.size, np.bool_) if lost_orders is None else lost_orders
    same_length(judged.size, lost_orders=lost, controls=controls.count)
    chance = np.full(judged.size, np.nan)
    if silences:
        chance = silences.log10_chance(parameters)
    same_length(judged.size, silences=chance)
    evidence = _Evidence(portfolio, judged, controls, chance, lost, parameters)
    rose, volume = evidence.difference(), evidence.volume()
    stopped = chance < np.log10(chosen.stopped_chance)
    told = [
        (lost, Verdict.failed, Why.lost_orders),
        (stopped, Verdict.failed, Why.orders_stopped),
        (~evidence.has_data, Verdict.inconclusive, Why.no_data),
        (np.isnan(rose.change), Verdict.inconclusive, Why.no_controls),
        (rose.low > chosen.fail_above, Verdict.failed, Why.worse),
        (rose.high >= chosen.pass_below, Verdict.inconclusive, Why.not_sure_yet),
        (volume >= chosen.least_volume, Verdict.passed, Why.no_worse),
    ]
    where = [condition for condition, _, _ in told]
    verdict = np.select(where, [code for _, code, _ in told], Verdict.inconclusive)
    return Checks(
        verdict=verdict.astype(np.int8),
        why=np.select(where, [code for _, _, code in told], Why.fewer_orders).astype(np.int8),
        difference=rose,
        volume=volume,
        is_for_a_person=(verdict == Verdict.inconclusive) & (look >= chosen.looks),
        look=look,
        _evidence=evidence,
    )


class _Evidence:
    """What the verdicts are made from."""

    def __init__(
        self,
        portfolio: Portfolio,
        judged: Counts,
        controls: Controls,
        chance: Amounts,
        lost: Flags,
        parameters: Parameters,
    ) -> None:
        before, after = portfolio.before, portfolio.after
        self._portfolio, self._judged, self._controls = portfolio, judged, controls
        self._chance, self._lost, self._parameters = chance, lost, parameters
        self._alike = design_effects(
            portfolio.region,
            (before.orders, before.missed),
            (after.orders, after.missed),
            portfolio.unmoved,
            parameters,
        )
        self._usual = _usual(portfolio, parameters)
        known = ~np.isnan(before.orders + after.orders)
        self._comparable = known & portfolio.unmoved
        self.has_data = known[judged] & (before.orders[judged] > 0) & (after.orders[judged] > 0)

    def difference(self) -> Difference:
        """By how much the rate rose beyond that of the controls."""
        certainty = self._parameters.checks.certainty
        before, after = self._portfolio.before, self._portfolio.after
        own = difference(self._seen(before), self._seen(after), certainty)
        return own.less(difference(self._around(before), self._around(after), certainty))

    def volume(self) -> Amounts:
        """Orders a week after, as a share of those before, over the same of the controls."""
        before, after = self._portfolio.before.weekly, self._portfolio.after.weekly
        row, nobody = self._rows()
        theirs = [np.where(nobody, 0.0, weekly[row]).sum(axis=1) for weekly in (before, after)]
        with np.errstate(divide="ignore", invalid="ignore"):
            own = after[self._judged] / before[self._judged]
            volume = own / (theirs[1] / theirs[0])
        return np.where(np.isfinite(volume), volume, np.nan)

    def of(self, row: int, locations: pl.Series, compared: Compared) -> Data:
        """The numbers of one location."""
        own = self._judged[row]
        rows = [each for each in self._controls.row[row].tolist() if self._is_used(each)]
        before, after = self._portfolio.before, self._portfolio.after
        return Data(
            compared=compared,
            before=_counts(before, [own]),
            after=_counts(after, [own]),
            controls=tuple(locations[each] for each in rows),
            controls_before=_counts(before, rows),
            controls_after=_counts(after, rows),
            usual=(self._usual.hits, self._usual.trials),
            alike=float(self._alike[own]),
            stopped_chance=_told(10 ** self._chance[row]),
            lost_orders=bool(self._lost[row]),
            rules=self._parameters.checks.model_dump_json(),
        )

    def _is_used(self, row: int) -> bool:
        return row != NOBODY and bool(self._comparable[row])

    def _rows(self) -> tuple[Counts, Flags]:
        """The controls, and which of them are nobody or cannot be compared."""
        row = self._controls.row
        return row, np.asarray((row == NOBODY) | ~self._comparable[row])

    def _seen(self, period: Period) -> Seen:
        rows = self._judged
        return Seen.of(period.missed[rows], period.orders[rows], self._usual, self._alike[rows])

    def _around(self, period: Period) -> Seen:
        row, nobody = self._rows()
        orders = np.where(nobody, np.nan, period.orders[row])
        return Seen.of(period.missed[row], orders, self._usual, self._alike[row]).together


def _usual(portfolio: Portfolio, parameters: Parameters) -> Prior:
    """What is usual where nobody moved, as many orders strong as is assumed, at most.

    Where all locations are alike the fit is very sure of the usual rate, but of locations that did
    not move: it must not hide what moving did to one that did.
    """
    nobody = np.where(portfolio.unmoved, 0.0, np.nan)
    fitted = prior(portfolio.before.missed + nobody, portfolio.before.orders, parameters)
    strength = min(fitted.trials, parameters.prior_orders)
    return Prior(fitted.hits / fitted.trials * strength, strength, fitted.fitted)


def _counts(period: Period, rows: list[int]) -> Told:
    orders, missed = period.orders[rows], period.missed[rows]
    return Told(_told(orders.sum() if rows else np.nan), _told(missed.sum() if rows else np.nan))


def _told(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
