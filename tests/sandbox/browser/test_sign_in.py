"""Signing in and the trust table in a browser, on a desk and on a phone."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from bot.sandbox.ids import stable_id
from bot.sandbox.server import Sandbox
from tests.chromium import DESK
from tests.sandbox.workspaces import manifest, workspace

pytestmark = pytest.mark.browser

CALLBACK = "https://app.test/signed-in"
PHONE = (375, 740)


@pytest.fixture
def sandbox() -> Sandbox:
    """A stand-in, not yet running, with an app that people can sign in to."""
    app = manifest()
    app["oauth_config"]["redirect_urls"] = [CALLBACK]
    return Sandbox(manifest=app, workspace=workspace())


def authorize(sandbox: Sandbox, **changes: str) -> str:
    """Where the app sends the browser."""
    asked = {
        "response_type": "code",
        "client_id": sandbox.world.credentials.client_id,
        "scope": "openid email profile",
        "redirect_uri": CALLBACK,
        "state": "kept",
    }
    return f"{sandbox.address}/openid/connect/authorize?{urlencode(asked | changes)}"


async def page_at(browser: Browser, url: str, size: tuple[int, int] = DESK) -> Page:
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    await page.goto(url)
    return page


async def brought_back(page: Page, button: str) -> dict[str, list[str]]:
    """What the browser tells the app, which is nowhere, when it is sent back there by a button."""
    async with page.expect_request(f"{CALLBACK}**") as sent:
        await page.get_by_role("button", name=button).click()
    return parse_qs(urlsplit((await sent.value).url).query)


@pytest.mark.proves("Sign in with Slack")
async def test_a_person_signs_in_by_choosing_who_they_are(
    browser: Browser, sandbox: Sandbox
) -> None:
    async with sandbox.running():
        page = await page_at(browser, authorize(sandbox))
        back = await brought_back(page, "Ana Ito")
        assert back["state"] == ["kept"]
        _, signed = sandbox.world.sign_ins.redeem(back["code"][0], CALLBACK)
        assert signed.user_id == stable_id("U", "ana")


@pytest.mark.proves("Sign in with Slack", "access_denied")
async def test_a_person_goes_back_without_signing_in(browser: Browser, sandbox: Sandbox) -> None:
    async with sandbox.running():
        page = await page_at(browser, authorize(sandbox))
        assert (await brought_back(page, "Cancel"))["error"] == ["access_denied"]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_the_pages_fit_a_desk_and_a_phone(
    browser: Browser, sandbox: Sandbox, size: tuple[int, int]
) -> None:
    async with sandbox.running():
        wrong = authorize(sandbox, redirect_uri="https://evil.test/")
        for url in (authorize(sandbox), wrong, f"{sandbox.address}/trust"):
            page = await page_at(browser, url, size)
            await expect(page.get_by_role("heading", level=1)).to_have_count(1)
            await expect(page.get_by_role("main")).to_have_count(1)
            width = await page.evaluate("document.documentElement.scrollWidth")
            assert width <= size[0], url
