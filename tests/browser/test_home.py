"""Home and /migration, clicked: what a CSA, a lead, a viewer, a guest and a stranger see."""

import re
from datetime import date

import pytest
from playwright.async_api import Locator, Page, expect

from bot.assembly import Wavepost
from handlers.pictures import draw_ahead
from handlers.roles import give
from rules.roles import Role
from store.session import Store
from tests.chromium import OpenAs
from tests.post_office import until
from tests.world import World, counted

pytestmark = pytest.mark.browser

MONDAY = date(2022, 1, 24)
DRAWING = 120.0
"""Seconds: a process of its own begins for it, on a machine that may be busy."""


@pytest.fixture
async def _dates(store: Store, wavepost: Wavepost) -> None:
    world = World()
    world.csa()
    for number in range(16):
        world.customer(f"Cafe {number:02}", weeks={MONDAY: 1})
    await world.keep(store)


async def at_home(page: Page) -> Locator:
    """Turn to Wavepost's Home; gives what it shows."""
    await page.get_by_role("button", name="Wavepost", exact=True).click()
    # Turning to it once more would open it a second time, and what is pressed meanwhile be gone.
    tab = page.get_by_role("tab", name="Home")
    if await tab.get_attribute("aria-selected") != "true":
        await tab.click()
    return page.get_by_role("tabpanel", name="Home")


@pytest.mark.usefixtures("_dates")
async def test_a_csa_turns_the_pages_of_her_home_and_opens_a_customer(open_as: OpenAs) -> None:
    ana = await open_as("ana", "general")
    home = await at_home(ana)
    await expect(home).to_contain_text("You have 16 customers: 16 with a date, 0 without.")
    await home.get_by_role("button", name="Next").click()
    await expect(home).to_contain_text("16–16 of 16")
    await home.get_by_role("combobox").click()
    await ana.get_by_role("option", name="Cafe 15").click()
    answer = ana.get_by_role("dialog", name="Dates")
    await expect(answer).to_contain_text("Cafe 15 moves in the week of Mon 24 Jan 2022")


@pytest.mark.usefixtures("_dates")
async def test_each_of_the_others_sees_a_home_of_their_own(open_as: OpenAs, store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
    seen = {
        "lea": "The next wave is the week of Mon 24 Jan 2022",
        "vic": "When does a customer move to the new system?",
        "gus": "When somebody sends you a file",
        "sam": "When somebody sends you a file",
    }
    for name, words in seen.items():
        home = await at_home(await open_as(name, "general"))
        await expect(home).to_contain_text(words)
        await expect(home).not_to_contain_text("Cafe")


@pytest.mark.usefixtures("_dates")
async def test_the_progress_comes_with_its_picture_and_the_same_in_words(
    open_as: OpenAs, store: Store, wavepost: Wavepost
) -> None:
    async def is_drawn() -> bool:
        return bool(await counted(store, "pictures"))

    async with wavepost.store.transaction(actor="test") as tx:
        await draw_ahead(tx)
    await until(is_drawn, patience=DRAWING)

    vic = await open_as("vic", "general")
    composer = vic.get_by_label(re.compile("^Message "))
    await composer.fill("/migration")
    await composer.press("Enter")

    log = vic.get_by_role("log")
    await expect(log).to_contain_text("16 locations are to move; the first go in the week of")
    picture = log.get_by_role("img", name=re.compile("16 have a date: half of them by the week"))
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("complete", value=True)
