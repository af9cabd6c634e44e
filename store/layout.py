"""Where the table lies in a grid: its header row, its columns, its rows, and what is around it."""

from dataclasses import dataclass

import polars as pl

from rules.columns import REJECTS, ROW, known_columns
from rules.wording import listed
from store.grids import Grid, letters

HEADER_WITHIN = 20
_MOST_WORDS = 120
_FEWEST_CELLS = 2


@dataclass(frozen=True)
class RawSheet:
    """One sheet as it stands in a file, its header found.

    `frame` has `row`, the number the person sees beside each row, and one text column for each
    header (stripped, an empty cell is null). A header that is there twice, or is "row", is named
    with its column's letters in `frame`, "Name (column F)"; `titles` has them as written.
    `broken` lists rows with more or fewer cells than the header, in the shape of REJECTS; they
    are in `frame` too. `separator` is None for a sheet of a workbook.
    """

    name: str
    file_name: str
    header_row: int
    frame: pl.DataFrame
    titles: tuple[str, ...]
    notes: tuple[str, ...]
    broken: pl.DataFrame
    separator: str | None = None

    @property
    def headers(self) -> list[str]:
        """The headers as `frame` names them, in the order of the sheet."""
        return [name for name in self.frame.columns if name != ROW]


def lay_out(grid: Grid, file_name: str) -> RawSheet:
    """Find the table in a grid that has at least one cell, and say what was passed over.

    The header is the row, among the first 20 that are there, that names most known columns; when
    none names any, the first with two cells.
    """
    top = _header_index(grid.frame)
    body = grid.frame.with_row_index(ROW, offset=1).cast({ROW: pl.Int64}).slice(top + 1)
    # Of delimited text the header's last cell ends the table; what lies beyond is a broken row.
    width = grid.cells[top] if grid.cells is not None else grid.frame.width
    titles = {i: title for i, title in enumerate(grid.frame.row(top)) if title is not None}
    broken = _broken(grid, body, top, width)
    is_empty = pl.all_horizontal(pl.col(str(i)).is_null() for i in titles)
    empty = body.filter(is_empty & ~pl.col(ROW).is_in(broken[ROW].implode()))[ROW]
    body = body.filter(~pl.col(ROW).is_in(empty.implode()))
    columns = [pl.col(str(i)).alias(name) for i, name in _named(titles).items()]
    return RawSheet(
        name=grid.name,
        file_name=file_name,
        header_row=top + 1,
        frame=body.select(ROW, *columns),
        titles=tuple(titles.values()),
        notes=(
            *grid.notes,
            *_notes_on_titles(grid.frame, top),
            *_notes_on_columns(body, titles, width),
            *_notes_on_rows(empty),
        ),
        broken=broken,
        separator=grid.separator,
    )


def _header_index(frame: pl.DataFrame) -> int:
    first = frame.select(pl.any_horizontal(pl.all().is_not_null()).arg_true().first()).item()
    near = frame.slice(first, HEADER_WITHIN)
    rows = [[cell for cell in row if cell] for row in near.iter_rows()]
    known = [known_columns(row) for row in rows]
    if any(known):
        return int(first + known.index(max(known)))
    several = (i for i, row in enumerate(rows) if len(row) >= _FEWEST_CELLS)
    return int(first + next(several, 0))


def _named(titles: dict[int, str]) -> dict[int, str]:
    """Column index -> a name that no other column has, and that is not that of the row number."""
    names: dict[int, str] = {}
    for index, title in titles.items():
        taken = title == ROW or title in names.values()
        names[index] = f"{title} (column {letters(index)})" if taken else title
    return names


def _broken(grid: Grid, body: pl.DataFrame, top: int, width: int) -> pl.DataFrame:
    """The rows of delimited text that are not as wide as the header, empty lines apart."""
    if grid.cells is None or grid.beyond is None:
        return pl.DataFrame(schema=REJECTS)
    beyond = grid.beyond.slice(top + 1)
    cells = grid.cells.slice(top + 1)
    outside = [pl.col(str(i)) for i in range(width, grid.frame.width)]
    rows = body.with_columns(cells.alias("cells"), beyond.alias("beyond")).select(
        ROW,
        "cells",
        value=pl.concat_str(*outside, "beyond", separator=grid.separator or "", ignore_nulls=True),
        lines=pl.sum_horizontal(
            pl.col(str(i)).str.count_matches("\n", literal=True) for i in range(width)
        ),
    )
    rows = rows.with_columns(pl.col("value").replace("", None))
    few = (pl.col("cells") > 0) & (pl.col("cells") < width)
    return rows.filter(few | pl.col("value").is_not_null()).select(
        ROW,
        column=pl.lit(None, dtype=pl.String),
        value="value",
        problem=pl.format(f"The header has {width} cells, this row has {{}}.", "cells")
        + pl.when(few & (pl.col("lines") > 0))
        .then(pl.lit(" A cell goes on in the next line: a quote mark may lack its pair."))
        .when(few)
        .then(pl.lit(" Add the separators that are missing."))
        .otherwise(pl.lit(" Put quotes around a cell that contains the separator.")),
    )


def _notes_on_titles(frame: pl.DataFrame, top: int) -> list[str]:
    words = [cell for row in frame.head(top).iter_rows() for cell in row if cell]
    if not words:
        return []
    rows = "Row 1 was" if top == 1 else f"Rows 1 to {top} were"
    return [f'{rows} passed over, above the header: "{" ".join(words)[:_MOST_WORDS]}".']


def _notes_on_columns(body: pl.DataFrame, titles: dict[int, str], width: int) -> list[str]:
    """What stands under no header, up to the last column that has one or holds something."""
    others = [i for i in range(width) if i not in titles]
    filled = [i for i in others if body[str(i)].null_count() < body.height]
    empty = [i for i in others if i not in filled and i < max(titles)]
    notes = []
    if empty:
        notes.append(f"Empty columns were passed over: {listed(map(letters, empty))}.")
    if filled:
        notes.append(
            f"Columns without a header were passed over: {listed(map(letters, filled))}. "
            "Give them a header if they matter."
        )
    return notes


def _notes_on_rows(empty: pl.Series) -> list[str]:
    if not empty.len():
        return []
    return [f"Empty rows were passed over: {listed(map(str, empty))}."]
