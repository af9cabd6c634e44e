"""A person at Wavepost's own pages: signs in with the stand-in's help, and looks around."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, expect

from tests.chromium import DESK, PATIENCE

PHONE = (375, 740)

AtWeb = Callable[..., Awaitable[Page]]


@pytest.fixture
def at_web(browser: Browser) -> AtWeb:
    """Open an address in a browser that nobody used before."""

    async def open_page(address: str, size: tuple[int, int] = DESK, scheme: str = "light") -> Page:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(address)
        return page

    return open_page


async def sign_in(page: Page, name: str) -> None:
    """Sign in with Slack, from any of our pages, as the person of this name."""
    await page.get_by_role("link", name="Sign in with Slack").click()
    await page.get_by_role("button", name=name).click()
    await expect(page.locator("summary", has_text=name)).to_be_visible(timeout=PATIENCE * 3)
