"""Taking a picture of the sandbox: who poses, where, and what is done before it is taken."""

import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page

from bot.sandbox.ids import stable_id

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
LARGEST = 200_000
"""Bytes: a page with six of them opens at once everywhere."""

UNTIL_THE_CLOCK_KNOCKS = 60_000
BETWEEN_LOOKS = 1_000
"""Milliseconds."""

DESK = (1060, 640)
PHONE = (375, 700)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of the sandbox, and what is done before it is taken."""

    name: str
    pose: Callable[[Page], Awaitable[None]]
    channel: str = "general"
    person: str = "ana"
    size: tuple[int, int] = DESK


async def say(page: Page, words: str) -> None:
    """Write in the open conversation."""
    composer = page.get_by_label("Message #")
    await composer.fill(words)
    await composer.press("Enter")


async def act_as(page: Page, person: str) -> None:
    """Be somebody else, reading what Wavepost wrote to them."""
    await page.goto(re.sub("as=[^&]*", f"as={stable_id('U', person)}", page.url))
    await page.wait_for_selector("html[data-ready][data-live]")
    await page.get_by_role("navigation").get_by_role("button", name="Wavepost").click()
    await page.get_by_role("tab", name="Messages").click()


async def take(picture: Picture, browser: Browser, address: str) -> None:
    """Take one picture, as somebody in a channel that none before used, and refuse one too large."""
    width, height = picture.size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    page = await context.new_page()
    await page.goto(
        f"{address}/?as={stable_id('U', picture.person)}&channel={stable_id('C', picture.channel)}"
    )
    await page.wait_for_selector("html[data-ready][data-live]")
    await picture.pose(page)
    await page.mouse.move(0, 0)
    taken = await page.screenshot(caret="hide")
    # Else the next page of the same person would begin with the open form.
    while await page.get_by_role("dialog").count():
        await page.get_by_role("dialog").last.press("Escape")
    await context.close()
    if len(taken) > LARGEST:
        raise ValueError(f"{picture.name} has {len(taken):,} bytes; {LARGEST:,} are the most")
    (FOLDER / f"{picture.name}.png").write_bytes(taken)
    sys.stdout.write(f"{picture.name}: {len(taken):,} bytes\n")
