"""Seventeen weeks of trade, week by week; the master sheet's totals are sums of the same weeks."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from bot.example.blackouts import thanksgiving
from bot.example.chance import Claim, Real, Whole, stream
from bot.example.dates import EPOCH, week_of, weeks_of_history
from bot.example.locations import Habit
from bot.example.vocabulary import vocabulary
from bot.example.world import World, location_ids

A_MONTH = 4
"""Weeks."""


@dataclass(frozen=True)
class Week:
    """One week of every location: orders, those missed and cancelled, hours open and online."""

    orders: Whole
    missed: Whole
    cancelled: Whole
    open_hours: Whole
    online_hours: Whole


def orders(places: World, week: int) -> Whole:
    """Orders of each location in a week of the history, or in this week so far."""
    return stream(places.seed, f"orders of week {week}").poisson(_expected(places, week))


def full_week(places: World, week: int) -> Week:
    """Everything that is known of one full week of the history."""
    quality = stream(places.seed, f"quality of week {week}")
    taken = orders(places, week)
    missed = quality.binomial(taken, places.moves.missed(_missed_rate(places), week))
    cancelled = quality.binomial(taken - missed, _cancelled_rate(places))
    listed = stream(places.seed, "open hours").integers(8, 17, size=len(taken)) * 7
    listed *= _with_us(places, week)
    online = np.floor(listed * _share_online(places, week) + 0.5).astype(np.int64)
    return Week(taken, missed, cancelled, listed, online)


def this_week(places: World) -> int:
    """The place of the week that the sheets are of: it is not over, and not in the history yet."""
    return week_of(places.seen_on, places.today)


def last_month(places: World) -> range:
    """The last four full weeks."""
    return range(this_week(places) - A_MONTH, this_week(places))


def month_before(places: World) -> range:
    """The four full weeks before these."""
    return range(this_week(places) - 2 * A_MONTH, this_week(places) - A_MONTH)


def history_sheet(places: World, *, since: int = 0) -> pl.DataFrame:
    """One row a location and week, from the location's first week to its last with us.

    `since` leaves out the weeks before one, which were sent before.
    """
    mondays = weeks_of_history(places.today)
    weeks = range(since, this_week(places))
    rows = [_rows(places, week, mondays[week]) for week in weeks]
    return pl.concat(rows).sort("location_id", "week_start")


def last_order_days(places: World) -> pl.Series:
    """The date of each location's last order; null when it never had one."""
    chance = stream(places.seed, "last orders")
    first_week = (weeks_of_history(places.today)[0] - EPOCH).days
    gone = places.locations.habit == Habit.gone
    before = first_week - 1 - np.floor(300 * chance.random(len(gone)) ** 2).astype(np.int64)
    last = np.where(gone, before, -1)
    for week in range(this_week(places) + 1):
        taken = orders(places, week)
        # The latest of n moments spread evenly over the week's days.
        moment = chance.random(len(taken)) ** (1 / np.maximum(taken, 1))
        day = np.ceil(moment * _days_traded(places, week)).astype(np.int64) - 1
        last = np.where(taken > 0, first_week + 7 * week + np.maximum(day, 0), last)
    return (
        pl.Series(np.where(last < 0, 0, last), dtype=pl.Int32)
        .cast(pl.Date)
        .set(pl.Series(last < 0), None)
    )


def _rows(places: World, week: int, monday: date) -> pl.DataFrame:
    trade = full_week(places, week)
    sheet = pl.DataFrame(
        {
            "location_id": location_ids(places),
            "week_start": pl.repeat(monday, len(trade.orders), dtype=pl.Date, eager=True),
            "orders": trade.orders,
            "missed_orders": trade.missed,
            "cancelled_orders": trade.cancelled,
            "online_hours": trade.online_hours,
            "open_hours": trade.open_hours,
        }
    )
    return sheet.filter(pl.Series(_with_us(places, week)))


def _with_us(places: World, week: int) -> Claim:
    here = places.locations
    sunday = weeks_of_history(places.today)[week] + timedelta(days=6)
    signed_up = here.signed_up <= (sunday - EPOCH).days
    left = (here.habit == Habit.offboarded) & (week >= here.stop)
    here_then: Claim = signed_up & ~left
    return here_then


def _days_traded(places: World, week: int) -> int:
    return places.seen_on.weekday() if week == this_week(places) else 7


def _expected(places: World, week: int) -> Real:
    """The mean number of orders of each location in the week."""
    here = places.locations
    age = week - here.start
    trading = (age >= 0) & (week < here.stop)
    growing = np.where(here.habit == Habit.new, np.clip(0.4 + 0.15 * age, 0, 1), 1.0)
    slope = 0.03 + 0.06 * stream(places.seed, "slopes").random(len(age))
    falling = np.where(here.habit == Habit.fading, np.clip(1 - slope * (week - 6), 0.1, 1), 1.0)
    share = _days_traded(places, week) / 7
    usual = here.weekly * growing * falling * _season(places, week)
    return usual * trading * share * _holiday(places.today, week)


def _season(places: World, week: int) -> Real:
    """Ice cream falls to a third from September to January; all else keeps its level."""
    cold = np.array([cuisine.name == "ice cream" for cuisine in vocabulary().cuisines])
    monday = weeks_of_history(places.today)[0] + timedelta(weeks=week)
    # 1 in the last days of July, 0 half a year later.
    warmth = 0.5 + 0.5 * np.cos((monday.timetuple().tm_yday - 205) * 2 * np.pi / 365)
    by_cuisine = np.where(cold, 0.3 + 0.9 * warmth, 1.0)
    level: Real = by_cuisine[places.customers.cuisine[places.locations.customer]]
    return level


def _holiday(today: date, week: int) -> float:
    """Fewer orders in the weeks of Christmas and of Thanksgiving."""
    monday = weeks_of_history(today)[0] + timedelta(weeks=week)
    if date(monday.year, 12, 25) in _days(monday):
        return 0.88
    return 0.94 if thanksgiving(monday.year) in _days(monday) else 1.0


def _days(monday: date) -> list[date]:
    return [monday + timedelta(days=day) for day in range(7)]


def _missed_rate(places: World) -> Real:
    habit = places.locations.habit
    draw = stream(places.seed, "missed").random(len(habit)) ** 2
    usual, young, flaky = 0.006 + 0.05 * draw, 0.02 + 0.07 * draw, 0.09 + 0.2 * draw
    return np.where(habit == Habit.flaky, flaky, np.where(habit == Habit.new, young, usual))


def _cancelled_rate(places: World) -> Real:
    return 0.005 + 0.035 * stream(places.seed, "cancelled").random(len(places.locations.habit)) ** 2


def _share_online(places: World, week: int) -> Real:
    here = places.locations
    draw = stream(places.seed, "online").random(len(here.habit))
    usual = np.where(here.habit == Habit.flaky, 0.68 + 0.26 * draw, 0.93 + 0.07 * draw)
    dips = 0.04 * stream(places.seed, f"online in week {week}").random(len(here.habit))
    trading = (week >= here.start) & (week < here.stop)
    return (usual - dips) * trading
