"""What the weeks of a history tell of a location's pace."""

from datetime import date, timedelta

import polars as pl
import pytest

from rules.activity import Reason, State, activities
from rules.cadence import with_cadence
from rules.figures import Figures

TODAY = date(2022, 1, 15)  # a Saturday
LAST_WEEK = date(2022, 1, 10)


def locations(*last_orders: date | None) -> pl.DataFrame:
    names = [chr(ord("a") + row) for row in range(len(last_orders))]
    schema = {"location_id": pl.String, "last_order_on": pl.Date}
    return pl.DataFrame({"location_id": names, "last_order_on": last_orders}, schema=schema)


def weeks(location: str, *orders: int, last: date = LAST_WEEK) -> pl.DataFrame:
    starts = [last - timedelta(weeks=ago) for ago in reversed(range(len(orders)))]
    return pl.DataFrame(
        {"location_id": [location] * len(orders), "week_start": starts, "orders": orders},
        schema={"location_id": pl.String, "week_start": pl.Date, "orders": pl.Int64},
    )


def test_the_pace_is_that_of_eight_weeks_up_to_the_last_order() -> None:
    told = with_cadence(
        locations(date(2022, 1, 16) - timedelta(weeks=2)),
        weeks("a", 100, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0),
        taken_on=TODAY,
    )
    assert told["cadence_orders"].to_list() == [56]
    assert told["cadence_days"].to_list() == [56]


def test_the_last_week_counts_up_to_the_last_order_and_missing_weeks_do_not_count() -> None:
    history = weeks("a", 5, 5, 5).filter(pl.col("week_start") != LAST_WEEK - timedelta(weeks=1))
    told = with_cadence(locations(date(2022, 1, 12)), history, taken_on=TODAY)
    assert told["cadence_orders"].to_list() == [10]
    assert told["cadence_days"].to_list() == [7 + 3]


def test_without_a_last_order_the_last_week_with_orders_tells_it() -> None:
    history = pl.concat([weeks("a", 3, 2, 0), weeks("b", 3, 2)])
    told = with_cadence(locations(None, None).drop("last_order_on"), history, taken_on=TODAY)
    assert told["last_order_on"].to_list() == [LAST_WEEK - timedelta(days=1), TODAY]


def test_weeks_without_an_open_hour_are_no_silence() -> None:
    history = weeks("a", *[70] * 8, 0, 0, 0).with_columns(
        open_hours=pl.when(pl.col("orders") > 0).then(60.0).otherwise(0.0)
    )
    told = with_cadence(locations(LAST_WEEK - timedelta(days=15)), history, taken_on=TODAY)
    assert told["closed_days"].to_list() == [7 + 7 + 6]
    figures = Figures.of(told, taken_on=TODAY)
    assert activities(figures).of(0).silent_days == 0


def test_a_location_without_history_keeps_its_place_and_is_told_from_the_sheet() -> None:
    sheet = locations(TODAY, date(2021, 12, 20), TODAY)
    told = with_cadence(sheet, weeks("c", 7, 7), taken_on=TODAY)
    assert told["location_id"].to_list() == ["a", "b", "c"]
    assert told["cadence_orders"].to_list() == [None, None, 14]
    told_b = activities(Figures.of(told, taken_on=TODAY)).of(1)
    assert (told_b.state, told_b.reason) == (State.inactive, Reason.from_a_snapshot)


@pytest.mark.parametrize("history", [weeks("a"), weeks("elsewhere", 1, 2)])
def test_a_history_of_nobody_here_tells_nothing(history: pl.DataFrame) -> None:
    told = with_cadence(locations(TODAY), history, taken_on=TODAY)
    assert told["cadence_orders"].to_list() == [None]
    assert told["closed_days"].to_list() == [None]
