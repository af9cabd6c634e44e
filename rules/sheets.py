"""Check one sheet: typed rows, rejected rows with words, and notes on what was decided."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import polars as pl

from rules.agreement import FINDING, one_name, repeated_keys, two_owners, within_rows
from rules.cells import (
    Reading,
    read_email,
    read_features,
    read_id,
    read_outcome,
    read_status,
    read_text,
    read_timezone,
    read_yes_no,
    without_blanks,
)
from rules.columns import COLUMNS, REJECTS, ROW, CellType, Column, Kind, Mapping, map_columns
from rules.dates import read_date, read_weeks
from rules.numbers import read_number
from rules.sheet_words import SHEETS
from rules.wording import listed

EMPTY = "empty row"
TOTAL = "total row"

_NUMBERS = (CellType.whole_number, CellType.amount)
_TOTAL = r"(?i)^(?:(?:grand|sub|overall)?[ -]?totals?|sum|summe|gesamt|gesamtsumme)[ :.]*$"
_ERROR = r"^#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!|FIELD!|GETTING_DATA)$"
# What people write into a cell that has no date or number.
_NOTHING = ("-", "\u2013", "\u2014", "n/a", "na", "n.a.", "none", "null", "nil")
_LONGEST_NOTHING = 4


class MissingColumns(ValueError):
    """A sheet without a column that it must have; nothing of it was read."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.happened = (
            f"This is {SHEETS[mapping.kind]}, and has no column for {', '.join(mapping.missing)}."
        )
        self.remedy = "Add it, or rename the column that holds it. Nothing was read."
        super().__init__(f"{self.happened} {self.remedy}")


@dataclass(frozen=True)
class Checked:
    """One sheet, checked: every row of it is in exactly one of the three frames.

    `rows` has `row` and the canonical columns that the sheet has, typed as in SCHEMAS.
    `rejects` has the shape of REJECTS, in the order of the sheet, several for a row where several
    things are wrong. `passed_over` has `row` and `why`: total rows and empty rows.
    """

    mapping: Mapping
    rows: pl.DataFrame
    rejects: pl.DataFrame
    passed_over: pl.DataFrame
    notes: tuple[str, ...]


def check(
    kind: Kind,
    frame: pl.DataFrame,
    *,
    today: date,
    mapping: Mapping | None = None,
    broken: pl.DataFrame | None = None,
) -> Checked:
    """Check the text of a sheet.

    `frame` has `row` and text columns under their headers, as `store.spreadsheets.read_sheets`
    gives it; `broken` are rejects found when it was read, whose cells are not looked at.
    `mapping` is what a person confirmed, or else what the headers say. Dates after `today` are
    refused where they cannot be. Raises MissingColumns.

    A row with a key that is there twice is rejected unless it says exactly the same; a customer
    with several CSAs keeps the rows of the majority; a customer with several names keeps all its
    rows under the most frequent name, with a note.
    """
    mapping = mapping or map_columns(kind, frame.columns)
    if mapping.missing:
        raise MissingColumns(mapping)
    columns = [column for column in COLUMNS[kind] if column.name in mapping.columns]
    cells = frame.select(ROW, *(pl.col(mapping.columns[c.name]).alias(c.name) for c in columns))
    passed_over = _passed_over(cells, columns)
    broken = pl.DataFrame(schema=REJECTS) if broken is None else broken
    broken = _without(broken, passed_over)
    cells = _without(_without(cells, passed_over), broken)
    rows, findings, notes = _read(columns, cells, mapping, today)
    findings += [
        *within_rows(kind, rows, mapping.columns),
        *repeated_keys(kind, rows, mapping.columns),
    ]
    if kind is Kind.master:
        findings += two_owners(rows)
        rows, on_names = one_name(rows)
        notes += on_names
    rejects = _rejects(mapping, columns, cells, findings)
    return Checked(
        mapping=mapping,
        rows=_without(rows, rejects),
        rejects=pl.concat([broken, rejects]).sort(ROW, maintain_order=True),
        passed_over=passed_over,
        notes=(*_notes_on_columns(mapping), *_notes_on_totals(passed_over), *notes),
    )


def _without(frame: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    if not others.height:
        return frame
    return frame.join(others, on=ROW, how="anti", maintain_order="left")


def _passed_over(cells: pl.DataFrame, columns: list[Column]) -> pl.DataFrame:
    """Rows without any cell, and rows that say "Total" where a key or a name should be."""
    # A brand may be called Total; a row with an id besides is a row. Hardly any row passes the first
    # of its columns, and only those that do are looked at in the next.
    for column in columns:
        if column.type not in _NUMBERS:
            text = pl.col(column.name)
            cells = cells.filter(text.is_null() | text.str.contains(_TOTAL))
    words = [column.name for column in columns if column.type not in _NUMBERS]
    names = [column.name for column in columns]
    empty = pl.all_horizontal(pl.col(names).is_null())
    total = pl.any_horizontal(pl.col(words).is_not_null())
    why = pl.when(empty).then(pl.lit(EMPTY)).when(total).then(pl.lit(TOTAL))
    return cells.select(ROW, why=why).filter(pl.col("why").is_not_null())


def _read(
    columns: list[Column], cells: pl.DataFrame, mapping: Mapping, today: date
) -> tuple[pl.DataFrame, list[pl.DataFrame], list[str]]:
    """Every column typed, findings on single cells, and notes under the person's own headers."""
    # Polars works on one column with one core, and lets other threads run meanwhile.
    with ThreadPoolExecutor(max_workers=pl.thread_pool_size()) as threads:
        told = list(threads.map(lambda column: _read_column(column, cells, today), columns))
    rows = pl.DataFrame([cells[ROW], *(values for values, _, _ in told)])
    notes = [
        f"{mapping.columns[column.name]}: {note}"
        for column, (_, _, notes) in zip(columns, told, strict=True)
        for note in notes
    ]
    return rows, [findings for _, findings, _ in told], notes


def _read_column(
    column: Column, cells: pl.DataFrame, today: date
) -> tuple[pl.Series, pl.DataFrame, list[str]]:
    """One column typed, findings on its cells, and notes."""
    text, placeholders = _without_placeholders(column, cells[column.name])
    errors = text.str.contains(_ERROR).fill_null(value=False)
    reading = _reading(column, text.set(errors, None), cells[ROW], today)
    findings = _cell_findings(column, cells[ROW], text, errors, reading)
    return reading.values.alias(column.name), findings, [*placeholders, *reading.notes]


def _reading(column: Column, text: pl.Series, rows: pl.Series, today: date) -> Reading:
    match column.type:
        case CellType.date:
            return read_date(column, text, rows, today)
        case CellType.week_list:
            return read_weeks(column, text, rows, today)
        case CellType.whole_number | CellType.amount:
            return read_number(column, text)
        case _:
            return _WORDS[column.type](column, text)


_WORDS = {
    CellType.id: read_id,
    CellType.text: read_text,
    CellType.email: read_email,
    CellType.timezone: read_timezone,
    CellType.status: read_status,
    CellType.outcome: read_outcome,
    CellType.yes_no: read_yes_no,
    CellType.feature_list: read_features,
}


def _without_placeholders(column: Column, text: pl.Series) -> tuple[pl.Series, list[str]]:
    """The cells, empty where they only say that there is nothing: "-", "n/a", or an unseen space."""
    if column.type in (CellType.id, CellType.text):
        return without_blanks(text), []
    # They are short, and none begins with a digit: only such cells are looked at.
    doubtful = (
        (text.str.len_bytes() <= _LONGEST_NOTHING) & ((text < "0") | (text > ":"))
    ).arg_true()
    said = text.gather(doubtful)
    nothing = said.str.to_lowercase().is_in(_NOTHING)
    count = nothing.sum()
    if not count:
        return text, []
    words = listed(f'"{word}"' for word in said.filter(nothing).unique().sort())
    emptied = text.clone().scatter(doubtful.filter(nothing), None)
    return emptied, [f"{count:,} cells that say {words} were read as empty."]


def _cell_findings(
    column: Column, rows: pl.Series, text: pl.Series, errors: pl.Series, reading: Reading
) -> pl.DataFrame:
    must_be_filled = column.required and not column.may_wait
    problem = pl.coalesce(
        pl.when("error").then(pl.lit("The cell shows an error instead of a value.")),
        pl.when(pl.lit(must_be_filled) & pl.col("text").is_null()).then(pl.lit("It is empty.")),
        pl.col("problem"),
    )
    table = pl.DataFrame(
        [rows, text.alias("text"), errors.alias("error"), reading.problems.alias("problem")]
    )
    found = table.select(ROW, column=pl.lit(column.name), problem=problem)
    return found.filter(pl.col("problem").is_not_null())


def _rejects(
    mapping: Mapping, columns: list[Column], cells: pl.DataFrame, findings: list[pl.DataFrame]
) -> pl.DataFrame:
    """The findings beside what the cells say, under the person's own headers, in sheet order."""
    found = pl.concat([pl.DataFrame(schema=FINDING), *findings])
    parts = [
        found.filter(pl.col("column") == column.name)
        .join(cells.select(ROW, value=column.name), on=ROW, how="left", maintain_order="left")
        .select(ROW, column=pl.lit(mapping.columns[column.name]), value="value", problem="problem")
        for column in columns
    ]
    return pl.concat([pl.DataFrame(schema=REJECTS), *parts]).sort(ROW, maintain_order=True)


def _notes_on_columns(mapping: Mapping) -> list[str]:
    """Columns that are there twice; those that nobody knows are told with the mapping itself."""
    return [
        f'"{loser}" was not used, because "{winner}" is the same column.'
        for loser, winner in mapping.conflicts.items()
    ]


def _notes_on_totals(passed_over: pl.DataFrame) -> list[str]:
    return [
        f"{why.capitalize()}s were passed over: {listed(map(str, rows))}."
        for why in (TOTAL, EMPTY)
        if (rows := passed_over.filter(pl.col("why") == why)[ROW].to_list())
    ]
