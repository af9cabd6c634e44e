"""/schedule, clicked: what a CSA and a lead see of it."""

import re
from datetime import date

import pytest
from playwright.async_api import Page, expect

from bot.assembly import Wavepost
from store.session import Store
from tests.chromium import OpenAs
from tests.world import World

pytestmark = pytest.mark.browser

MONDAY = date(2022, 1, 24)


@pytest.fixture
async def _dates(store: Store, wavepost: Wavepost) -> None:
    world = World()
    world.csa()
    world.customer("Joe's Pizza", weeks={MONDAY: 3})
    world.customer("Noodle House", weeks={date(2022, 2, 7): 1})
    await world.keep(store)


async def say(page: Page, words: str) -> None:
    composer = page.get_by_label(re.compile("^Message "))
    await composer.fill(words)
    await composer.press("Enter")


@pytest.mark.usefixtures("_dates")
async def test_a_csa_types_schedule_and_gets_her_customers(open_as: OpenAs) -> None:
    ana = await open_as("ana", "general")
    await say(ana, "/schedule")
    log = ana.get_by_role("log")
    await expect(log).to_contain_text("You have 2 customers")
    await expect(log).to_contain_text("Joe's Pizza · 3 locations")
    await expect(log).to_contain_text("Only visible to you")


@pytest.mark.usefixtures("_dates")
async def test_an_answer_that_is_posted_is_seen_by_another_person(open_as: OpenAs) -> None:
    ana, omar = await open_as("ana", "general"), await open_as("omar", "general")
    await say(ana, "/schedule joes piza")
    await expect(ana.get_by_role("log")).to_contain_text("moves in the week of Mon 24 Jan 2022")
    await expect(omar.get_by_role("log")).not_to_contain_text("Joe's Pizza")
    await ana.get_by_role("button", name="Post here for all").click()
    await expect(omar.get_by_role("log")).to_contain_text("moves in the week of Mon 24 Jan 2022")
    await expect(omar.get_by_role("log")).to_contain_text("Looked up by @Ana Reyes")


@pytest.mark.usefixtures("_dates")
async def test_a_look_up_without_a_name_says_so_and_is_then_corrected(open_as: OpenAs) -> None:
    ana = await open_as("ana", "general")
    await say(ana, "/schedule help")
    await ana.get_by_role("button", name="Look one up").click()
    modal = ana.get_by_role("dialog", name="Look up dates")
    await modal.get_by_role("button", name="Look up", exact=True).click()
    await expect(modal).to_contain_text("Please fill this in.")
    await expect(modal).not_to_contain_text("optional")
    await modal.get_by_role("combobox").fill("nood")
    await ana.get_by_role("option", name="Noodle House").first.click()
    answer = ana.get_by_role("dialog", name="Dates")
    await expect(answer).to_contain_text("Noodle House moves in the week of Mon 7 Feb 2022")


@pytest.mark.usefixtures("_dates")
async def test_who_acts_as_a_guest_is_told_what_guests_get(open_as: OpenAs) -> None:
    page = await open_as("ana", "general")
    await page.get_by_role("button", name="You are Ana Reyes").click()
    await page.get_by_role("option", name="Gus Guest").click()
    await expect(page.get_by_role("button", name="You are Gus Guest")).to_be_visible()
    # A guest is in no channel here, so the first thing before them is Wavepost's Home.
    await page.get_by_role("tab", name="Messages").click()
    await say(page, "/schedule")
    await expect(page.get_by_role("log")).to_contain_text("I can only answer members")
