"""`wavepost mark`: mark the locations of a wave by a sheet. `wavepost wave`: a wave as that sheet."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.table import Table

from bot.import_command import import_files
from bot.sheet_file import write_sheet
from bot.terminal import console, give_up, with_store
from handlers.blocks import count, day
from handlers.running import kept
from rules.calendar import start_of_week
from rules.columns import Kind
from rules.location_life import State
from store.session import Store

MARK_EXAMPLE = (
    "Example: [bold]wavepost wave 2022-01-17 --to wave.xlsx[/bold] writes the sheet; fill it in, and "
    "[bold]wavepost mark wave.xlsx --dry-run[/bold] says what it would mark."
)
NOT_STARTED = "The wave of {week} has not started, so there is nothing to fill in yet."


def mark(
    files: Annotated[
        list[Path], typer.Argument(help="CSV files or Excel workbooks with the outcome of moves.")
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be marked.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before marking.")] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(help="Where to write rows that are left out; beside the file if not given."),
    ] = None,
) -> None:
    """Mark locations of a wave by sheets: migrated, or failed with the cause.

    The columns are location_id, outcome (migrated or failed), cause, remedy, lost_orders, on; rows
    without an outcome mark nothing. Says first what would be marked, and asks. The same sheet twice
    changes nothing. Exit codes are those of wavepost import.
    """
    import_files(files, kind=Kind.marks, dry_run=dry_run, yes=yes, rejects=rejects)


def wave(
    week: Annotated[
        datetime,
        typer.Argument(formats=["%Y-%m-%d"], metavar="WEEK", help="A day of the week of the wave."),
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option(
            help="Write the wave to this .xlsx or .csv, to fill in and to mark by; a file that is "
            "there is not written over."
        ),
    ] = None,
) -> None:
    """Show how many locations of a wave stand where, or write it to a sheet to fill in."""
    monday = start_of_week(week.date())
    if to is None:
        _show(monday, *with_store(lambda store: _counts(store, monday)))
    else:
        rows = with_store(lambda store: _exported(store, monday))
        if rows.is_empty():
            give_up(NOT_STARTED.format(week=day(monday)))
        write_sheet(to, rows, page="marks")


async def _counts(store: Store, week: date) -> tuple[str, dict[State, int]]:
    async with store.reading(consistent=True) as reading:
        return str((await kept(reading, week)).state), await reading.waves.counts(week)


async def _exported(store: Store, week: date) -> pl.DataFrame:
    async with store.reading(consistent=True) as reading:
        await kept(reading, week)
        return await reading.marks.exported(week)


def _show(week: date, state: str, counts: dict[State, int]) -> None:
    if not counts:
        console.print(NOT_STARTED.format(week=day(week)), highlight=False)
        return
    locations = count(sum(counts.values()), "location")
    console.print(f"The wave of {day(week)} is {state}: {locations}.", highlight=False)
    table = Table("Locations", "Stand")
    for each in State:
        if each in counts:
            table.add_row(f"{counts[each]:,}", each)
    console.print(table)
