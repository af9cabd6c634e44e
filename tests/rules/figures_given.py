"""Figures for the tests: a few by hand, and any at all by hypothesis."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from hypothesis import strategies as st

from rules.figures import Figures

TODAY = date(2022, 1, 15)
DATES = ("last_order_on", "signed_up_on")


def sheet(**columns: list[Any]) -> pl.DataFrame:
    """Rows of the master sheet; `silent` and `signed_up` are days before today."""
    for name, since in (("last_order_on", "silent"), ("signed_up_on", "signed_up")):
        if since in columns:
            columns[name] = [days_ago(days) for days in columns.pop(since)]
    schema = {name: pl.Date if name in DATES else pl.Float64 for name in columns}
    return pl.DataFrame(columns, schema=schema, strict=False)


def figures(**columns: list[Any]) -> Figures:
    return Figures.of(sheet(**columns), taken_on=TODAY)


def days_ago(days: int | None) -> date | None:
    return None if days is None else TODAY - timedelta(days=days)


@st.composite
def sheets(draw: st.DrawFn, least: int = 0, most: int = 12) -> pl.DataFrame:
    """Any small portfolio: each figure known or not, busy or idle, with a history or without."""
    n = draw(st.integers(least, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    busy = draw(st.sampled_from([1, 40, 2000]))
    orders = rng.integers(0, busy + 1, n)
    silent = rng.integers(0, draw(st.sampled_from([2, 40, 400])), n)
    columns: dict[str, Any] = {
        "orders_28d": np.where(silent >= 28, 0, orders),
        "orders_prev_28d": rng.integers(0, busy + 1, n),
        "open_hours_28d": rng.choice([0.0, 100.0, 400.0], n),
        "online_hours_28d": rng.choice([0.0, 50.0, 400.0], n),
        "cadence_orders": rng.integers(0, busy + 1, n),
        "cadence_days": rng.integers(1, 57, n),
        "silent": silent.tolist(),
        "signed_up": (silent + rng.integers(0, 900, n)).tolist(),
    }
    columns["missed_orders_28d"] = rng.integers(0, columns["orders_28d"] + 1)
    columns["cancelled_orders_28d"] = rng.integers(0, columns["orders_28d"] + 1)
    unknown = draw(st.sampled_from([0.0, 0.3, 1.0]))
    return sheet(
        **{
            name: [None if rng.random() < unknown else value for value in values]
            for name, values in columns.items()
        }
    )
