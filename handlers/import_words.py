"""What an import is told in, at the command line as in Slack: sheets by name, notes, and how it ended."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from handlers.blocks import count
from handlers.import_files import CheckedSheet
from handlers.importing import ImportReport


def called(sheet: CheckedSheet) -> str:
    """What a person calls a sheet: its file, and of a workbook its page."""
    return sheet.file if sheet.raw.separator else f"{sheet.file} ({sheet.raw.name})"


def notes_of(report: ImportReport) -> Iterator[str]:
    """All that is to be known: of each sheet, and of all together."""
    for sheet in report.sheets:
        for note in sheet.sheet.notes:
            yield f"{called(sheet.sheet)}: {note}"
    yield from report.notes


def rejects_path(
    sheet: CheckedSheet, rejected: Sequence[CheckedSheet], wanted: Path | None = None
) -> Path:
    """Where the rejected rows of a sheet go: beside its file, or to `wanted`, each to its own."""
    path = wanted or sheet.path
    parts = [] if wanted else ["rejects"]
    if len(rejected) > 1 and wanted:
        parts.append(sheet.path.stem)
    if sum(other.path == sheet.path for other in rejected) > 1:
        parts.append(sheet.raw.name)
    return path.with_stem("-".join([path.stem, *parts]))


def outcome_of(report: ImportReport) -> str:
    """How an import ended, in a sentence."""
    added = sum(sheet.added for sheet in report.sheets)
    changed = sum(sheet.changed for sheet in report.sheets)
    if report.changes_something:
        return f"Imported: {count(added, 'row')} added, {changed:,} changed."
    if any(sheet.unchanged or sheet.replaced for sheet in report.sheets):
        others = "The other rows were" if report.rejected else "All of this was"
        return f"{others} there already: nothing changed."
    if report.rejected:
        were = "was" if report.rejected == 1 else "were"
        return f"No row could be taken: {report.rejected:,} {were} rejected."
    return "There are no rows to import below the header: nothing changed."
