"""Importing in Slack, clicked: a lead gives a sheet, sees what it would do, and agrees."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.settings import Settings
from handlers.roles import give as give_role
from rules.roles import Role
from store.session import Store
from tests.chromium import OpenAs
from tests.sheets_given import master, with_bucket

pytestmark = pytest.mark.browser

READING = 60_000
"""Milliseconds in which a sheet is read on a busy machine."""


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3) -> Settings:
    return with_bucket(settings, s3_server)


@pytest.fixture
async def _lead(store: Store, wavepost: Wavepost) -> None:
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "lea@northwind.example", Role.lead)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    header = "Store No.,customer_id,customer_name,csa_email,Fax"
    rows = [f"L-{n},C-{n},Diner {n},ana@northwind.example,{n}" for n in range(1, 40)]
    path.write_bytes(master(*rows, ",C-40,Cleo,ana@northwind.example,1", header=header))
    return path


async def say(page: Page, words: str) -> None:
    composer = page.get_by_label(re.compile("^Message "))
    await composer.fill(words)
    await composer.press("Enter")


@pytest.mark.usefixtures("_lead")
async def test_a_lead_gives_a_sheet_looks_and_agrees(open_as: OpenAs, sheet: Path) -> None:
    lea = await open_as("lea", "general")
    await say(lea, "/wavepost import")
    form = lea.get_by_role("dialog", name="Import sheets")
    await form.locator("input[type=file]").set_input_files(sheet)
    await expect(form).to_contain_text("customers.csv")
    await form.get_by_role("button", name="Look at them").click()
    await expect(lea.get_by_role("dialog")).to_contain_text("comes to you as a direct message")
    await lea.get_by_role("dialog").get_by_label("Close").first.click()

    await lea.get_by_role("navigation").get_by_role("button", name="Wavepost").click()
    await lea.get_by_role("tab", name="Messages").click()
    log = lea.get_by_role("log")
    await expect(log).to_contain_text("Nothing is imported yet", timeout=READING)
    await expect(log).to_contain_text("39 locations new, 1 row left out")
    await expect(log).to_contain_text("Rows left out of customers.csv")
    await lea.get_by_role("button", name="Import", exact=True).click()
    await expect(log).to_contain_text("Imported: 39 locations new.", timeout=READING)
    await expect(lea.get_by_role("button", name="Import", exact=True)).to_have_count(0)
