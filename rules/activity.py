"""Who is active, inactive or churned, by each location's own pace of ordering."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from rules.figures import Amounts, Figures, Flags, same_length
from rules.parameters import Parameters

Codes = npt.NDArray[np.int8]

OFFBOARDED = "offboarded"
"""The status of a location that left."""
SHEET_DAYS = 28


class State(IntEnum):
    """How much life there is in a location or a customer; more is less."""

    active = 0
    inactive = 1
    churned = 2


class Reason(IntEnum):
    """What a state was told by, in a closed list that has words for people."""

    nothing_known = 0
    new = 1
    as_usual = 2
    from_a_snapshot = 3
    unusual_silence = 4
    long_silence = 5
    never_ordered = 6
    offboarded = 7


@dataclass(frozen=True, slots=True)
class Activity:
    """What one location is, and why; `chance` is that of a silence as long at its own pace."""

    state: State
    reason: Reason
    silent_days: float | None
    chance: float | None


@dataclass(frozen=True, eq=False)
class Activities:
    """The state of n locations and what told it; NaN where days or chance are not known."""

    state: Codes  # [n] of State
    reason: Codes  # [n] of Reason
    silent_days: Amounts  # [n] without days that it was closed, where these are known
    log10_chance: Amounts  # [n]; the chance itself would underflow

    def of(self, row: int) -> Activity:
        """One location, to be put in words."""
        silent, log10 = float(self.silent_days[row]), float(self.log10_chance[row])
        return Activity(
            state=State(self.state[row]),
            reason=Reason(self.reason[row]),
            silent_days=None if np.isnan(silent) else silent,
            chance=None if np.isnan(log10) else 10**log10,
        )

    def of_customers(self, customer: npt.NDArray[np.int64], customers: int) -> Codes:
        """The state of each customer, i8[customers]; `customer` is i64[n], the one of each location.

        A customer is churned when all its locations are (or it has none), inactive when none is
        active.
        """
        states = np.full(customers, State.churned, dtype=np.int8)
        np.minimum.at(states, customer, self.state)
        return states


def activities(
    figures: Figures, offboarded: Flags | None = None, parameters: Parameters | None = None
) -> Activities:
    """Tell who is active from how long each location is silent, next to its own pace.

    The pace is the history's where there is one, else that of the sheet's 28 days. Where neither
    shows one (28 days without an order hide it), days alone decide, "from a snapshot". A location
    nothing is known of is active: no evidence is not silence. Raises ImpossibleFigures when
    `offboarded`, bool[n], has another length.
    """
    silence = (parameters or Parameters()).silence
    gone = np.zeros(figures.locations, np.bool_) if offboarded is None else offboarded
    same_length(figures.locations, offboarded=gone)
    orders, days = _pace(figures)
    silent = _silent_days(figures)
    log10 = log10_chance(orders, days, silent, parameters)
    paced = ~np.isnan(log10)
    none_at_all = (figures.orders_28d == 0) & np.isnan(figures.silent_days)
    waited = figures.days_since_sign_up >= silence.first_order_days

    unusual = (log10 < np.log10(silence.inactive_chance)) & (silent >= silence.inactive_days)
    ended = (log10 < np.log10(silence.churned_chance)) & (silent >= silence.churned_days)
    never = none_at_all & waited
    new = none_at_all & ~waited & ~np.isnan(figures.days_since_sign_up)
    long_ago = none_at_all & np.isnan(figures.days_since_sign_up)
    told = [
        (gone, State.churned, Reason.offboarded),
        (silent >= silence.surely_churned_days, State.churned, Reason.long_silence),
        (ended, State.churned, Reason.unusual_silence),
        (
            ~paced & (silent >= silence.snapshot_churned_days),
            State.churned,
            Reason.from_a_snapshot,
        ),
        (unusual, State.inactive, Reason.unusual_silence),
        (silent >= silence.surely_inactive_days, State.inactive, Reason.long_silence),
        (never, State.inactive, Reason.never_ordered),
        (new, State.active, Reason.new),
        (
            ~paced & (silent >= silence.snapshot_inactive_days) | long_ago,
            State.inactive,
            Reason.from_a_snapshot,
        ),
        (paced, State.active, Reason.as_usual),
        (~np.isnan(silent), State.active, Reason.from_a_snapshot),
    ]
    where = [condition for condition, _, _ in told]
    return Activities(
        state=_chosen(where, [state for _, state, _ in told], State.active),
        reason=_chosen(where, [reason for _, _, reason in told], Reason.nothing_known),
        silent_days=silent,
        log10_chance=log10,
    )


def log10_chance(
    orders: Amounts, days: Amounts, silent_days: Amounts, parameters: Parameters | None = None
) -> Amounts:
    """The logarithm of the chance to be silent as long, f64[n]; NaN where something is not known.

    `orders` came in `days` up to the last one, `silent_days` ago. ((b+T)/(b+T+g))^(a+x), the
    chance of no order in g days when rates of ordering are Gamma(a, b) and orders are Poisson
    (Fader and Hardie's reading of "silent by chance"). Its logarithm, for the power underflows.

    >>> two_a_week = log10_chance(np.array([16.0]), np.array([56.0]), np.array([30.0]))
    >>> round(10 ** float(two_a_week[0]), 6)
    0.000933
    """
    silence = (parameters or Parameters()).silence
    watched = silence.usual_days + days
    ratio = np.log10(watched / (watched + silent_days))
    return np.asarray((silence.usual_orders + orders) * ratio)


def _pace(figures: Figures) -> tuple[Amounts, Amounts]:
    """Orders, and the days up to the last of them in which they came."""
    by_history = (figures.cadence_orders > 0) & (figures.cadence_days > 0)
    in_sheet = (figures.silent_days < SHEET_DAYS) & (figures.orders_28d > 0)
    shown = np.where(in_sheet, np.maximum(1.0, SHEET_DAYS - figures.silent_days), np.nan)
    days = np.where(by_history, figures.cadence_days, shown)
    orders = np.where(by_history, figures.cadence_orders, figures.orders_28d)
    return orders, days


def _silent_days(figures: Figures) -> Amounts:
    closed = np.nan_to_num(figures.closed_days)
    return np.asarray(np.maximum(0.0, figures.silent_days - closed))


def _chosen(where: list[Flags], choices: list[State] | list[Reason], otherwise: IntEnum) -> Codes:
    codes = [np.int8(choice) for choice in choices]
    return np.select(where, codes, np.int8(otherwise)).astype(np.int8)
