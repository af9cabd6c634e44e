"""What an import is told in, at the command line as in Slack: sheets by name, notes, and how it ended."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from handlers.blocks import count
from handlers.import_files import CheckedSheet
from handlers.importing import ImportReport
from rules.columns import FOR_READERS, ROW, Kind, plain
from rules.sheet_words import COLUMNS, ROWS, SHEETS, become


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


def named(sheet: CheckedSheet) -> str:
    """A sheet and what it was taken for: "customers.csv is the master sheet"."""
    return f"{called(sheet)} is {SHEETS[sheet.kind]}"


def mapped(sheet: CheckedSheet) -> dict[str, str | None]:
    """Headers that are not the columns' own names, and what they are read as; None where unused."""
    words = COLUMNS[sheet.kind]
    read_as: dict[str, str | None] = {
        header: words[name]
        for name, header in sheet.mapping.columns.items()
        if header in sheet.mapping.synonyms and plain(header) != plain(words[name])
    }
    beside = {plain(name) for name in FOR_READERS.get(sheet.kind, ())}
    unused = [
        header for header in sheet.mapping.ignored if header != ROW and plain(header) not in beside
    ]
    return read_as | dict.fromkeys(unused)


def counts_of(kind: Kind, numbers: Mapping[str, int]) -> str:
    """How many rows became what, the noun said once: "5 locations new, 3 changed"."""
    told = [(number, what) for what, number in numbers.items() if number]
    if not told:
        return "no rows"
    (first, what), *others = told
    rest = [f"{number:,} {each}" for number, each in others]
    return ", ".join([f"{count(first, *ROWS[kind])} {what}", *rest])


def outcome_of(report: ImportReport) -> str:
    """How an import ended, in a sentence."""
    if report.changes_something:
        told = "; ".join(_changes(report))
        are_marks = all(sheet.sheet.kind is Kind.marks for sheet in report.sheets)
        return f"{told}." if are_marks else f"Imported: {told}."
    if any(sheet.unchanged or sheet.replaced for sheet in report.sheets):
        others = "The other rows were" if report.rejected else "All of this was"
        return f"{others} there already: nothing changed."
    if report.rejected:
        were = "was" if report.rejected == 1 else "were"
        return f"No row could be taken: {report.rejected:,} {were} left out."
    return "There are no rows to import below the header: nothing changed."


def _changes(report: ImportReport) -> Iterator[str]:
    """What was new and changed, kind by kind."""
    for kind in dict.fromkeys(sheet.sheet.kind for sheet in report.sheets):
        of_kind = [sheet for sheet in report.sheets if sheet.sheet.kind is kind]
        added = sum(sheet.added for sheet in of_kind)
        changed = sum(sheet.changed for sheet in of_kind)
        if added or changed:
            is_new, is_changed, _ = become(kind)
            yield counts_of(kind, {is_new: added, is_changed: changed})
