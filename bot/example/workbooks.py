"""Excel files as people keep them, with the same bytes every time."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter

CREATED = datetime(2022, 1, 14, 17, 30)  # noqa: DTZ001 - Excel knows no time zones
PLAIN = {
    # A customer may be called =1+1: no text is a formula or a link.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "d mmm yyyy",
}


def write_workbook(path: Path, name: str, sheet: pl.DataFrame, title: str | None = None) -> None:
    """Write one sheet, with a merged title row above its header when it has a title."""
    with xlsxwriter.Workbook(path, PLAIN) as book:
        book.set_properties({"created": CREATED, "author": "Data operations"})
        bold = book.add_format({"bold": True, "bg_color": "#DDE8F3"})
        page = book.add_worksheet(name)
        top = 0
        if title:
            large = book.add_format({"bold": True, "font_size": 14})
            page.merge_range(0, 0, 0, sheet.width - 1, title, large)
            top = 1
        page.write_row(top, 0, sheet.columns, bold)
        for number, row in enumerate(sheet.iter_rows(), start=top + 1):
            page.write_row(number, 0, row)
        page.freeze_panes(top + 1, 0)
        for column, width in enumerate(_widths(sheet)):
            page.set_column(column, column, width)


def _widths(sheet: pl.DataFrame) -> Sequence[int]:
    return [max(12, min(len(name) + 2, 40)) for name in sheet.columns]
