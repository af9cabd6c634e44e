"""How announcements pose for the pictures of docs/sandbox.md, and who reads them."""

import re
from urllib.parse import urljoin

from playwright.async_api import Locator, Page, expect

from tests.picturing import UNTIL_THE_CLOCK_KNOCKS, say


async def announced(page: Page) -> None:
    """What the CSAs read on the last Monday of the example, from its heading on."""
    log = page.get_by_role("log")
    heading = log.get_by_text("Migration, week of").last
    await expect(heading).to_be_visible()
    await shown_pictures(log)
    await heading.evaluate("node => node.scrollIntoView()")


async def announced_roadmap(page: Page) -> None:
    """The roadmap as its channel read it, and below it how far all is, with the picture."""
    await shown_pictures(page.get_by_role("log"))
    await page.locator(".scroller").evaluate("node => { node.scrollTop = node.scrollHeight; }")


async def announced_paused(page: Page) -> None:
    """The wave that was paused, as its channel reads it."""
    stopped = page.get_by_role("log").get_by_text("is paused").last
    await expect(stopped).to_be_visible(timeout=UNTIL_THE_CLOCK_KNOCKS)
    await page.locator(".scroller").evaluate("node => { node.scrollTop = node.scrollHeight; }")


async def reached(page: Page) -> None:
    """Whom the announcements of a week reached, and whom not: a CSA has left."""
    gone = {"fault": "deactivate", "how": {"person": "malia"}}
    left = await page.request.post(urljoin(page.url, "/client/api/faults"), data=gone)
    await expect(left).to_be_ok()
    await say(page, "/wavepost reached")
    await expect(page.get_by_role("log")).to_contain_text("Not reached")
    await page.locator(".scroller").evaluate("node => { node.scrollTop = node.scrollHeight; }")


async def communication(page: Page) -> None:
    """The page of who hears what."""
    address = await page.get_by_role("link", name="Wavepost on the web").get_attribute("href")
    await page.goto(f"{address}/communication")
    await page.get_by_role("link", name="Sign in with Slack").click()
    await page.get_by_role("button", name="Priya", exact=False).click()
    await expect(page.get_by_role("heading", name="Who hears what")).to_be_visible()


async def shown_pictures(log: Locator) -> None:
    """Let every picture be seen, once it is drawn: large ones wait for a press."""
    show = log.get_by_role("button", name="Show the picture")
    drawn = log.get_by_role("img", name=re.compile("^Chart"))
    await expect(show.or_(drawn).first).to_be_visible(timeout=UNTIL_THE_CLOCK_KNOCKS)
    while await show.count():
        await show.first.click()
    await expect(drawn.last).to_be_visible()
