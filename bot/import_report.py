"""What an import looks like in a terminal: which column is what, what changes, what was rejected."""

from collections.abc import Iterator
from pathlib import Path

from rich.table import Table
from rich.text import Text

from bot.terminal import console
from handlers.blocks import count
from handlers.import_files import CheckedSheet
from handlers.importing import ImportReport
from rules.columns import ROW
from store.spreadsheets import write_rejects

MOST_SHOWN = 20


def show_mappings(sheets: list[CheckedSheet]) -> None:
    """Which header was taken for which column; a table where headers are not the columns' own."""
    for sheet in sheets:
        renamed = {name: header for name, header in sheet.mapping.columns.items() if name != header}
        title = f"{_called(sheet)} is read as {sheet.kind}"
        if not renamed:
            _say(f"{title}; its headers are the columns' own names.")
            continue
        table = Table(title=Text(title), title_justify="left")
        table.add_column("Header")
        table.add_column("is taken for")
        for name, header in sheet.mapping.columns.items():
            table.add_row(Text(header), name)
        for header in (name for name in sheet.mapping.ignored if name != ROW):
            table.add_row(Text(header), "not used", style="dim")
        console.print(table)


def show_report(report: ImportReport) -> None:
    """What becomes of each sheet, what is to be known, and the first rejected cells."""
    table = Table(title="What comes in", title_justify="left")
    table.add_column("Sheet")
    for name in ("Added", "Changed", "Unchanged", "In a later sheet", "Rejected"):
        table.add_column(name, justify="right")
    for sheet in report.sheets:
        numbers = (sheet.added, sheet.changed, sheet.unchanged, sheet.replaced, sheet.rejected)
        table.add_row(Text(_called(sheet.sheet)), *(f"{number:,}" for number in numbers))
    console.print(table)
    for note in _notes(report):
        _say(f"- {note}")
    for sheet in report.sheets:
        _show_rejects(sheet.sheet)


def _notes(report: ImportReport) -> Iterator[str]:
    for sheet in report.sheets:
        for note in sheet.sheet.notes:
            yield f"{_called(sheet.sheet)}: {note}"
    yield from report.notes


def _show_rejects(sheet: CheckedSheet) -> None:
    if sheet.rejects.is_empty():
        return
    title = Text(f"{_called(sheet)}: rejected")
    table = Table("Row", "Column", "Value", "Why", title=title, title_justify="left")
    for row, *cells in sheet.rejects.head(MOST_SHOWN).iter_rows():
        table.add_row(str(row), *(Text(cell or "") for cell in cells))
    console.print(table)
    more = sheet.rejects.height - MOST_SHOWN
    if more > 0:
        _say(f"and {count(more, 'more problem')}.")


def write_all_rejects(report: ImportReport, wanted: Path | None) -> None:
    """Write the rejected rows of each sheet beside its file, or to `wanted`, and say where."""
    rejected = [sheet.sheet for sheet in report.sheets if sheet.rejected]
    for sheet in rejected:
        path = wanted or sheet.path
        parts = [] if wanted else ["rejects"]
        if len(rejected) > 1 and wanted:
            parts.append(sheet.path.stem)
        if sum(other.path == sheet.path for other in rejected) > 1:
            parts.append(sheet.raw.name)
        path = path.with_stem("-".join([path.stem, *parts]))
        try:
            written = write_rejects(path, sheet.raw, sheet.rejects)
        except OSError as error:
            _say(
                f"The rejected rows could not be written to {path} ({error.strerror}). "
                "Name another place with --rejects."
            )
        else:
            rows = count(sheet.rejects[ROW].n_unique(), "rejected row")
            kept = "" if written == path else f" ({path.name} was there before and was kept)"
            _say(f"{rows} with the reasons: {written}{kept}")


def _called(sheet: CheckedSheet) -> str:
    return sheet.file if sheet.raw.separator else f"{sheet.file} ({sheet.raw.name})"


def _say(words: str) -> None:
    console.print(words, markup=False, highlight=False, soft_wrap=True)
