"""Dates as people write them: ISO, day first, month first, month names, Excel's day numbers."""

from datetime import date

import polars as pl

from rules.cells import Reading
from rules.columns import Column

EARLIEST = date(1990, 1, 1)
LATEST = date(2099, 12, 31)

_TIME = (
    r"(?i)[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AP]M)?"
    r"(?:Z| ?UTC| ?[+-][0-9]{2}:?[0-9]{2})?$"
)
_YEAR_FIRST = r"^(?<y>[0-9]{4})[-/.](?<m>[0-9]{1,2})[-/.](?<d>[0-9]{1,2})$"
_DIGITS = r"^(?<y>(?:19|20)[0-9]{2})(?<m>[0-9]{2})(?<d>[0-9]{2})$"
_DAY_NAME = r"^(?<d>[0-9]{1,2})[-. ]+(?<m>[A-Za-z]{3})[a-z]*[-., ]+(?<y>[0-9]{4}|[0-9]{2})$"
_NAME_DAY = r"^(?<m>[A-Za-z]{3})[a-z]*[. ]+(?<d>[0-9]{1,2})[, ]+(?<y>[0-9]{4})$"
_SERIAL = r"^[0-9]{5}(?:\.[0-9]+)?$"
_TWO_FIRST = r"^(?<a>[0-9]{1,2})[/\-](?<b>[0-9]{1,2})[/\-](?<y>[0-9]{4}|[0-9]{2})$"
# Nobody writes the month first with points.
_POINTED = r"^(?<d>[0-9]{1,2})\.(?<m>[0-9]{1,2})\.(?<y>[0-9]{4}|[0-9]{2})$"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Excel counts days from here (it believes that 1900 was a leap year).
_DAY_ZERO = date(1899, 12, 30)


def read_date(column: Column, cells: pl.Series, rows: pl.Series, today: date) -> Reading:
    """Dates from 1990 on; with `past` none after today, with `monday` only Mondays.

    In 03/04/2021 the column decides which is the day: if some rows can only be day first and none
    only month first, all are. Where the column does not tell, or tells both, such rows are
    rejected. Years of two digits are of this century. `rows` are the numbers people see.
    """
    table = pl.DataFrame([rows.alias("row"), cells.alias("cell")])
    table = table.with_columns(
        value=pl.when(pl.col("cell").str.len_bytes() == len("2022-01-15")).then(
            pl.col("cell").str.to_date("%Y-%m-%d", strict=False)
        )
    )
    notes: list[str] = []
    if table["value"].null_count() > table["cell"].null_count():
        # The same few dates come again and again, so each is read once.
        once = table.drop_nulls("cell").group_by("cell").agg(pl.all().first()).sort("row")
        read, notes = _written(once)
        answers = read.select("cell", "value", "problem")
        table = table.drop("value").join(answers, on="cell", how="left", maintain_order="left")
    else:
        table = table.with_columns(problem=pl.lit(None, dtype=pl.String))
    table = table.with_columns(problem=pl.coalesce("problem", _impossible(column, today)))
    fine = table.select(pl.when(pl.col("problem").is_null()).then(pl.col("value"))).to_series()
    return Reading(fine, table["problem"], notes)


def _written(table: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The same table with every way of writing read, and what is wrong with the others."""
    text = pl.col("text")
    table = table.with_columns(text=pl.col("cell").str.replace(_TIME, ""))
    two = text.str.extract_groups(_TWO_FIRST).struct
    a, b, year = two.field("a"), two.field("b"), two.field("y")
    table = table.with_columns(
        value=pl.coalesce(
            "value",
            *(_parts(text, how) for how in (_YEAR_FIRST, _DIGITS, _POINTED)),
            *(_parts(text, how, named=True) for how in (_DAY_NAME, _NAME_DAY)),
            _serial(text),
        ),
        day_first=_date(year, b, a),
        month_first=_date(year, a, b),
    )
    by_day, by_month = pl.col("day_first"), pl.col("month_first")
    day_only = table.filter(by_day.is_not_null() & by_month.is_null())
    month_only = table.filter(by_month.is_not_null() & by_day.is_null())
    decided = by_day if day_only.height else by_month
    if bool(day_only.height) == bool(month_only.height):
        decided = pl.when(by_day == by_month).then(by_day)
    sure = pl.when(by_month.is_null()).then(by_day).when(by_day.is_null()).then(by_month)
    table = table.with_columns(value=pl.coalesce("value", sure, decided))
    notes = _notes(table, day_only, month_only)
    return table.with_columns(problem=_unread(day_only, month_only)), notes


def _parts(text: pl.Expr, how: str, *, named: bool = False) -> pl.Expr:
    parts = text.str.extract_groups(how).struct
    month = parts.field("m")
    if named:
        numbers = pl.int_range(1, 13, eager=True).cast(pl.String)
        month = month.str.to_lowercase().replace_strict(_MONTHS, numbers, default=None)
    return _date(parts.field("y"), month, parts.field("d"))


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    short = year.str.len_bytes() == len("22")
    full = pl.when(short).then(pl.lit("20") + year).otherwise(year)
    iso = pl.concat_str(full, month.str.zfill(2), day.str.zfill(2), separator="-")
    return iso.str.to_date("%Y-%m-%d", strict=False)


def _serial(text: pl.Expr) -> pl.Expr:
    days = pl.when(text.str.contains(_SERIAL)).then(text).cast(pl.Float64).floor().cast(pl.Int32)
    return (days + (_DAY_ZERO - date(1970, 1, 1)).days).cast(pl.Date)


def _unread(day_only: pl.DataFrame, month_only: pl.DataFrame) -> pl.Expr:
    """Why a cell could not be read, with the dates it could be."""
    by_day, by_month = pl.col("day_first"), pl.col("month_first")
    reason = "no other date in this column tells the day from the month"
    if day_only.height and month_only.height:
        reason = (
            f'row {day_only["row"][0]} says "{day_only["cell"][0]}" and row '
            f'{month_only["row"][0]} says "{month_only["cell"][0]}", so both orders are in use'
        )
    either = pl.format(
        "It could be {} or {}: " + reason + ". Write it as {} or {}.",
        by_day.dt.strftime("%-d %B %Y"),
        by_month.dt.strftime("%-d %B %Y"),
        by_day,
        by_month,
    )
    missing = pl.col("cell").is_not_null() & pl.col("value").is_null()
    return (
        pl.when(missing & by_day.is_not_null() & by_month.is_not_null())
        .then(either)
        .when(missing)
        .then(pl.lit("This is not a date; write it like 2022-01-31."))
    )


def _notes(table: pl.DataFrame, day_only: pl.DataFrame, month_only: pl.DataFrame) -> list[str]:
    by_day, by_month = pl.col("day_first"), pl.col("month_first")
    either = table.filter(by_day.is_not_null(), by_month.is_not_null(), by_day != by_month)
    if bool(day_only.height) == bool(month_only.height) or not either.height:
        return []
    proof, order = (day_only, "day") if day_only.height else (month_only, "month")
    sample, row, told = either["cell"][0], proof["row"][0], proof["cell"][0]
    return [f'"{sample}" was read with the {order} first, because row {row} says "{told}".']


def _impossible(column: Column, today: date) -> pl.Expr:
    value = pl.col("value")
    latest, words = (today, f"after today, {today}") if column.past else (LATEST, "after 2099")
    problem = (
        pl.when(value > latest)
        .then(pl.format("{} is " + words + ".", value))
        .when(value < EARLIEST)
        .then(pl.format("{} is before 1990.", value))
    )
    if not column.monday:
        return problem
    monday = value.dt.truncate("1w")
    return problem.when(value != monday).then(
        pl.format(
            "{} is a {}; that week begins on Monday {}.", value, value.dt.strftime("%A"), monday
        )
    )


def read_weeks(column: Column, cells: pl.Series, rows: pl.Series, today: date) -> Reading:
    """Weeks as dates separated by ';', each the Monday of the week it lies in, each once."""
    table = pl.DataFrame([rows.alias("row"), cells.alias("cell")]).with_row_index("at")
    parts = table.with_columns(cell=pl.col("cell").str.split(";")).explode("cell")
    parts = parts.with_columns(cell=pl.col("cell").str.strip_chars().replace("", None))
    read = read_date(column, parts["cell"], parts["row"], today)
    parts = parts.with_columns(
        value=read.values.dt.truncate("1w"), problem=pl.format("{}: {}", "cell", read.problems)
    )
    weeks = parts.group_by("at", maintain_order=True).agg(
        pl.col("value").drop_nulls().unique().sort(),
        pl.col("problem").drop_nulls().str.join(" ").replace("", None),
    )
    notes = read.notes
    if (read.values != parts["value"]).any():
        notes = [*notes, "A date within a week stands for the week, from its Monday on."]
    return Reading(weeks["value"], weeks["problem"], notes)
