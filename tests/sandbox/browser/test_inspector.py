"""The inspector: hundreds of requests, sifted, opened and copied."""

import json
from collections.abc import Awaitable, Callable
from time import time
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.server import Sandbox
from tests.chromium import OpenAs

pytestmark = pytest.mark.browser


def note(sandbox: Sandbox, number: int, **more: Any) -> None:
    """As if the app had said something, and every tenth time been told to wait."""
    refused = number % 10 == 0
    fields: dict[str, Any] = {
        "at": time(),
        "direction": "in",
        "kind": "web_api",
        "name": "chat.postMessage",
        "status": 429 if refused else 200,
        "ms": float(number),
        "request": {"channel": "C1", "text": f"message {number}"},
        "response": {"ok": False, "error": "ratelimited"} if refused else {"ok": True},
    }
    sandbox.world.inspector.note(**(fields | more))


@pytest.fixture
async def page(open_as: OpenAs, sandbox: Sandbox) -> Page:
    """The inspector with 500 requests, the last of them an interaction that took long."""
    for number in range(1, 500):
        note(sandbox, number)
    interaction = {"type": "block_actions", "user": {"name": "<b>ana</b>"}}
    note(
        sandbox,
        500,
        direction="out",
        kind="interaction",
        name="block_actions why",
        status=None,
        ms=3000.0,
        request=interaction,
        response=None,
    )
    opened = await open_as("ana")
    await opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await opened.get_by_role("button", name="Inspector", exact=True).click()
    await expect(opened.get_by_text("500 requests")).to_be_visible()
    return opened


Sift = Callable[[Page], Awaitable[object]]
SIFTS: dict[str, tuple[Sift, str]] = {
    "a method": (lambda page: page.get_by_label("Filter requests").fill("POSTmessage"), "499 of"),
    "content": (lambda page: page.get_by_label("Filter requests").fill("message 77"), "1 of"),
    "to the app": (lambda page: choose(page, "To the app"), "1 of"),
    "from the app": (lambda page: choose(page, "From the app"), "499 of"),
    "failures": (lambda page: choose(page, "What failed"), "50 of"),
    "slow ones": (lambda page: choose(page, "What was slow"), "1 of"),
}


async def choose(page: Page, words: str) -> None:
    await page.get_by_label("Which requests").select_option(label=words)


async def test_a_failure_says_why_in_its_line(page: Page) -> None:
    await choose(page, "What failed")

    await expect(page.get_by_text("web API: ratelimited").first).to_be_visible()
    await expect(page.get_by_text("interaction: no answer")).to_be_visible()


@pytest.mark.parametrize("sift", SIFTS)
async def test_requests_are_sifted_by(page: Page, sift: str) -> None:
    act, left = SIFTS[sift]
    await act(page)
    await expect(page.get_by_text(f"{left} 500 requests")).to_be_visible()
    shown = page.locator(".requests > li:not([hidden])")
    await expect(shown).to_have_count(int(left.split()[0]))


async def test_a_payload_is_opened_and_copied_by_keyboard(page: Page) -> None:
    await page.get_by_label("Which requests").focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    newest = page.locator(".requests summary").first
    await expect(newest).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    await expect(newest).to_be_focused()
    await page.keyboard.press("Enter")
    copy = page.get_by_role("button", name="Copy the request")
    await expect(copy).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(copy).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("The request is copied.")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert json.loads(copied) == {"type": "block_actions", "user": {"name": "<b>ana</b>"}}
    assert await page.locator(".requests b").count() == 0


async def test_requests_that_come_meanwhile_stand_first_and_are_sifted_too(
    page: Page, sandbox: Sandbox
) -> None:
    await page.get_by_label("Filter requests").fill("users.info")
    await expect(page.get_by_text("0 of 500 requests")).to_be_visible()
    note(sandbox, 501, name="users.info")
    note(sandbox, 502)

    await expect(page.get_by_text("1 of 500 requests")).to_be_visible()
    assert await page.locator(".requests > li").count() == 500
    await expect(page.locator(".requests > li:not([hidden])")).to_contain_text("users.info")
