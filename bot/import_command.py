"""`wavepost import`: bring sheets in, after a look at what that would do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from bot.import_ending import Ending, ending_in_words
from bot.import_report import show_mappings, show_report, shown, write_all_rejects
from bot.terminal import console, failures_as_words, give_up, operator, with_store
from handlers.import_files import CheckedSheet, Unreadable, Watch, read_files
from handlers.import_words import outcome_of
from handlers.importing import ImportReport, import_checked, preview
from rules.columns import Kind
from store.session import STATEMENT_SECONDS, Store, deadline

SOME_REJECTED = 1
IMPORT_EXAMPLE = (
    "Example: [bold]wavepost import customers.xlsx orders.csv --dry-run[/bold] says what would "
    "change; without --dry-run it asks, and then imports."
)

NO_DATES = (
    "\nNo date has changed by that. What it means for the dates: [bold]wavepost plan --draft[/bold]"
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
    """Import sheets: the master sheet, history, CSAs, features, blackouts, escalated stores.

    Shows which column is what and what would change, asks, and imports everything in one go.

    Ends with 0 when all rows are in, 1 when some were rejected, 2 when nothing could be done, 3
    when what happened could not be shown, 130 when it was stopped.
    """
    ask = _somebody_can_answer() and not yes
    with ending_in_words() as ending:
        sheets = _read(files, kind, ending)
        show_mappings(sheets)
        foreseen = _foreseen(sheets, ending) if dry_run or ask else None
        if foreseen and (why_not := _why_not(foreseen, dry_run=dry_run)):
            report, outcome = foreseen, why_not
        else:
            report = with_store(ending.stoppable(partial(_import, sheets, ending)))
            outcome = f"{outcome_of(report)}{NO_DATES if report.changes_plans else ''}"
            if not foreseen:
                show_report(report)
        console.print(outcome)
        write_all_rejects(report, rejects)
    if report.rejected:
        raise typer.Exit(SOME_REJECTED)


def _somebody_can_answer() -> bool:
    # Where standard input was closed, Python has none.
    return sys.stdin is not None and sys.stdin.isatty()


def _read(files: list[Path], kind: Kind | None, ending: Ending) -> list[CheckedSheet]:
    """The sheets, read outside of any loop: Ctrl-C then stops the reading at once."""
    today = with_store(ending.stoppable(_today))
    with failures_as_words(), _watching() as watch:
        try:
            return read_files(files, today=today, kind=kind, watch=watch)
        except Unreadable as refused:
            give_up(shown(refused.words, keep="\n"))


async def _today(store: Store) -> date:
    async with store.reading() as reading:
        return (await reading.clock.now()).date()


def _foreseen(sheets: list[CheckedSheet], ending: Ending) -> ImportReport:
    report = with_store(ending.stoppable(partial(_preview, sheets)))
    show_report(report)
    return report


def _why_not(foreseen: ImportReport, *, dry_run: bool) -> str | None:
    """Why nothing is to be imported; asks where there is something to agree to."""
    if dry_run:
        return "This was a dry run: nothing was imported."
    if foreseen.changes_something and not typer.confirm("Import this?"):
        return "Nothing was imported."
    return None


async def _preview(sheets: list[CheckedSheet], store: Store) -> ImportReport:
    with _watching() as watch:
        async with store.reading(consistent=True) as reading:
            return await preview(reading, sheets, by=operator(), watch=watch)


async def _import(sheets: list[CheckedSheet], ending: Ending, store: Store) -> ImportReport:
    with _watching() as watch:
        # A commit that began is no longer stopped: what it kept is told as kept.
        async with deadline(STATEMENT_SECONDS), store.transaction(actor=operator()) as tx:
            report = await import_checked(tx, sheets, watch=watch)
    ending.so_far = "the rows were imported before that"
    return report


@contextmanager
def _watching() -> Iterator[Watch]:
    """A bar for the step that is going on; nothing where nobody looks."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[share]}"),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        bars: dict[str, TaskID] = {}

        def watch(name: str, done: int, rows: int) -> None:
            step = shown(name)
            if step not in bars:
                for ended in bars.values():
                    progress.update(ended, visible=False)
                bars[step] = progress.add_task(step, share="")
            # How long reading and comparing take is not known: the bar then only moves.
            share = f"{min(done / rows, 1):.0%}" if rows else ""
            progress.update(bars[step], completed=done, total=rows or None, share=share)

        yield watch
