"""The master sheet: one row a location, with the totals of the last four full weeks."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from bot.example.chance import Real, Whole, stream
from bot.example.dates import TODAY
from bot.example.history import (
    full_week,
    last_month,
    last_order_days,
    month_before,
    orders,
    this_week,
)
from bot.example.locations import Habit
from bot.example.vocabulary import vocabulary
from bot.example.world import World, location_ids, location_names, world

# Shares of locations that need what their brand waits for, and of brands that need printing.
MOST, SOME = 0.9, 0.12


def write_master_csv(
    path: Path, locations: int, customers: int, seed: int, *, today: date = TODAY
) -> None:
    """Write only the master sheet, as CSV with the canonical columns, of a world of any size."""
    master_sheet(world(today, seed, locations, customers)).write_csv(path, float_precision=2)


def master_sheet(places: World) -> pl.DataFrame:
    """Every location that has signed up, with the canonical columns; GMV in dollars."""
    here, merchants = places.locations, places.customers
    cities = vocabulary().cities
    owners = pl.Series([csa.email for csa in places.team])
    left = (here.habit == Habit.offboarded) & (here.stop <= this_week(places))
    sheet = pl.DataFrame(
        {
            "location_id": location_ids(places),
            "location_name": location_names(places),
            "customer_id": pl.Series(merchants.ids).gather(here.customer),
            "customer_name": pl.Series(merchants.names).gather(here.customer),
            "csa_email": owners.gather(merchants.owner[here.customer]),
            "region": pl.Series([city.region for city in cities]).gather(here.city),
            "timezone": pl.Series([city.timezone for city in cities]).gather(here.city),
            "status": pl.Series(["active", "offboarded"]).gather(left.astype(np.int64)),
            "requires": _required_features(places),
            "signed_up_on": pl.Series(here.signed_up, dtype=pl.Int64).cast(pl.Int32).cast(pl.Date),
            "last_order_on": last_order_days(places),
            **_totals(places),
        }
    )
    return sheet.filter(pl.col("signed_up_on") <= places.seen_on)


def _required_features(places: World) -> pl.Series:
    """The features each location needs, ';'-separated, in the order of their release."""
    merchants, customer = places.customers, places.locations.customer
    chance = stream(places.seed, "requires")
    likely = pl.Series([cuisine.wants or None for cuisine in vocabulary().cuisines])
    # A chain that waits for a feature has a few locations that can do without.
    waits = merchants.wants[customer] & (chance.random(len(customer)) < MOST)
    prints = (chance.random(len(merchants.size)) < SOME)[customer]
    needs = pl.DataFrame(
        {"prints": prints, "waits": waits, "wanted": likely.gather(merchants.cuisine[customer])}
    )
    printing = pl.when("prints").then(pl.lit("kitchen-printing"))
    awaited = pl.when("waits").then("wanted")
    both = pl.concat_str(printing, awaited, separator=";", ignore_nulls=True)
    return needs.select(requires=both.replace("", None))["requires"]


def _totals(places: World) -> dict[str, pl.Series]:
    weeks = [full_week(places, week) for week in last_month(places)]
    taken = _sum(week.orders for week in weeks)
    missed = _sum(week.missed for week in weeks)
    cancelled = _sum(week.cancelled for week in weeks)
    totals: dict[str, Whole | Real] = {
        "orders_28d": taken,
        "missed_orders_28d": missed,
        "cancelled_orders_28d": cancelled,
        "orders_prev_28d": _sum(orders(places, week) for week in month_before(places)),
        "open_hours_28d": _sum(week.open_hours for week in weeks),
        "online_hours_28d": _sum(week.online_hours for week in weeks),
        "gmv_28d": _gmv(places, taken - missed - cancelled),
    }
    return {name: pl.Series(name, total) for name, total in totals.items()}


def _sum(weeks: Iterable[Whole]) -> Whole:
    total: Whole = np.sum(list(weeks), axis=0, dtype=np.int64)
    return total


def _gmv(places: World, completed: Whole) -> Real:
    tickets = np.array([cuisine.ticket for cuisine in vocabulary().cuisines])
    usual = tickets[places.customers.cuisine[places.locations.customer]]
    pricing = 0.8 + 0.4 * stream(places.seed, "prices").random(len(completed))
    gmv: Real = np.round(completed * usual * pricing, 2)
    return gmv
