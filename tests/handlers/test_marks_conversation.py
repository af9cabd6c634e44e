"""/wavepost mark as a CSA walks it: the wave as a sheet, filled in, looked at, and marked."""

import asyncio
from io import BytesIO

import polars as pl
import pytest

from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from rules.location_life import State
from store.session import Store
from tests.sheets_given import with_bucket
from tests.waves_given import given_wave, start, states
from tests.world import counted

PATIENCE = 60.0


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3) -> Settings:
    return with_bucket(settings, s3_server)


async def test_a_csa_gets_the_wave_as_a_sheet_fills_it_in_and_marks_by_it(
    ana: Person, sandbox: Sandbox, store: Store
) -> None:
    ana.patience = PATIENCE
    await given_wave(store, running=False)
    await ana.command("/wavepost mark")
    await ana.modal.opened()
    assert any("No wave is under way now" in line for line in await ana.reads("modal"))
    await ana.modal.close()

    await start(store)
    await ana.command("/wavepost mark")
    await ana.press("wave_sheet:mine", in_="modal")
    await ana.sees("The sheet comes to you as a direct message.", in_="modal")
    await ana.sees("3 of them without an outcome", in_="DM")
    await ana.sees("wave-2022-01-17.xlsx", in_="DM")
    [file] = [f for m in await ana.messages("DM") for f in m.get("files") or ()]
    rows = pl.read_excel(BytesIO(await ana.downloads(file)), infer_schema_length=0)
    assert rows["location_id"].to_list() == ["joes-L1", "joes-L2", "joes-L3"]
    assert set(rows["csa_email"]) == {"ana@northwind.example"}

    filled = rows.with_columns(
        outcome=pl.Series(["migrated", "failed", None]), cause=pl.Series([None, "No power", None])
    )
    await bring(ana, filled)
    await ana.press("mark_no", in_="DM")
    await ana.sees("cancelled it", in_="DM")

    await ana.command("/wavepost mark")
    await bring(ana, filled)
    said = "\n".join(await ana.reads("DM"))
    assert "the marks of a wave: 2 locations marked, 1 nothing new." in said.replace("*", "")
    assert "1 location without an outcome" in said
    assert "is not used" not in said, "what the sheet carries for its readers is no news"
    assert set((await states(store)).values()) == {State.planned}

    presses = (ana.press("Mark them", in_="DM") for _ in range(2))
    await asyncio.gather(*presses, return_exceptions=True)
    await ana.sees("2 locations marked.", in_="DM")
    assert await states(store) == {
        "joes-L1": State.migrated,
        "joes-L2": State.failed,
        "joes-L3": State.planned,
    }
    assert await counted(store, "jobs WHERE kind = 'marks'") == 1


async def bring(person: Person, rows: pl.DataFrame) -> None:
    """Give a sheet in the form that is open, and wait until it was looked at."""
    await person.modal.attach("files", ("wave.csv", rows.write_csv().encode()))
    assert await person.modal.submit() is None
    await person.sees("Nothing is imported yet", in_="DM")
