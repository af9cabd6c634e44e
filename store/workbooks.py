"""Excel workbooks (.xlsx): every sheet as a grid of the text a person sees."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import fastexcel
import polars as pl

from store.grids import Grid, UnreadableFile, letters, stripped
from store.unpacking import Unpacking

# A sheet this wide and long is a stray mark far from the table; reading it would take gigabytes.
_MOST_CELLS = 60_000_000
_ERROR_CELL = re.compile(
    rb'(?s)<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)([0-9]+)"[^>]*>'
    rb"(?:<f[^>]*/>|<f.*?</f>)?<v>(.*?)</v>"
)
# What the end of a cell looks like whose formula nobody has worked out yet.
_NO_RESULT = re.compile(rb"(?:</f>|<f\b[^<>]*/>)(<v\s*/>|<v></v>)?</c>")
_ROW = re.compile(rb'<row\b[^>]*?\br="([0-9]+)"')
# Columns A to Z count as 26, so that ordinary sheets have no such cell to look at.
_WIDE_CELL = re.compile(rb' r="([A-Z]{2,3})([0-9]+)"')
_LETTERS = 26

# Row and column, both from 0, and what the cell shows.
ErrorCell = tuple[int, int, str]


@dataclass(frozen=True)
class Seen:
    """What the XML of a sheet says beyond what its reader gives."""

    errors: list[ErrorCell]
    without_result: int


def read_workbook(path: Path) -> list[Grid]:
    """Read the sheets of a workbook, in order; sheets without any cell are left out.

    Whole numbers carry no ".0", dates are ISO text, booleans "true" and "false", and cells in
    error keep what they show, such as "#REF!". Raises UnreadableFile.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            unpacking = Unpacking(path, archive)
            parts = _parts(archive)
            unpacking.others(set(parts.values()))
            seen = {}
            for name, part in parts.items():
                with closing(unpacking.chunks(part)) as pieces:
                    seen[name] = _look_through(path, name, pieces)
            reader = fastexcel.read_excel(str(path))
            grids = [_grid(reader, name, seen[name]) for name in reader.sheet_names]
    except (
        zipfile.BadZipFile,
        ET.ParseError,
        KeyError,
        StopIteration,
        fastexcel.FastExcelError,
    ) as error:
        raise UnreadableFile(
            path,
            "This workbook is damaged or was not saved completely.",
            'Open it in Excel, save it again as "Excel Workbook (.xlsx)" and send that.',
        ) from error
    return [grid for grid in grids if grid.frame.height]


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> the archive's file that holds it."""
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - expat fetches nothing
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat fetches nothing
    return {
        sheet.get("name", ""): posixpath.join("/xl", targets[_relation(sheet)])[1:]
        for sheet in book.iterfind(".//{*}sheet")
    }


def _relation(sheet: ET.Element) -> str:
    # Strict workbooks have the same attribute in a namespace of their own.
    return next(value for name, value in sheet.items() if name.endswith("}id"))


def _index(column: bytes) -> int:
    index = 0
    for letter in column:
        index = index * 26 + letter - ord("A") + 1
    return index - 1


def _grid(reader: fastexcel.ExcelReader, name: str, seen: Seen) -> Grid:
    frame, visible = _load(reader, name)
    if not frame.width:
        return Grid(name, frame)
    frame = _with_errors(_every_column(frame), seen.errors)
    notes = [] if visible else [f'The sheet "{name}" is hidden; it was read.']
    if seen.without_result:
        cells = (
            "1 cell holds" if seen.without_result == 1 else f"{seen.without_result:,} cells hold"
        )
        notes.append(
            f"{cells} a formula without a result, read as empty: open the workbook in Excel, save "
            "it, and import it again."
        )
    return Grid(name, stripped(frame.with_columns(_date_text(frame))), notes=tuple(notes))


def _load(reader: fastexcel.ExcelReader, name: str) -> tuple[pl.DataFrame, bool]:
    """The cells of a sheet under their column's number, and whether people see the sheet.

    The reader's own copy of the cells, half a gigabyte for a million rows, is let go on return.
    """
    # Row 0 of the sheet even when it is empty, so that row numbers are those that Excel shows.
    sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    visible = sheet.visible == "visible"
    if not sheet.height or not sheet.width:
        return pl.DataFrame(), visible
    frame = pl.DataFrame(sheet)
    frame.columns = [str(column.absolute_index) for column in sheet.selected_columns]
    return frame, visible


def _every_column(frame: pl.DataFrame) -> pl.DataFrame:
    """The grid from column A on: what stands left of the first used column is empty."""
    last = max(int(name) for name in frame.columns)
    empty = pl.lit(None, dtype=pl.String)
    return frame.select(
        pl.col(name) if name in frame.columns else empty.alias(name)
        for name in map(str, range(last + 1))
    )


def _date_text(frame: pl.DataFrame) -> list[pl.Expr]:
    """Date cells come with a time; midnight is how Excel keeps a date without one."""
    return [pl.col(name).str.strip_suffix(" 00:00:00") for name in frame.columns]


def _look_through(path: Path, name: str, pieces: Iterator[bytes]) -> Seen:
    """The cells in error, which the reader leaves empty, and how many formulas have no result.

    On the way it is seen how far the sheet reaches, for the reader would take memory for every
    cell up to there; a sheet's own word for it (`dimension`) may be missing or wrong.
    """
    errors, without_result, rows, columns = [], 0, 0, _LETTERS
    for chunk in _whole_rows(pieces):
        if b't="e"' in chunk:
            errors += [
                (int(row) - 1, _index(column), text.decode())
                for column, row, text in _ERROR_CELL.findall(chunk)
            ]
        if b"<f" in chunk:
            without_result += sum(_lacks_result(chunk, end) for end in _NO_RESULT.finditer(chunk))
        wide = _WIDE_CELL.findall(chunk)
        rows = max(rows, *map(int, _ROW.findall(chunk)), *(int(row) for _, row in wide), 0)
        columns = max(columns, *(_index(column) + 1 for column in {c for c, _ in wide}), 0)
        if rows * columns > _MOST_CELLS:
            raise UnreadableFile(
                path,
                f'The sheet "{name}" reaches as far as cell {letters(columns - 1)}{rows}.',
                "Copy the table alone into a new workbook, or save the sheet as CSV.",
            )
    return Seen(errors, without_result)


def _lacks_result(chunk: bytes, end: re.Match[bytes]) -> bool:
    """Whether there is no result, rather than an empty text as a result."""
    cell = chunk[chunk.rfind(b"<c ", 0, end.start()) : end.start()]
    return end[1] is None or b't="str"' not in cell.partition(b">")[0]


def _whole_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The sheet's XML in pieces that end where a row ends."""
    rest = b""
    for piece in pieces:
        whole, mark, rest = (rest + piece).rpartition(b"</row>")
        yield whole + mark
    yield rest


def _with_errors(frame: pl.DataFrame, errors: list[ErrorCell]) -> pl.DataFrame:
    by_column: dict[int, list[tuple[int, str]]] = {}
    for row, column, text in errors:
        if row < frame.height and column < frame.width:
            by_column.setdefault(column, []).append((row, text))
    for column, cells in by_column.items():
        rows, texts = zip(*cells, strict=True)
        patched = frame.to_series(column).scatter(rows, texts)
        frame = frame.with_columns(patched.alias(str(column)))
    return frame
