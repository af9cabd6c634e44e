"""How waves pose for the pictures of docs/sandbox.md: on their day, paused and rolled back."""

import re

from playwright.async_api import Page, expect

from tests.picturing import BETWEEN_LOOKS, act_as, say


async def wave(page: Page) -> None:
    """A wave on its day, as its lead sees it: who migrated, who failed and why, who is left."""
    await say(page, "/wavepost wave")
    await expect(page.get_by_role("log")).to_contain_text("is running")
    await page.locator(".scroller").evaluate("node => { node.scrollTop = 0; }")


async def wave_page(page: Page) -> None:
    """The same on its page, where many are marked at once."""
    await say(page, "/wavepost wave")
    link = page.get_by_role("link", name="Open on the web")
    await page.goto(str(await link.last.get_attribute("href")))
    await page.get_by_role("link", name="Sign in with Slack").click()
    await page.get_by_role("button", name="Priya", exact=False).click()
    for ticked in range(2):
        await page.get_by_role("checkbox").nth(ticked).check()
    await page.evaluate("scrollTo(0, 0)")


async def what_happened(page: Page) -> None:
    """What became of a customer whose week this is: the first line says it, the timeline tells it."""
    await say(page, "/migration White Crane")
    await expect(page.get_by_role("log")).to_contain_text("failed to migrate")
    await page.locator(".scroller").evaluate("node => { node.scrollTop = 0; }")


async def causes(page: Page) -> None:
    """Why locations failed in each wave, and what helped."""
    image = page.get_by_role("img", name=re.compile("failures", re.IGNORECASE))
    await say(page, "/wavepost causes")
    await expect(page.get_by_role("log")).to_contain_text("most frequent cause")
    while not await image.count():
        await page.wait_for_timeout(BETWEEN_LOOKS)
        await say(page, "/wavepost causes")
    await expect(image.last).to_be_visible()


async def paused(page: Page) -> None:
    """What a lead reads when the brake has paused a wave."""
    await say(page, "/wavepost wave")
    await page.get_by_role("log").get_by_role("button", name="Mark several failed").last.click()
    form = page.get_by_role("dialog", name="Mark failed")
    await form.get_by_label("All that are left").check()
    await form.get_by_role("combobox", name="Why did it fail?").fill("Payment terminal")
    await page.get_by_role("option", name="Payment terminal did not pair").first.click()
    await form.get_by_role("button", name="Mark failed", exact=True).click()
    await expect(page.get_by_role("dialog")).to_contain_text("are marked")
    await page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    await page.get_by_role("navigation").get_by_role("button", name="Wavepost").click()
    await page.get_by_role("tab", name="Messages").click()
    await expect(page.get_by_role("log")).to_contain_text("is paused", timeout=60_000)


async def rollback(page: Page) -> None:
    """What a CSA has to do when some of her locations go back."""
    await say(page, "/wavepost wave")
    await page.get_by_role("log").get_by_role("button", name="Roll back").last.click()
    form = page.get_by_role("dialog", name="Roll back")
    await form.get_by_label("Some locations, which you choose below").check()
    await form.get_by_role("combobox", name="Which locations").fill("White Crane")
    await page.get_by_role("option", name=re.compile("White Crane")).first.click()
    await form.get_by_label("For real").check()
    await form.get_by_label("Why").fill("Card payments fail there since it moved")
    await form.get_by_role("button", name="Roll back", exact=True).click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await act_as(page, "ana")
    await page.get_by_role("navigation").get_by_role("button", name="Wavepost").click()
    await page.get_by_role("tab", name="Messages").click()
    await expect(page.get_by_role("log")).to_contain_text("Tell the customer", timeout=60_000)
