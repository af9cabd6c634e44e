"""Files as people have them, read as sheets of text; and the rejected rows written back."""

import csv
from pathlib import Path

import polars as pl
import xlsxwriter

from rules.columns import ROW
from store.delimited import read_delimited
from store.grids import UnreadableFile
from store.layout import RawSheet, lay_out
from store.signatures import is_workbook, refuse_others
from store.workbooks import read_workbook

__all__ = ["RawSheet", "UnreadableFile", "read_sheets", "write_rejects"]

PROBLEM = "problem"


def read_sheets(path: Path) -> list[RawSheet]:
    """Read every sheet of a file: Excel workbooks (.xlsx) and delimited text (.csv, .tsv, .txt).

    What a file is, its content tells, never its name. Rows are numbered as a spreadsheet shows
    them, exactly. Raises UnreadableFile, which says what happened and what to do instead.
    """
    refuse_others(path)
    grids = read_workbook(path) if is_workbook(path) else [read_delimited(path)]
    sheets = [lay_out(grid, path.name) for grid in grids if _holds_something(grid.frame)]
    if not sheets:
        raise UnreadableFile(
            path, "There is nothing in this file.", "Send one with a header row and rows below it."
        )
    return sheets


def _holds_something(frame: pl.DataFrame) -> bool:
    return any(column.null_count() < frame.height for column in frame)


def write_rejects(path: Path, sheet: RawSheet, rejects: pl.DataFrame) -> int:
    """Write the rejected rows of a sheet as that sheet, with a `problem` column at the end.

    `rejects` has the shape of `rules.columns.REJECTS`; all problems of a row are joined. An .xlsx
    path makes a workbook, any other CSV in UTF-8 with a byte order mark (Excel needs it) and the
    separator of the sheet. Text that a spreadsheet would run as a formula gets a single quote in
    front. A `problem` column that came back from an earlier round is replaced. Returns the number
    of rows written.
    """
    said = pl.concat_str(pl.col("column") + ": ", "problem", ignore_nulls=True)
    problems = rejects.group_by(ROW).agg(said.str.join(" ").alias(ROW + PROBLEM))
    kept = [name for name in sheet.headers if name != PROBLEM]
    titles = [t for n, t in zip(sheet.headers, sheet.titles, strict=True) if n != PROBLEM]
    rows = sheet.frame.join(problems, on=ROW, how="inner", maintain_order="left")
    rows = rows.select(_harmless(pl.col(name)) for name in (*kept, ROW + PROBLEM))
    header = pl.Series([*titles, PROBLEM], dtype=pl.String).to_frame("t")
    titles = header.select(_harmless(pl.col("t"))).to_series().to_list()
    if path.suffix.lower() == ".xlsx":
        _write_workbook(path, titles, rows)
    else:
        _write_delimited(path, titles, rows, sheet.separator or ",")
    return rows.height


def _harmless(text: pl.Expr) -> pl.Expr:
    """Text that no spreadsheet runs; numbers with a sign are left as they are."""
    runs = text.str.contains(r"^[=+\-@\t\r]") & ~text.str.contains(r"^[+-]?[\d.,\s]*$")
    return pl.when(runs).then(pl.lit("'") + text).otherwise(text).name.keep()


def _write_delimited(path: Path, titles: list[str], rows: pl.DataFrame, separator: str) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator).writerow(titles)
        file.write(
            rows.write_csv(include_header=False, separator=separator, line_terminator="\r\n")
        )


def _write_workbook(path: Path, titles: list[str], rows: pl.DataFrame) -> None:
    # Ids such as 007 and texts such as =SUM(A1) stay what they are.
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("rejects")
        for index, cells in enumerate((titles, *rows.iter_rows())):
            for column, cell in enumerate(cells):
                if cell is not None:
                    page.write_string(index, column, cell)
