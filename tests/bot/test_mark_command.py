"""`wavepost wave` and `wavepost mark` as somebody at a terminal meets them."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.terminal import console
from rules.location_life import State
from store.session import Store
from tests.waves_given import given_wave, states

Command = Callable[..., Result]
Found = TypeVar("Found")


@pytest.fixture
def run(database_url: str, logging_restored: None, monkeypatch: pytest.MonkeyPatch) -> Command:
    asyncio.run(with_store(database_url, given_wave))
    monkeypatch.setenv("WAVEPOST_DATABASE_URL", database_url)
    monkeypatch.setattr(console, "width", 300)  # no word of a table is broken

    def run(*words: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words])

    return run


async def with_store(url: str, work: Callable[[Store], Awaitable[Found]]) -> Found:
    store = Store(url)
    try:
        return await work(store)
    finally:
        await store.close()


def test_a_wave_is_written_down_filled_in_looked_at_and_marked(
    run: Command, database_url: str, tmp_path: Path
) -> None:
    sheet = tmp_path / "wave.csv"
    assert (
        "The wave of Mon 17 Jan 2022 is running: 3 locations." in run("wave", "2022-01-19").output
    )
    assert "3 locations in" in run("wave", "2022-01-17", "--to", sheet).output
    assert "was kept" in run("wave", "2022-01-17", "--to", sheet).output
    nobody = run("wave", "2030-01-07")
    assert (nobody.exit_code, "There is no wave in the week of" in nobody.output) == (2, True)

    other = run("wave", "2022-01-24", "--to", tmp_path / "other.csv")
    assert (other.exit_code, (tmp_path / "other.csv").exists()) == (2, False)

    rows = pl.read_csv(sheet, infer_schema_length=0).with_columns(
        outcome=pl.Series(["migrated", "failed", None]), cause=pl.Series([None, None, None])
    )
    rows.write_csv(sheet)
    looked = run("mark", sheet, "--dry-run")
    assert looked.exit_code == 1, "a row is left out"
    assert "A failure needs its cause" in looked.output
    assert "This was a dry run" in looked.output
    assert set(asyncio.run(with_store(database_url, states)).values()) == {State.planned}

    marked = run("mark", sheet)
    assert "1 location marked." in marked.output
    assert "wave-rejects.csv" in marked.output
    stands = asyncio.run(with_store(database_url, states))
    assert stands == {"joes-L1": State.migrated, "joes-L2": State.planned, "joes-L3": State.planned}
    assert "there already: nothing changed" in run("mark", sheet).output
