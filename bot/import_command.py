"""`wavepost import`: bring sheets in, after a look at what that would do."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from bot.import_report import show_mappings, show_report, write_all_rejects
from bot.terminal import console, operator, with_store
from handlers.blocks import count
from handlers.import_files import CheckedSheet, Watch, read_files
from handlers.importing import ImportReport, import_checked, preview
from rules.columns import Kind
from store.session import Store

SOME_REJECTED = 1
IMPORT_EXAMPLE = (
    "Example: [bold]wavepost import customers.xlsx orders.csv --dry-run[/bold] says what would "
    "change; without --dry-run it asks, and then imports."
)


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="CSV files or Excel workbooks; several are imported together, or not at all."
        ),
    ],
    *,
    kind: Annotated[
        Kind | None, typer.Option(help="What the sheets are; told from their headers if not given.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be imported.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before importing.")] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(help="Where to write rejected rows; beside the file if not given."),
    ] = None,
) -> None:
    """Import sheets: the master sheet, history, CSAs, features, blackouts.

    Shows which column is what and what would change, asks, and imports everything in one go.

    Ends with 0 when all rows are in, 1 when some were rejected, 2 when nothing could be done.
    """
    ask = sys.stdin.isatty() and not yes

    async def work(store: Store) -> tuple[ImportReport, str]:
        sheets = await _read(store, files, kind)
        show_mappings(sheets)
        if dry_run or ask:
            foreseen = await _preview(store, sheets)
            show_report(foreseen)
            if dry_run:
                return foreseen, "This was a dry run: nothing was imported."
            if foreseen.changes_something and not _agreed():
                return foreseen, "Nothing was imported."
        report = await _import(store, sheets)
        if not ask:
            show_report(report)
        return report, _outcome(report)

    report, outcome = with_store(work)
    console.print(outcome)
    write_all_rejects(report, rejects)
    if report.rejected:
        raise typer.Exit(SOME_REJECTED)


async def _read(store: Store, files: list[Path], kind: Kind | None) -> list[CheckedSheet]:
    async with store.reading() as reading:
        today = (await reading.clock.now()).date()
    with _watching() as watch:
        return await asyncio.to_thread(read_files, files, today=today, kind=kind, watch=watch)


async def _preview(store: Store, sheets: list[CheckedSheet]) -> ImportReport:
    with _watching() as watch:
        async with store.reading(consistent=True) as reading:
            return await preview(reading, sheets, watch=watch)


async def _import(store: Store, sheets: list[CheckedSheet]) -> ImportReport:
    with _watching() as watch:
        async with store.transaction(actor=operator()) as tx:
            return await import_checked(tx, sheets, watch=watch)


def _agreed() -> bool:
    """Whether the person says yes; Ctrl-C is a no."""
    try:
        return typer.confirm("Import this?")
    except typer.Abort:
        return False


def _outcome(report: ImportReport) -> str:
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


@contextmanager
def _watching() -> Iterator[Watch]:
    """A bar for the step that is going on; nothing where nobody looks."""
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[share]}")
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        bars: dict[str, TaskID] = {}

        def watch(step: str, done: int, rows: int) -> None:
            if step not in bars:
                for ended in bars.values():
                    progress.update(ended, visible=False)
                bars[step] = progress.add_task(step, share="")
            # How long reading and comparing take is not known: the bar then only moves.
            share = f"{min(done / rows, 1):.0%}" if rows else ""
            progress.update(bars[step], completed=done, total=rows or None, share=share)

        yield watch
