"""The page itself: phones, keyboards, a lost connection, contrast."""

import pytest
from playwright.async_api import expect

from bot.sandbox.server import Sandbox
from tests.chromium import OpenAs

pytestmark = pytest.mark.browser

PHONE = (360, 740)
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


async def test_a_phone_never_scrolls_sideways(open_as: OpenAs) -> None:
    page = await open_as("max", size=PHONE)
    box = page.get_by_label("Message #migration")
    for words in ("w" * 400, "/schedule Joe", "/gallery"):
        await box.fill(words)
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("cell", name="Joe's Pizza")).to_be_visible()

    assert not await page.evaluate(TOO_WIDE)
    assert not await page.locator(".scroller").evaluate(
        "node => node.scrollWidth > node.clientWidth"
    )
    await box.fill("/gallery modal")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert not await page.evaluate(TOO_WIDE)


async def test_a_phone_reaches_every_conversation(open_as: OpenAs) -> None:
    page = await open_as("ana", size=PHONE)
    await expect(page.get_by_role("button", name="triage")).to_be_hidden()

    await page.get_by_role("button", name="Conversations").click()
    await page.get_by_role("button", name="triage").click()

    await expect(page.get_by_role("heading", name="triage")).to_be_visible()
    await expect(page.get_by_role("button", name="migration")).to_be_hidden()


async def test_the_whole_page_is_walked_with_the_tab_key(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await page.get_by_label("Message #migration").fill("/schedule")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Why this date?")).to_be_visible()
    await page.evaluate("document.activeElement.blur()")

    walked = []
    for _ in range(20):
        await page.keyboard.press("Tab")
        walked.append(await page.evaluate(_FOCUSED))

    for name in ("Skip", "You are Ana", "migration", "Inspector", "Why this date?", "Message #"):
        assert any(name in one["name"] for one in walked), (name, walked)
    assert all(one["seen"] for one in walked if one["name"]), walked


_FOCUSED = """() => {
  const node = document.activeElement;
  if (node === document.body) return { name: "", seen: false };
  const style = getComputedStyle(node);
  const held = node.closest(".box");
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return {
    name: node.getAttribute("aria-label") || node.textContent,
    seen: ring || (held !== null && getComputedStyle(held).boxShadow !== "none"),
  };
}"""


async def test_a_lost_connection_is_said_and_what_was_missed_is_shown(
    open_as: OpenAs, sandbox: Sandbox
) -> None:
    ana, bo = await open_as("ana"), await open_as("bo")
    sandbox.world.live.close()
    await expect(ana.get_by_text("The connection was lost. Trying again…")).to_be_visible()

    await bo.get_by_label("Message #migration").fill("While you were away")
    await bo.keyboard.press("Enter")

    await expect(ana.get_by_role("log")).to_contain_text("While you were away")
    await expect(ana.get_by_text("The connection was lost. Trying again…")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_from_their_ground(open_as: OpenAs, scheme: str) -> None:
    page = await open_as("ana")
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.get_by_label("Message #migration").fill("/schedule")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Why this date?")).to_be_visible()

    assert await page.evaluate(_FAINT) == []


# The contrast of every element's own words with the nearest painted ground behind them.
_FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const grounds = (node) => {
    const found = [];
    for (let at = node; at; at = at.parentElement) found.unshift(getComputedStyle(at).backgroundColor);
    return found;
  };
  const own = (node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
  return [...document.querySelectorAll("#page *")]
    .filter((node) => own(node) && node.checkVisibility({ visibilityProperty: true }))
    .map((node) => {
      const behind = grounds(node);
      const [one, two] = [light(paint(behind)), light(paint([...behind, getComputedStyle(node).color]))];
      const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
      return { words: node.textContent.slice(0, 40), ratio: Math.round(ratio * 100) / 100 };
    })
    .filter(({ ratio }) => ratio < 4.5);
}"""
