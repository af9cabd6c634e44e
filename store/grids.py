"""A grid: the cells of one sheet as text, before anybody has looked for a header."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl


class UnreadableFile(Exception):
    """A file that cannot be read as sheets: what happened, and what the person can do."""

    def __init__(self, path: Path, happened: str, remedy: str) -> None:
        super().__init__(f"{path.name}: {happened} {remedy}")
        self.file_name = path.name
        self.happened = happened
        self.remedy = remedy


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet: text columns, stripped, an empty cell is null.

    The first row is the one the person sees as row 1. For delimited text `separator`
    is set, `cells` holds how many cells each row had (0 for an empty line) and `beyond` what stood
    to the right of the widest row of the sample; both are None where all rows are equally wide.
    """

    name: str
    frame: pl.DataFrame
    separator: str | None = None
    cells: pl.Series | None = None
    beyond: pl.Series | None = None
    notes: tuple[str, ...] = ()


def stripped(frame: pl.DataFrame) -> pl.DataFrame:
    """The same grid without spaces around its cells; what is empty then is null."""
    return frame.with_columns(pl.all().str.strip_chars().replace("", None))


def letters(index: int) -> str:
    """A column's letters as a spreadsheet shows them: 0 is A, 26 is AA."""
    text = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
