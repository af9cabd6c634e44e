"""A synthetic portfolio to score, the same for a seed on every machine."""

from datetime import date

import numpy as np
import polars as pl

TODAY = date(2022, 1, 15)
UNKNOWN = 0.05


def portfolio(locations: int, seed: int = 0) -> pl.DataFrame:
    """Rows of the master sheet: many small locations and a few busy ones, some silent, some unknown."""
    rng = np.random.default_rng(seed)
    orders = np.rint(rng.lognormal(4.5, 1.4, locations)).clip(0, 50_000).astype(np.int64)
    silent = np.rint(rng.exponential(28 / (1 + orders / 4))).astype(np.int64)
    silent = np.where(rng.random(locations) < 0.05, rng.integers(10, 400, locations), silent)
    orders = np.where(silent >= 28, 0, orders)
    columns = {
        "orders_28d": orders,
        "missed_orders_28d": rng.binomial(orders, rng.beta(2, 48, locations)),
        "cancelled_orders_28d": rng.binomial(orders, rng.beta(2, 60, locations)),
        "orders_prev_28d": rng.poisson(orders * rng.lognormal(0, 0.2, locations)),
        "open_hours_28d": rng.uniform(100, 500, locations).round(1),
        "online_hours_28d": rng.uniform(50, 100, locations).round(1),
    }
    frame = pl.DataFrame(columns).with_columns(
        pl.when(pl.lit(rng.random(locations)) >= UNKNOWN).then(name).alias(name) for name in columns
    )
    days = pl.Series(silent).cast(pl.Duration("ms")) * 86_400_000
    known = pl.Series(rng.random(locations) >= UNKNOWN)
    return frame.with_columns(
        location_id=pl.Series([f"L{row:07}" for row in range(locations)]),
        last_order_on=pl.when(known).then((pl.lit(TODAY) - days).cast(pl.Date)),
        signed_up_on=pl.lit(date(2020, 1, 1)),
        status=pl.Series(np.where(rng.random(locations) < 0.01, "offboarded", "active")),
    )
