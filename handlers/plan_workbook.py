"""A plan as a workbook: waves, customers, locations, who has no date and why, and the load of each CSA."""

from io import BytesIO

import polars as pl
import xlsxwriter

from handlers.blocks import day
from handlers.import_words import called
from handlers.offline_planning import OfflinePlan
from handlers.plan_shown import WITHOUT_WEEK, at_most
from rules.activity import OFFBOARDED
from rules.adjusting import CHAPTERS, written
from rules.binding import Binding
from rules.calendar import monday_of
from rules.releases import features_of
from rules.wording import and_listed

MOST_ROWS = 1_048_575
"""Below its header a page holds no more."""

NOT_EARLIER = {
    Binding.first_open_week.value: "It is the first week planned.",
    Binding.feature.value: "A feature it needs is not released before.",
    Binding.blackout.value: "Nobody moves in the week before.",
    Binding.pilot.value: "The weeks before are for small, healthy customers.",
    Binding.capacity.value: "Its CSA has no room left in the weeks before.",
    Binding.ramp.value: "All CSAs together have no room left in the weeks before.",
    Binding.promise.value: "It was promised this week.",
    Binding.size.value: "It is too large for the room that is left in the weeks before.",
}
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def workbook_of(made: OfflinePlan) -> bytes:
    """The plan as an .xlsx file."""
    dates = _dates(made)
    pages = {
        "Summary": summary(made),
        "Waves": _waves(dates),
        "Customers": _customers(dates),
        "Locations": _locations(dates),
        "Without a date": _without(dates),
        "Load": _load(made, dates),
        "Parameters": _parameters(made),
        "Left out": _left_out(made),
    }
    content = BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        for name, rows in pages.items():
            for number, start in enumerate(range(0, max(1, rows.height), MOST_ROWS), 1):
                page = name if number == 1 else f"{name} {number}"
                rows[start : start + MOST_ROWS].write_excel(
                    book, page, autofit=rows.height < MOST_ROWS // 100, freeze_panes=(1, 0)
                )
    return content.getvalue()


def summary(made: OfflinePlan) -> pl.DataFrame:
    """The plan in words, and every default that was assumed."""
    outcome, answer = made.outcome, made.proposal.answer
    said = [
        ("Planned on", day(made.today)),
        ("First week planned", day(made.proposal.question.first_monday)),
        ("Locations with a date", f"{outcome.placed:,}"),
        ("Locations without a date", f"{sum(outcome.unplaced.values()):,}"),
        ("Offboarded, not planned", f"{outcome.offboarded:,}"),
        ("Cost", f"{outcome.cost:,.0f} (weeks of waiting, each location by its priority)"),
        ("Best possible", f"No plan of these sheets costs less than {outcome.bound:,.0f}."),
        ("How good it is", f"{at_most(outcome.gap)} above the best possible."),
        (
            "Rows left out",
            f"{made.rejected:,}, on the page “Left out”" if made.rejected else "none",
        ),
    ]
    if outcome.first_week and outcome.last_week:
        said.insert(2, ("First wave", day(outcome.first_week)))
        said.insert(3, ("Last wave", day(outcome.last_week)))
    if answer.cut_short:
        said.append(("Time", "The search ran out of time; another run may find a better plan."))
    said += [("Assumed", note) for note in made.notes]
    return pl.DataFrame(said, schema={"What": pl.String, "Value": pl.String}, orient="row")


def _dates(made: OfflinePlan) -> pl.DataFrame:
    """A row for each location: whose it is, its week or none, and why."""
    known = made.locations.select(
        "location_id", "location_name", "customer_name", "csa_email", "region"
    )
    dates = made.proposal.says.dates.select("location_id", "customer_id", "week", "binding")
    return dates.join(known, on="location_id", how="left").sort(
        "week", "customer_name", "customer_id", "location_id", nulls_last=True
    )


def _waves(dates: pl.DataFrame) -> pl.DataFrame:
    placed = dates.drop_nulls("week")
    waves = placed.group_by("week").agg(
        pl.len().alias("Locations"),
        pl.col("customer_id").n_unique().alias("Customers"),
        pl.col("csa_email").n_unique().alias("CSAs"),
    )
    return (
        waves.sort("week")
        .with_columns(pl.col("Locations").cum_sum().alias("Locations so far"))
        .rename({"week": "Monday"})
    )


def _customers(dates: pl.DataFrame) -> pl.DataFrame:
    """One row for each customer, its first week and the last; why not earlier is that of the first."""
    customers = dates.group_by("customer_id", "customer_name", "csa_email").agg(
        pl.len().alias("Locations"),
        pl.col("week").min().alias("First week"),
        pl.col("week").max().alias("Last week"),
        pl.col("week").is_null().sum().alias("Without a date"),
        pl.col("binding").sort_by("week", nulls_last=True).first().alias("binding"),
    )
    has_week = pl.col("First week").is_not_null()
    return customers.sort("First week", "customer_name", "customer_id", nulls_last=True).select(
        pl.col("customer_name").alias("Customer"),
        pl.col("customer_id").alias("Customer id"),
        pl.col("csa_email").alias("CSA"),
        "Locations",
        "First week",
        "Last week",
        "Without a date",
        pl.when(has_week).then(_not_earlier()).otherwise(_no_week()).alias("Why not earlier"),
    )


def _locations(dates: pl.DataFrame) -> pl.DataFrame:
    return dates.drop_nulls("week").select(
        pl.col("week").alias("Monday"),
        pl.col("location_id").alias("Location id"),
        pl.col("location_name").alias("Location"),
        pl.col("customer_name").alias("Customer"),
        pl.col("csa_email").alias("CSA"),
        pl.col("region").alias("Region"),
        _not_earlier().alias("Why not earlier"),
    )


def _without(dates: pl.DataFrame) -> pl.DataFrame:
    return dates.filter(pl.col("week").is_null()).select(
        pl.col("location_id").alias("Location id"),
        pl.col("location_name").alias("Location"),
        pl.col("customer_name").alias("Customer"),
        pl.col("csa_email").alias("CSA"),
        _no_week().alias("Why"),
    )


def _load(made: OfflinePlan, dates: pl.DataFrame) -> pl.DataFrame:
    """What each CSA does in each week up to the last wave, beside what it could."""
    question = made.proposal.question
    weeks = range(question.problem.weeks)
    mondays = pl.Series("Monday", [monday_of(week, question.first_monday) for week in weeks])
    owners = pl.Series("CSA", question.owners, dtype=pl.String)
    capacity = question.problem.capacity.ravel()
    planned = (
        dates.drop_nulls("week").group_by(CSA="csa_email", Monday="week").agg(Locations=pl.len())
    )
    last = dates["week"].max()
    return (
        owners.to_frame()
        .join(mondays.cast(pl.Date).to_frame(), how="cross")
        .with_columns(pl.Series("Capacity", capacity))
        .join(planned, on=["CSA", "Monday"], how="left", maintain_order="left")
        .with_columns(pl.col("Locations").fill_null(0))
        .filter(pl.col("Monday") <= pl.lit(last, pl.Date))
        .select("CSA", "Monday", "Locations", "Capacity")
    )


def _parameters(made: OfflinePlan) -> pl.DataFrame:
    rows = [
        (number.title, number.key, written(number.of(made.parameters)), number.description)
        for chapter in CHAPTERS
        for number in chapter.numbers
    ]
    names = ("Parameter", "Key", "Value", "What it is")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _left_out(made: OfflinePlan) -> pl.DataFrame:
    """Every row that could not be used, with the cell and why."""
    parts = [
        sheet.rejects.select(
            pl.lit(called(sheet)).alias("Sheet"),
            pl.col("row").alias("Row"),
            pl.col("column").alias("Column"),
            pl.col("value").alias("Value"),
            pl.col("problem").alias("Why"),
        )
        for sheet in made.sheets
    ]
    return pl.concat(parts)


def _not_earlier() -> pl.Expr:
    return pl.col("binding").replace(NOT_EARLIER)


def _no_week() -> pl.Expr:
    return pl.col("binding").map_elements(_why_none, return_dtype=pl.String)


def _why_none(why: str) -> str:
    """Why there is no week, as a sentence."""
    if waits := features_of(why):
        return f"It waits for {and_listed(waits)}, which has no release date."
    if why == OFFBOARDED:
        return "It is offboarded."
    words = WITHOUT_WEEK.get(why, why)
    return f"{words[:1].upper()}{words[1:]}."
