"""What is known of each location's business, column by column; what is not known says so."""

from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from rules.wording import listed

Amounts = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

AHEAD = timedelta(days=1)
"""In Auckland it is tomorrow already."""
_PARTS = (("missed_orders_28d", "orders_28d"), ("cancelled_orders_28d", "orders_28d"))
_SINCE = {"silent_days": "last_order_on", "days_since_sign_up": "signed_up_on"}


class ImpossibleFigures(ValueError):
    """Figures that cannot be (negative, not a number, of another length); it names the rows."""


@dataclass(frozen=True, eq=False)
class Figures:
    """What is known of n locations, as f64[n] each; NaN is "not known", and nothing else is.

    Counts and hours are of the 28 days that end with the day the figures were taken on.
    `silent_days` and `days_since_sign_up` count from that day too, 0 where it is the same.
    """

    orders_28d: Amounts
    missed_orders_28d: Amounts
    cancelled_orders_28d: Amounts
    orders_prev_28d: Amounts
    open_hours_28d: Amounts
    online_hours_28d: Amounts
    silent_days: Amounts
    days_since_sign_up: Amounts
    cadence_orders: Amounts  # in the weeks up to the last order, see `rules.cadence`
    cadence_days: Amounts  # the days of those weeks
    closed_days: Amounts  # of the silent days

    @classmethod
    def of(cls, locations: pl.DataFrame, *, taken_on: date) -> "Figures":
        """Read them from rows with the canonical columns of the master sheet, any of them absent.

        `taken_on` is the day the figures are of, not the day they are looked at: a sheet that has
        become old makes nobody silent. An empty cell is "not known". Raises ImpossibleFigures
        with the rows, counted from 0, where a cell is NaN, infinite, negative, a part that is more
        than its whole, or a date after `taken_on` (but for the day that zones may be ahead).
        """
        counts = [field.name for field in fields(cls) if field.name not in _SINCE]
        unknown = pl.repeat(None, locations.height, eager=True)
        columns = {
            name: measured(name, locations.get_column(name, default=unknown)) for name in counts
        }
        for part, whole in _PARTS:
            refuse(part, columns[part] > columns[whole], f"no more than {whole}")
        since = {name: _days_before(locations, on, taken_on) for name, on in _SINCE.items()}
        return cls(**columns, **since)

    @property
    def locations(self) -> int:
        """How many locations there are."""
        return self.orders_28d.size


def measured(name: str, given: pl.Series | Amounts) -> Amounts:
    """Numbers from 0 as f64[n], with NaN for a null; raises ImpossibleFigures on any other NaN."""
    series = pl.Series(name, given)
    if not (series.dtype.is_numeric() or series.dtype == pl.Null):
        raise ImpossibleFigures(f"{name} must hold numbers, not {series.dtype}")
    missing = series.is_null().to_numpy()
    numbers = series.cast(pl.Float64).fill_null(0.0).to_numpy()
    refuse(name, ~np.isfinite(numbers), "a number; leave it empty where it is not known")
    refuse(name, numbers < 0, "0 or more")
    return np.where(missing, np.nan, numbers)


def refuse(name: str, wrong: Flags, wanted: str) -> None:
    """Raise ImpossibleFigures that names the rows where something is `wrong`, if any."""
    if wrong.any():
        rows = listed(str(row) for row in np.flatnonzero(wrong))
        raise ImpossibleFigures(f"{name} must be {wanted}: see rows {rows}, counted from 0")


def same_length(size: int, **columns: npt.NDArray[np.generic]) -> None:
    """Raise ImpossibleFigures that names the first column without `size` rows, if any."""
    for name, column in columns.items():
        if column.shape != (size,):
            raise ImpossibleFigures(f"{name} must have {size} rows, not {column.size}")


def _days_before(locations: pl.DataFrame, name: str, taken_on: date) -> Amounts:
    if name not in locations.columns:
        return np.full(locations.height, np.nan)
    days = (pl.lit(taken_on) - pl.col(name)).dt.total_days().cast(pl.Float64)
    before = locations.select(days.alias(name))[name].to_numpy()
    refuse(name, before < -AHEAD.days, f"on or before {taken_on}")
    return np.asarray(np.maximum(before, 0.0))
