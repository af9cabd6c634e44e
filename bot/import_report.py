"""What an import looks like in a terminal: which column is what, what changes, what was rejected."""

from pathlib import Path

from rich.table import Table
from rich.text import Text

from bot.terminal import console
from handlers.blocks import count
from handlers.import_files import CheckedSheet
from handlers.import_words import called, mapped, named, notes_of, rejects_path
from handlers.importing import ImportReport
from rules.columns import ROW
from store.spreadsheets import write_rejects

MOST_SHOWN = 20
# Unicode has a picture for each of the old controls, at the same distance from its first.
_PICTURES = {chr(code): chr(0x2400 + code) for code in range(0x20)} | {"\x7f": "\u2421"}
_TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029)
_SIGNS = (
    _PICTURES
    | {chr(code): f"\\x{code:02x}" for code in range(0x80, 0xA0)}
    | {chr(code): f"\\u{code:04x}" for code in _TURNING}
)


def show_mappings(sheets: list[CheckedSheet]) -> None:
    """What each sheet was taken for; a table of the headers that are not the columns' own names."""
    for sheet in sheets:
        columns = mapped(sheet)
        if not columns:
            _say(f"{named(sheet)}.")
            continue
        table = Table("Column", "is read as", title=_text(named(sheet)), title_justify="left")
        for header, words in columns.items():
            table.add_row(_text(header), words or "not used", style=None if words else "dim")
        console.print(table)


def show_report(report: ImportReport) -> None:
    """What becomes of each sheet, what is to be known, and the first rejected cells."""
    table = Table(title="What comes in", title_justify="left")
    table.add_column("Sheet")
    for name in ("New", "Changed", "Unchanged", "In a later sheet", "Left out"):
        table.add_column(name, justify="right")
    for sheet in report.sheets:
        numbers = (sheet.added, sheet.changed, sheet.unchanged, sheet.replaced, sheet.rejected)
        table.add_row(_text(called(sheet.sheet)), *(f"{number:,}" for number in numbers))
    console.print(table)
    for note in notes_of(report):
        _say(f"- {note}")
    for sheet in report.sheets:
        show_rejects(sheet.sheet)


def show_rejects(sheet: CheckedSheet) -> None:
    """The first cells of a sheet that were rejected, with why."""
    if sheet.rejects.is_empty():
        return
    title = _text(f"Left out of {called(sheet)}")
    table = Table("Row", "Column", "Value", "Why", title=title, title_justify="left")
    for row, *cells in sheet.rejects.head(MOST_SHOWN).iter_rows():
        table.add_row(str(row), *(_text(cell or "") for cell in cells))
    console.print(table)
    more = sheet.rejects.height - MOST_SHOWN
    if more > 0:
        _say(f"and {count(more, 'more problem')}.")


def write_all_rejects(report: ImportReport, wanted: Path | None) -> None:
    """Write the rejected rows of each sheet beside its file, or to `wanted`, and say where."""
    rejected = [sheet.sheet for sheet in report.sheets if sheet.rejected]
    for sheet in rejected:
        path = rejects_path(sheet, rejected, wanted)
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


def shown(words: str, *, keep: str = "") -> str:
    r"""Words as a terminal may have them: what would command it stands there as a sign, not raw.

    Control characters become their pictures (ESC is ␛), those without one and
    what turns the direction of writing become codes such as \u202e, and so does a byte of a file
    name that is no character. Characters in `keep` stay.
    """
    return (
        "".join(c if c in keep else _SIGNS.get(c, c) for c in words)
        .encode("utf-8", "backslashreplace")
        .decode()
    )


def _text(words: str) -> Text:
    """Words that are no markup."""
    return Text(shown(words))


def _say(words: str) -> None:
    console.print(shown(words), markup=False, highlight=False, soft_wrap=True)
