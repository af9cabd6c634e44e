"""A browser on the stand-in for Slack: `open_as("ana", "general")` gives Ana's page."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.sandbox.ids import stable_id
from bot.sandbox.server import Sandbox

OpenAs = Callable[..., Awaitable[Page]]

# First the one without windows: it takes a third of what the others take to open a page.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# The address bar's suggestions, a page that each new window draws: half a second of CPU each time.
UNSEEN = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"]
# What Playwright turns off itself: Chromium heeds only the last list that it is given.
UNWANTED = [
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join([*UNSEEN, *UNWANTED])}",
]
DESK = (1280, 800)
PATIENCE = 10_000  # milliseconds: a busy machine takes its time

expect.set_options(timeout=PATIENCE)


def chromium() -> str:
    """Where Chromium is; skips the test when there is none."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in NAMES]
    found += [path for path in MAC if Path(path).exists()]
    for path in found:
        if path:
            return path
    pytest.skip(
        "There is no Chromium here. Install it (Debian: apt install chromium; macOS: "
        "brew install --cask chromium), or set CHROMIUM to the path of Chrome."
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_browser() -> AsyncIterator[Browser]:
    """A Chromium without a window, for all tests of this worker: starting one takes most of a second."""
    path = chromium()
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield launched
        await launched.close()


@pytest.fixture
def _function_scoped_runner(_session_scoped_runner: asyncio.Runner) -> asyncio.Runner:
    """Run each test and all it asks for in one loop, which a browser cannot leave: pytest-asyncio's."""
    return _session_scoped_runner


@pytest.fixture
async def browser(running_browser: Browser) -> AsyncIterator[Browser]:
    """A browser that nobody used before: what a test opens in it is closed with all it kept."""
    yield running_browser
    for context in running_browser.contexts:
        await context.close()


@pytest.fixture
async def open_as(browser: Browser, sandbox: Sandbox) -> AsyncIterator[OpenAs]:
    """Open the client as a person, at a channel; a page's own errors fail the test."""
    troubles: list[str] = []

    async def open_page(
        person: str, channel: str = "migration", size: tuple[int, int] = DESK
    ) -> Page:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
        )
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        place = f"?as={stable_id('U', person)}&channel={stable_id('C', channel)}"
        await page.goto(f"{sandbox.address}/{place}")
        await page.wait_for_selector("html[data-ready][data-live]")
        return page

    yield open_page
    for context in browser.contexts:
        await context.close()
    assert troubles == []
