"""The spreadsheets of the example, as the people who keep them would send them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from bot.example import features
from bot.example.blackouts import blackout_sheet, first_blackouts
from bot.example.dates import TODAY, moved, week_of
from bot.example.escalated import escalated_sheet
from bot.example.history import history_sheet
from bot.example.master import master_sheet
from bot.example.names import KNOWN_BRANDS
from bot.example.past import IN_TRAINING, PLANNED_ON
from bot.example.people import csa_sheet
from bot.example.problems import new_stores_with_problems
from bot.example.workbooks import write_workbook
from bot.example.world import World, world

PROBLEM_FILE = "new-stores-with-problems.csv"
ESCALATED_FILE = "escalated-stores.csv"

# What the master sheet's keeper calls the canonical columns, in the keeper's order.
MASTER_HEADERS = {
    "location_id": "Store ID",
    "location_name": "Store name",
    "customer_id": "Account",
    "customer_name": "Account name",
    "csa_email": "CSA",
    "status": "Status",
    "region": "Region",
    "timezone": "Time zone",
    "requires": "Required features",
    "signed_up_on": "Signed up",
    "last_order_on": "Last order",
    "orders_28d": "Orders last 28 days",
    "orders_prev_28d": "Orders previous 28 days",
    "missed_orders_28d": "Missed orders last 28 days",
    "cancelled_orders_28d": "Cancelled orders last 28 days",
    "open_hours_28d": "Open hours",
    "online_hours_28d": "Online hours",
    "gmv_28d": "GMV last 28 days",
}

# Where a store's zone is its region's own, people leave it out.
REGION_ZONES = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Toronto",
    "Europe/London",
]

NOTES = ("Call before noon", "New manager since November", "Prefers e-mail", "Printer is slow")


def write_world(
    folder: Path,
    *,
    today: date = TODAY,
    seed: int = 2022,
    locations: int = 2_000,
    customers: int = 400,
) -> list[Path]:
    """Write the example's spreadsheets and return them in the order to import them.

    Two more are written and not returned: the file of new stores with problems, which is for a
    newcomer to try, and the list of escalated stores, which is for when there is a plan. Excel ends
    at 1,048,576 rows and is slow long before that: for benchmarks above about 100,000 locations use
    `bot.example.master.write_master_csv`. Raises ValueError when there are too few customers for
    the known brands, or fewer locations than customers.
    """
    return write_sheets(folder, world(today, seed, locations, customers))


def write_sheets(folder: Path, places: World) -> list[Path]:
    """The same of a world that is there already, in which somebody may have moved."""
    today = places.today
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PROBLEM_FILE).write_bytes(new_stores_with_problems(places))
    _csv(folder / ESCALATED_FILE, escalated_sheet(places))
    return [
        _csv(folder / "csas.csv", csa_sheet(places.team, today)),
        _roadmap(folder, features.SEPTEMBER, features.september_sheet(today), today),
        _roadmap(folder, features.NOVEMBER, features.november_sheet(today), today),
        write_roadmap(folder, today),
        _csv(folder / "blackouts.csv", blackout_sheet(today)),
        _master(folder / "master-sheet.xlsx", places),
        _csv(folder / "history.csv", history_sheet(places)),
    ]


def write_first_sheets(folder: Path, places: World) -> list[Path]:
    """Write what was known on the day that `places` are seen on, before anybody moved."""
    today, seen = places.today, f"{places.seen_on:%Y-%m}"
    folder.mkdir(parents=True, exist_ok=True)
    away = {
        csa.email: [moved(week, today) for week, csas in IN_TRAINING.items() if csa.email in csas]
        for csa in places.team
    }
    return [
        _csv(folder / f"csas-{seen}.csv", csa_sheet(places.team, today, away)),
        _roadmap(folder, features.SEPTEMBER, features.september_sheet(today), today),
        _roadmap(folder, features.NOVEMBER, features.november_sheet(today), today),
        _csv(folder / f"blackouts-{seen}.csv", first_blackouts(today, places.seen_on)),
        _csv(folder / f"master-sheet-{seen}.csv", first_stores(places)),
        _csv(folder / f"history-{seen}.csv", _of_first_stores(history_sheet(places), places)),
    ]


def write_newer_history(folder: Path, places: World, *, since: date) -> Path:
    """Write the weeks of trade of the first stores, from a Monday to the day of `places`."""
    rows = history_sheet(places, since=week_of(since, places.today))
    return _csv(folder / f"history-{places.seen_on}.csv", _of_first_stores(rows, places))


def write_roadmap(folder: Path, today: date) -> Path:
    """Write the roadmap as it is now."""
    return _book(folder / "features.xlsx", "Roadmap", features.current_sheet(today))


def first_stores(places: World) -> pl.DataFrame:
    """The master sheet that the migration began with: without the brands that came with today's."""
    first = replace(places, seen_on=moved(PLANNED_ON, places.today))
    came_later = pl.Series(places.customers.ids[: len(KNOWN_BRANDS)])
    return master_sheet(first).filter(~pl.col("customer_id").is_in(came_later.implode()))


def _of_first_stores(history: pl.DataFrame, places: World) -> pl.DataFrame:
    stores = first_stores(places)["location_id"]
    return history.filter(pl.col("location_id").is_in(stores.implode()))


def _roadmap(folder: Path, day: date, sheet: pl.DataFrame, today: date) -> Path:
    return _csv(folder / f"features-{moved(day, today):%Y-%m}.csv", sheet)


def _csv(path: Path, sheet: pl.DataFrame) -> Path:
    sheet.write_csv(path, float_precision=2)
    return path


def _book(path: Path, name: str, sheet: pl.DataFrame, title: str | None = None) -> Path:
    write_workbook(path, name, sheet, title)
    return path


def _master(path: Path, places: World) -> Path:
    title = f"Migration master sheet, exported {places.today.day} {places.today:%B %Y}"
    return _book(path, "Stores", _as_kept(master_sheet(places)), title)


def _as_kept(sheet: pl.DataFrame) -> pl.DataFrame:
    """The master sheet with its keeper's headers and habits; every row still says the same."""
    store, address, zone = pl.col("location_name"), pl.col("csa_email"), pl.col("timezone")
    note = pl.lit(pl.Series(NOTES)).gather(pl.int_range(pl.len()) % len(NOTES))
    return (
        sheet.with_columns(
            pl.when(_every(9)).then(store + " ").otherwise(store),
            pl.when(_every(17)).then(address.str.to_titlecase()).otherwise(address),
            pl.when(_every(5) & zone.is_in(REGION_ZONES))
            .then(None)
            .otherwise(zone)
            .alias("timezone"),
            pl.when(_every(41)).then(note).otherwise(None).alias("Notes"),
            pl.col("status").str.to_titlecase(),
            pl.col("requires").str.replace(";", "; "),
        )
        .select(*MASTER_HEADERS, "Notes")
        .rename(MASTER_HEADERS)
    )


def _every(nth: int) -> pl.Expr:
    """True in each nth row."""
    return pl.int_range(1, pl.len() + 1) % nth == 0
