"""Files as people have them, read as sheets of text; and the rejected rows written back."""

import csv
import io
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import polars as pl
import xlsxwriter

from rules.columns import ROW
from store.delimited import read_delimited
from store.grids import UnreadableFile
from store.layout import RawSheet, lay_out
from store.signatures import is_workbook, refuse_others
from store.workbooks import read_workbook

__all__ = [
    "RawSheet",
    "UnreadableFile",
    "read_sheets",
    "rejected_rows",
    "sheet_of",
    "write_rejects",
]

PROBLEM = "problem"
_MOST_BYTES = 2 * 1024**3
# The same rows make the same workbook, byte for byte.
_ALWAYS = datetime(2022, 1, 1, tzinfo=UTC)


def read_sheets(path: Path) -> list[RawSheet]:
    """Read every sheet of a file: Excel workbooks (.xlsx) and delimited text (.csv, .tsv, .txt).

    What a file is, its content tells, never its name. Rows are numbered as a spreadsheet shows
    them, exactly. Raises UnreadableFile, which says what happened and what to do instead.
    """
    _refuse_no_file(path)
    refuse_others(path)
    grids = read_workbook(path) if is_workbook(path) else [read_delimited(path)]
    sheets = [lay_out(grid, path.name) for grid in grids if _holds_something(grid.frame)]
    if not sheets:
        raise UnreadableFile(
            path, "There is nothing in this file.", "Send one with a header row and rows below it."
        )
    return sheets


def _refuse_no_file(path: Path) -> None:
    """Raise UnreadableFile for what cannot be read twice, or ends never, or is too large."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        raise UnreadableFile(
            path, "The name of this file is not text in UTF-8.", "Rename it."
        ) from None
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise UnreadableFile(path, "This is a folder.", "Name the files in it.")
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableFile(
            path, "This is a pipe or a device, not a file.", "Save it as a file and import that."
        )
    if found.st_size > _MOST_BYTES:
        raise UnreadableFile(
            path, "This file is larger than 2 GB.", "Split it; several can be imported together."
        )


def _holds_something(frame: pl.DataFrame) -> bool:
    return any(column.null_count() < frame.height for column in frame)


def write_rejects(path: Path, sheet: RawSheet, rejects: pl.DataFrame) -> Path:
    """Write the rejected rows of a sheet, as `rejected_rows` makes them of the path's name.

    A file that is there is never written over, for it may be what was imported, or rejects that
    somebody has corrected: the rows then go beside it, to "x-2.csv" and so on. Returns where they
    are; raises OSError.
    """
    return _kept(path, rejected_rows(path.name, sheet, rejects))


def rejected_rows(name: str, sheet: RawSheet, rejects: pl.DataFrame) -> bytes:
    """The rejected rows of a sheet as that sheet, with a `problem` column at the end.

    `rejects` has the shape of `rules.columns.REJECTS`; all problems of a row are joined. A name with
    .xlsx makes a workbook, any other CSV in UTF-8 with a byte order mark (Excel needs it) and the
    separator of the sheet. Text that a spreadsheet would run as a formula gets a single quote in
    front. A `problem` column that came back from an earlier round is replaced.
    """
    said = pl.concat_str(pl.col("column") + ": ", "problem", ignore_nulls=True)
    problems = rejects.group_by(ROW).agg(said.str.join(" ").alias(ROW + PROBLEM))
    kept = [name for name in sheet.headers if name != PROBLEM]
    titles = [t for n, t in zip(sheet.headers, sheet.titles, strict=True) if n != PROBLEM]
    rows = sheet.frame.join(problems, on=ROW, how="inner", maintain_order="left")
    rows = rows.select(_harmless(pl.col(name)) for name in (*kept, ROW + PROBLEM))
    header = pl.Series([*titles, PROBLEM], dtype=pl.String).to_frame("t")
    titles = header.select(_harmless(pl.col("t"))).to_series().to_list()
    if name.lower().endswith(".xlsx"):
        return _workbook(titles, rows, "rejects")
    return _delimited(titles, rows, sheet.separator or ",")


def sheet_of(name: str, rows: pl.DataFrame, *, page: str) -> bytes:
    """Rows as a sheet that can be read again: days as ISO has them, no text is a formula.

    A name with .xlsx makes a workbook with one `page`, any other CSV; see `rejected_rows`.
    """
    cells = rows.select(_harmless(pl.col(each).cast(pl.String)) for each in rows.columns)
    if name.lower().endswith(".xlsx"):
        return _workbook(rows.columns, rows.select(pl.all().cast(pl.String)), page)
    return _delimited(rows.columns, cells, ",")


def _kept(path: Path, content: bytes) -> Path:
    """Where the content is: at the path, or beside what is there; where it is already, it stays."""
    if path.exists() and not path.is_file():
        path.write_bytes(content)  # a pipe or a device has nothing to lose
        return path
    for place in _places(path):
        try:
            file = place.open("xb")
        except FileExistsError:
            if _holds(place, content):
                return place
            continue
        try:
            with file:
                file.write(content)
        except OSError:
            place.unlink()
            raise
        return place
    raise AssertionError  # there is always a next number


def _places(path: Path) -> Iterator[Path]:
    yield path
    for number in count(2):
        yield path.with_stem(f"{path.stem}-{number}")


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _harmless(text: pl.Expr) -> pl.Expr:
    """Text that no spreadsheet runs; numbers with a sign are left as they are."""
    runs = text.str.contains(r"^[=+\-@\t\r]") & ~text.str.contains(r"^[+-]?[\d.,\s]*$")
    return pl.when(runs).then(pl.lit("'") + text).otherwise(text).name.keep()


def _delimited(titles: list[str], rows: pl.DataFrame, separator: str) -> bytes:
    header = io.StringIO(newline="")
    csv.writer(header, delimiter=separator).writerow(titles)
    body = rows.write_csv(include_header=False, separator=separator, line_terminator="\r\n")
    return (header.getvalue() + body).encode("utf-8-sig")


def _workbook(titles: list[str], rows: pl.DataFrame, page: str) -> bytes:
    # Ids such as 007 and texts such as =SUM(A1) stay what they are.
    options = {"in_memory": True, "constant_memory": True, "strings_to_formulas": False}
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": _ALWAYS})
        sheet = book.add_worksheet(page)
        for index, cells in enumerate((titles, *rows.iter_rows())):
            for column, cell in enumerate(cells):
                if cell is not None:
                    sheet.write_string(index, column, cell)
    return content.getvalue()
