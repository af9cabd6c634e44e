"""What decides the example: its seed, its day, its size, and nothing of where it is written."""

import hashlib
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bot.example.chance import shared_out
from bot.example.master import master_sheet, write_master_csv
from bot.example.sheets import (
    MASTER_HEADERS,
    write_world,
)
from bot.example.world import world

DIGEST = "518cb682240ce06c4e5d4bfd2b66abee565cff49eb6a9a0a48d65cf899365bd7"


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first = write_world(tmp_path / "first", locations=90, customers=30)
    second = write_world(tmp_path / "second", locations=90, customers=30)

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_another_seed_writes_another_world(tmp_path: Path) -> None:
    first = write_world(tmp_path / "first", locations=90, customers=30)
    second = write_world(tmp_path / "second", locations=90, customers=30, seed=7)

    assert first[-1].read_bytes() != second[-1].read_bytes()


def test_another_today_moves_the_whole_world(tmp_path: Path) -> None:
    today = date(2026, 3, 2)
    paths = write_world(tmp_path, today=today, locations=60, customers=20)
    history = pl.read_csv(paths[-1], try_parse_dates=True)
    master = master_sheet(world(today, 2022, 60, 20))

    assert history["week_start"].max() == date(2026, 2, 23)
    assert (master["last_order_on"].drop_nulls() < today).all()
    assert paths[2].name == "features-2026-01.csv"
    assert (pl.read_excel(paths[3])["released_on"].drop_nulls() < today).all()


def test_a_large_master_sheet_has_a_large_vocabulary(tmp_path: Path) -> None:
    path = tmp_path / "master.csv"
    write_master_csv(path, 20_000, 5_000, 1)
    sheet = pl.read_csv(path)
    words = sheet["location_name"].str.split(" ").explode().n_unique()

    assert sheet.height == 20_000
    assert sheet["customer_name"].n_unique() == 5_000
    assert words > 2_000
    assert set(sheet.columns) == set(MASTER_HEADERS)


def test_too_few_locations_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least as many locations"):
        write_world(tmp_path, locations=20, customers=30)
    with pytest.raises(ValueError, match="at least 18 customers"):
        write_world(tmp_path, locations=20, customers=3)


def test_shares_add_up_to_the_total() -> None:
    weights = pl.Series([5.0, 1.0, 1.0]).to_numpy()

    assert shared_out(10, weights).tolist() == [7, 2, 1]


def test_the_example_is_the_same_on_every_platform(tmp_path: Path) -> None:
    """Changes when the example does on purpose, or when NumPy draws other numbers from a seed."""
    paths = write_world(tmp_path, locations=90, customers=30)
    sheets = b"".join(path.read_bytes() for path in paths if path.suffix == ".csv")

    assert hashlib.sha256(sheets).hexdigest() == DIGEST
