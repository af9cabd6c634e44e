"""Writing a sheet where somebody at the terminal wants it."""

from pathlib import Path

import polars as pl

from bot.terminal import console, give_up
from handlers.blocks import count
from store.spreadsheets import sheet_of


def write_sheet(path: Path, rows: pl.DataFrame, *, page: str) -> None:
    """Write rows of locations to a new .xlsx or .csv file, and say so.

    A file that is there is kept: the command ends with words that say so.
    """
    try:
        with path.open("xb") as file:
            file.write(sheet_of(path.name, rows, page=page))
    except FileExistsError:
        give_up(f"{path} is there already, and was kept. Name another place with --to.")
    except OSError as error:
        give_up(f"{path} could not be written ({error.strerror}). Name another place with --to.")
    console.print(f"{count(rows.height, 'location')} in {path}", markup=False, highlight=False)
