"""The sheets of the example: what they hold, and that all of it agrees."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import available_timezones

import polars as pl

from bot.example.blackouts import PAUSE
from bot.example.dates import TODAY
from bot.example.moves import Moves
from bot.example.names import KNOWN_BRANDS
from bot.example.past import PLANNED_ON
from bot.example.people import CSAS
from bot.example.problems import PROBLEMS
from bot.example.sheets import (
    MASTER_HEADERS,
    PROBLEM_FILE,
    write_first_sheets,
    write_sheets,
    write_world,
)
from bot.example.world import location_ids, world
from rules.columns import Kind, guess_kind, map_columns

LAST_MONTH = (date(2021, 12, 13), date(2022, 1, 3))
MONTH_BEFORE = (date(2021, 11, 15), date(2021, 12, 6))


def _totals(history: pl.DataFrame, weeks: tuple[date, date]) -> pl.DataFrame:
    chosen = history.filter(pl.col("week_start").is_between(*weeks))
    return chosen.group_by("location_id").sum()


def test_the_files_come_in_the_order_of_their_import(tmp_path: Path) -> None:
    names = [path.name for path in write_world(tmp_path, locations=60, customers=20)]

    assert names == [
        "csas.csv",
        "features-2021-09.csv",
        "features-2021-11.csv",
        "features.xlsx",
        "blackouts.csv",
        "master-sheet.xlsx",
        "history.csv",
    ]
    assert (tmp_path / PROBLEM_FILE).exists()


def test_the_headers_of_every_sheet_are_understood(folder: Path) -> None:
    kept = pl.read_excel(folder / "master-sheet.xlsx", read_options={"header_row": 1})
    found = map_columns(Kind.master, kept.columns)

    assert {found.columns[column]: column for column in MASTER_HEADERS} == {
        header: column for column, header in MASTER_HEADERS.items()
    }
    assert found.ignored == ("Notes",)
    assert guess_kind(kept.columns) == Kind.master
    for name in ("csas", "history", "blackouts"):
        headers = (folder / f"{name}.csv").read_text("utf-8").partition("\n")[0].split(",")
        assert guess_kind(headers) == Kind(name)


def test_the_world_has_the_promised_size(master: pl.DataFrame) -> None:
    sizes = master.group_by("customer_id").len()["len"]

    assert master.height == master["location_id"].n_unique() == 2_000
    assert sizes.len() == master["customer_name"].n_unique() == 400
    assert (sizes <= 3).sum() > 200
    assert 3 <= (sizes >= 60).sum() <= 10


def test_every_customer_has_one_csa_of_the_team(master: pl.DataFrame, folder: Path) -> None:
    team = pl.read_csv(folder / "csas.csv")
    owners = master.with_columns(pl.col("csa_email").str.to_lowercase()).unique(
        ["customer_id", "csa_email"]
    )

    assert owners.height == 400
    assert set(owners["csa_email"]) == set(team["email"])
    assert team.height == 12


def test_ana_owns_joes_pizza_and_about_35_customers(master: pl.DataFrame) -> None:
    hers = master.filter(pl.col("csa_email").str.to_lowercase() == CSAS[0].email)

    assert "Joe's Pizza" in hers["customer_name"]
    assert 32 <= hers["customer_id"].n_unique() <= 38


def test_every_difficult_name_survives_the_sheet(master: pl.DataFrame) -> None:
    assert {brand.name for brand in KNOWN_BRANDS} <= set(master["customer_name"])


def test_the_sheets_totals_are_sums_of_the_history(
    master: pl.DataFrame, history: pl.DataFrame
) -> None:
    kinds = ["orders", "missed_orders", "cancelled_orders", "open_hours", "online_hours"]
    month = _totals(history, LAST_MONTH).rename({kind: f"sum_{kind}" for kind in kinds})
    both = master.join(month, on="location_id", how="left").with_columns(
        pl.col(f"sum_{kind}").fill_null(0) for kind in kinds
    )

    for kind in kinds:
        assert both[f"{kind}_28d"].to_list() == both[f"sum_{kind}"].to_list()


def test_the_previous_months_total_is_a_sum_of_the_history(
    master: pl.DataFrame, history: pl.DataFrame
) -> None:
    before = _totals(history, MONTH_BEFORE).select("location_id", "orders")
    both = master.join(before, on="location_id", how="left").with_columns(
        pl.col("orders").fill_null(0)
    )

    assert both["orders_prev_28d"].to_list() == both["orders"].to_list()


def test_the_last_order_agrees_with_the_history(
    master: pl.DataFrame, history: pl.DataFrame
) -> None:
    last_week = (
        history.filter(pl.col("orders") > 0).group_by("location_id").agg(pl.col("week_start").max())
    )
    both = master.join(last_week, on="location_id")
    since = both["last_order_on"] - both["week_start"]
    this_week = both["last_order_on"] >= date(2022, 1, 10)

    assert (this_week | ((since >= timedelta(0)) & (since < timedelta(days=7)))).all()
    assert (master["last_order_on"].drop_nulls() < TODAY).all()
    assert (master["last_order_on"] >= master["signed_up_on"]).drop_nulls().all()


def test_the_history_covers_four_months_of_full_weeks(history: pl.DataFrame) -> None:
    weeks = history["week_start"].unique().sort()

    assert weeks.len() == 17
    assert weeks[0] == date(2021, 9, 13)
    assert weeks[-1] == date(2022, 1, 3)
    assert (weeks.dt.weekday() == 1).all()


def test_no_location_misses_more_than_it_takes(history: pl.DataFrame) -> None:
    lost = history["missed_orders"] + history["cancelled_orders"]

    assert (lost <= history["orders"]).all()
    assert (history["online_hours"] <= history["open_hours"]).all()


def test_the_portfolio_has_every_kind_of_trouble(master: pl.DataFrame) -> None:
    quiet_days = (pl.lit(TODAY) - pl.col("last_order_on")).dt.total_days()
    taken = pl.col("orders_28d")
    kinds = master.select(
        stopped=quiet_days.is_between(8, 59).sum(),
        long_gone=(quiet_days >= 60).sum(),
        never=pl.col("last_order_on").is_null().sum(),
        new=(pl.col("signed_up_on") >= date(2021, 11, 1)).sum(),
        flaky=((taken >= 30) & (pl.col("missed_orders_28d") > taken * 0.1)).sum(),
        fading=((taken >= 30) & (taken < pl.col("orders_prev_28d") * 0.7)).sum(),
        offboarded=(pl.col("status") == "Offboarded").sum(),
        waiting=pl.col("requires").is_not_null().sum(),
    )

    assert all(count >= 10 for count in kinds.row(0))
    assert kinds["waiting"][0] < 1_000


def test_ice_cream_sells_less_in_winter(master: pl.DataFrame, history: pl.DataFrame) -> None:
    shops = master.filter(pl.col("customer_name").str.contains("Ice Cream|Gelat|Custard|Creamery"))
    weeks = (
        history.filter(pl.col("location_id").is_in(shops["location_id"].implode()))
        .group_by("week_start")
        .agg(pl.col("orders").sum())
        .sort("week_start")["orders"]
    )

    in_winter, in_autumn = weeks.tail(4).to_list(), weeks.head(4).to_list()

    assert sum(in_winter) < 0.7 * sum(in_autumn)


def test_three_features_slipped_since_november_and_one_of_them_twice(folder: Path) -> None:
    september = pl.read_csv(folder / "features-2021-09.csv", try_parse_dates=True)
    november = pl.read_csv(folder / "features-2021-11.csv", try_parse_dates=True)
    now = pl.read_excel(folder / "features.xlsx")

    def slipped(old: pl.DataFrame, new: pl.DataFrame) -> set[str]:
        both = old.join(new, on="key")
        later = both.filter(pl.col("target_release_on_right") > pl.col("target_release_on"))
        return set(later["key"])

    assert now.height == 6
    assert slipped(september, november) == {"loyalty"}
    assert slipped(november, now) == {"loyalty", "alcohol", "catering"}
    assert set(now.drop_nulls("released_on")["key"]) == {"gift-cards", "kitchen-printing"}


def test_the_sheets_refer_only_to_what_exists(
    master: pl.DataFrame, history: pl.DataFrame, folder: Path
) -> None:
    required = master["requires"].drop_nulls().str.split("; ").explode()
    blackouts = pl.read_csv(folder / "blackouts.csv")

    assert set(required) <= set(pl.read_excel(folder / "features.xlsx")["key"])
    assert set(master["timezone"].drop_nulls()) <= available_timezones()
    assert set(blackouts["region"]) - {"*"} <= set(master["region"])
    assert set(history["location_id"]) <= set(master["location_id"])


def test_the_blackouts_of_2022_fall_on_their_days(folder: Path) -> None:
    blackouts = pl.read_csv(folder / "blackouts.csv")
    first_days = dict(zip(blackouts["why"], blackouts["from"], strict=True))
    last_days = dict(zip(blackouts["why"], blackouts["to"], strict=True))

    assert first_days["Martin Luther King Jr. Day"] == "2022-01-17"
    assert first_days["Super Bowl weekend, busiest for pizza"] == "2022-02-10"
    assert (first_days["Easter"], last_days["Easter"]) == ("2022-04-14", "2022-04-19")
    assert first_days["Thanksgiving week"] == "2022-11-21"
    assert (blackouts["from"] <= blackouts["to"]).all()


def test_somebody_is_away_for_two_weeks_soon(folder: Path) -> None:
    team = pl.read_csv(folder / "csas.csv")

    assert "2022-01-24;2022-01-31" in team["leave_weeks"]


def test_the_file_with_problems_has_exactly_five(folder: Path, master: pl.DataFrame) -> None:
    lines = (folder / PROBLEM_FILE).read_bytes().decode("cp1252").splitlines()
    header, *rows = [line.split(";") for line in lines]
    columns = {header: column for column, header in MASTER_HEADERS.items()}
    stores = [
        {columns[name]: value for name, value in zip(header, row, strict=True)} for row in rows
    ]
    owners = {(one["customer_id"], one["customer_name"]) for one in master.to_dicts()}

    found = [
        (line, column, store[column])
        for line, store in enumerate(stores, start=2)
        for column in _wrong(store, owners)
    ]

    assert found == [(one.line, one.column, one.value) for one in PROBLEMS]


def _wrong(store: dict[str, str], owners: set[tuple[str, str]]) -> list[str]:
    wrong = []
    if (store["customer_id"], store["customer_name"]) not in owners:
        wrong.append("customer_id")
    if not store["orders_28d"].isdigit():
        wrong.append("orders_28d")
    elif int(store["missed_orders_28d"]) > int(store["orders_28d"]):
        wrong.append("missed_orders_28d")
    if store["timezone"] not in available_timezones():
        wrong.append("timezone")
    try:
        date.fromisoformat(store["signed_up_on"])
    except ValueError:
        wrong.append("signed_up_on")
    return wrong


def test_what_was_known_before_the_first_wave_agrees_with_what_is_known_today(
    tmp_path: Path, history: pl.DataFrame
) -> None:
    places = replace(world(TODAY), seen_on=PLANNED_ON)
    csas, *_, blackouts, master, then = write_first_sheets(tmp_path, places)
    stores = pl.read_csv(master, try_parse_dates=True)
    known = pl.read_csv(then, try_parse_dates=True)

    assert (stores["last_order_on"].drop_nulls() < PLANNED_ON).all()
    assert (stores["signed_up_on"] <= PLANNED_ON).all()
    assert not {brand.name for brand in KNOWN_BRANDS} & set(stores["customer_name"])
    assert set(known["location_id"]) <= set(stores["location_id"])
    assert known["week_start"].max() == date(2021, 11, 22)
    assert known.join(history, on=known.columns).height == known.height
    assert PAUSE[0].isoformat() in pl.read_csv(blackouts)["from"]
    assert "2021-12-13" in pl.read_csv(csas)["leave_weeks"][0]


def test_who_moves_misses_fewer_orders_from_then_on_and_some_miss_more(
    tmp_path: Path, history: pl.DataFrame
) -> None:
    moved_on = date(2021, 12, 14)
    here = world(TODAY)
    several = dict.fromkeys(range(100, 400), moved_on)
    after = replace(here, moves=Moves.of(several, 2_000, TODAY, here.seed))
    sheet = pl.read_csv(write_sheets(tmp_path, after)[-1], try_parse_dates=True)

    def rate(rows: pl.DataFrame, *, moved: bool, later: bool) -> float:
        ids = [location_ids(here)[place] for place in several]
        chosen = rows.filter(
            pl.col("location_id").is_in(ids) == moved,
            (pl.col("week_start") > moved_on) == later,
        ).sum()
        return float(chosen["missed_orders"][0] / chosen["orders"][0])

    before_it = {"moved": True, "later": False}
    assert rate(sheet, moved=True, later=True) < 0.8 * rate(history, moved=True, later=True)
    assert abs(rate(sheet, **before_it) - rate(history, **before_it)) < 0.002
    assert (
        abs(rate(sheet, moved=False, later=True) / rate(history, moved=False, later=True) - 1) < 0.1
    )
    worse = (after.moves.times > 1).sum()
    assert 0 < worse < 0.2 * len(several)
    assert sheet["orders"].to_list() == history["orders"].to_list()
