"""The sheets of the example, written once for a module."""

from pathlib import Path

import polars as pl
import pytest

from bot.example.sheets import (
    MASTER_HEADERS,
    write_world,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    write_world(folder)
    return folder


@pytest.fixture(scope="module")
def master(folder: Path) -> pl.DataFrame:
    kept = pl.read_excel(folder / "master-sheet.xlsx", read_options={"header_row": 1})
    return kept.rename({header: column for column, header in MASTER_HEADERS.items()})


@pytest.fixture(scope="module")
def history(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "history.csv", try_parse_dates=True)
