"""`wavepost escalations`: what is open, and all of it as a sheet."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.table import Table

from bot.import_report import shown
from bot.sheet_file import write_sheet
from bot.terminal import console, with_store
from handlers.blocks import count
from store.escalation_lines import Line
from store.session import Store

MOST_SHOWN = 200


def escalations(
    to: Annotated[
        Path | None,
        typer.Option(
            help="Write the newest escalation of each location to this .xlsx or .csv; a file that is "
            "there is not written over."
        ),
    ] = None,
) -> None:
    """Show the escalations that are open, those to decide first on top; or write them to a sheet.

    Ends with 0, or with 2 when the sheet could not be written.
    """
    if to is None:
        _show(*with_store(_open))
    else:
        write_sheet(to, with_store(_exported), page="escalations")


async def _open(store: Store) -> tuple[list[Line], int]:
    async with store.reading(consistent=True) as reading:
        return await reading.escalation_lines.open(skip=0, most=MOST_SHOWN)


async def _exported(store: Store) -> pl.DataFrame:
    async with store.reading() as reading:
        return await reading.escalated_stores.exported()


def _show(lines: list[Line], total: int) -> None:
    if not lines:
        console.print("No escalation is open.")
        return
    table = Table(
        *("No.", "Urgent", "For", "By", "State", "Decision due", "From", "In hand of"),
        title="Open escalations",
    )
    for line in lines:
        row = line.row
        about = line.location or f"{line.name}, {count(line.locations, 'location')}"
        due = f"{row.clock_ends_at:%Y-%m-%d %H:%M} UTC" if row.clock_ends_at else ""
        urgent = "urgent" if row.is_urgent else ""
        people = (shown(row.sent_by), shown(row.in_hand_of or ""))
        wished = (str(row.wished_on), str(row.state), due)
        table.add_row(str(row.number), urgent, shown(about), *wished, *people)
    console.print(table)
    if total > len(lines):
        console.print(f"and {total - len(lines):,} more: write them to a sheet with --to.")
