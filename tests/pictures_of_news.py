"""How what people follow, and what they hear of it, poses for the pictures of docs/sandbox.md."""

import re

from playwright.async_api import Page, expect

from tests.picturing import (
    UNTIL_THE_CLOCK_KNOCKS,
    say,
)


async def following(page: Page) -> None:
    """What somebody follows, and how soon they hear of it."""
    log = page.get_by_role("log")
    for words in ("Loyalty points", "every wave"):
        await say(page, f"/wavepost follow {words}")
        await expect(log).to_contain_text(f"You follow {words}")
    await say(page, "/wavepost following")
    await expect(log).to_contain_text("Your own customers")


async def digest(page: Page, zone: str = "America/New_York") -> None:
    """Monday's digest, once business time was moved there; Ana lives in New York."""
    async with page.expect_popup() as opened:
        await page.get_by_role("link", name="Business date").click()
    clock = await opened.value
    await clock.get_by_label("Zone").fill(zone)
    await clock.get_by_role("button", name="Use this zone").click()
    await clock.get_by_role("button", name="Next Monday, 09:00").click()
    await expect(clock.get_by_role("status")).to_have_text("Business time was moved.")
    await clock.close()
    await page.get_by_role("button", name=re.compile("^Wavepost")).first.click()
    await page.get_by_role("tab", name="Messages").click()
    log = page.get_by_role("log")
    await expect(log).to_contain_text("News of what you follow", timeout=UNTIL_THE_CLOCK_KNOCKS)
    await page.locator(".scroller").evaluate("node => { node.scrollTop = 0; }")


async def newest_news(page: Page, saying: re.Pattern[str]) -> None:
    """Wait for a digest that says this, and look at it."""
    await expect(page.get_by_text(saying).last).to_be_visible(timeout=UNTIL_THE_CLOCK_KNOCKS)
    await page.get_by_text("News of what you follow").last.evaluate("node => node.scrollIntoView()")
