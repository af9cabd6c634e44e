"""Business time, moved by clicks: from the stand-in's page, and back to it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from bot.assembly import Wavepost
from bot.sandbox.server import Sandbox
from bot.serving import serving
from bot.trial_clock_page import business_time
from tests.chromium import OpenAs
from tests.sandbox.browser.axe import faults_of

pytestmark = pytest.mark.browser


@pytest.fixture
async def _page(wavepost: Wavepost, sandbox: Sandbox) -> AsyncIterator[None]:
    async with (
        serving(wavepost.app) as address,
        business_time(wavepost.app, wavepost.store, sandbox, address),
    ):
        yield


@pytest.mark.usefixtures("_page")
async def test_a_week_on_is_seen_beside_the_workspace(open_as: OpenAs) -> None:
    ana = await open_as("ana", "general")
    link = ana.get_by_role("link", name="Business date")
    await expect(link).to_have_text("Business date: Sat 15 Jan 2022")

    async with ana.expect_popup() as opened:
        await link.click()
    page = await opened.value
    assert await faults_of(page) == []
    await page.get_by_role("button", name="A week on").click()

    await expect(page.get_by_role("status")).to_have_text("Business time was moved.")
    await expect(link).to_have_text("Business date: Sat 22 Jan 2022")


@pytest.mark.usefixtures("_page")
async def test_a_step_back_is_warned_of_and_can_be_left(open_as: OpenAs) -> None:
    ana = await open_as("ana", "general", size=(375, 740))
    await ana.goto(await ana.get_by_role("link", name="Business date").get_attribute("href") or "")
    await ana.get_by_label("Zone").fill("Europe/Berlin")
    await ana.get_by_role("button", name="Use this zone").click()
    await ana.get_by_label("Date and time in Europe/Berlin").fill("2022-01-10T09:00")
    await ana.get_by_role("button", name="Move there").click()

    await expect(ana.get_by_role("alert")).to_contain_text("Time would go backwards")
    assert await faults_of(ana) == []
    assert not await ana.evaluate("document.documentElement.scrollWidth > innerWidth")
    await ana.get_by_role("link", name="Leave it as it is").click()

    await expect(ana.get_by_role("alert")).to_have_count(0)
    await expect(ana.get_by_text("15 January 2022").first).to_be_visible()
