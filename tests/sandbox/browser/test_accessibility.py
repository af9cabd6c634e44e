"""Every view of the page as axe-core judges it: names, roles, contrast, landmarks."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.server import Sandbox
from tests.chromium import DESK, OpenAs
from tests.sandbox.browser.axe import faults_of
from tests.sandbox.browser.bakery import SIGNED_IN

pytestmark = pytest.mark.browser

PHONE = (375, 740)


async def say(page: Page, words: str) -> None:
    await page.get_by_label("Message #migration").fill(words)
    await page.keyboard.press("Enter")


async def in_a_channel(page: Page) -> None:
    await say(page, "/schedule Joe")
    await say(page, "/gallery")
    await say(page, "/nothing")
    await expect(page.get_by_role("cell", name="Joe's Pizza")).to_be_visible()
    await expect(page.get_by_role("log")).to_contain_text("/nothing is not a valid command")


async def in_a_direct_conversation(page: Page) -> None:
    await say(page, "/schedule")
    await page.get_by_role("button", name="Post to the channel").click()
    await go(page, "Wavepost")
    await page.get_by_role("tab", name="Messages").click()
    await expect(page.get_by_label("Message Wavepost")).to_be_visible()


async def in_a_thread(page: Page) -> None:
    await say(page, "Who moves next?")
    await page.get_by_role("article").hover()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Reply in thread").click()
    await page.get_by_label("Reply…").fill("Joe's Pizza")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log", name="Thread")).to_contain_text("Joe's Pizza")


async def in_a_form_with_errors(page: Page) -> None:
    await say(page, "/escalate")
    await page.get_by_role("button", name="Send to triage").click()
    await expect(page.get_by_text("Please fill this in.")).to_have_count(3)


async def in_a_form_with_every_input(page: Page) -> None:
    await say(page, "/gallery modal")
    await expect(page.get_by_role("dialog", name="Every input")).to_be_visible()


async def in_a_list_of_choices(page: Page) -> None:
    await say(page, "/escalate")
    await page.get_by_role("combobox", name="Customer").fill("joe")
    await expect(page.get_by_role("option", name="Joe & Sons")).to_be_visible()


async def in_a_menu(page: Page) -> None:
    await page.get_by_role("button", name="Shortcuts").click()
    await expect(page.get_by_role("menuitem")).to_be_visible()


async def in_the_switcher(page: Page) -> None:
    await show_sidebar(page)
    await page.get_by_role("button", name="You are Ana Ito").click()
    await expect(page.get_by_role("option", name="Bo Lindqvist")).to_be_visible()


async def at_home(page: Page) -> None:
    await go(page, "Wavepost")
    await expect(page.get_by_role("heading", name="My customers")).to_be_visible()


async def in_the_inspector(page: Page) -> None:
    await say(page, "/schedule Joe")
    await expect(page.get_by_role("log")).to_contain_text("Joe moves")
    await page.get_by_role("button", name="Inspector", exact=True).click()
    row = page.get_by_role("listitem").filter(has_text="/schedule")
    await row.locator("summary").click()
    await expect(row).to_contain_text('"text": "Joe"')


async def in_an_archived_channel(page: Page) -> None:
    await go(page, "pilot-2021")
    await expect(page.get_by_text("This channel is archived.")).to_be_visible()


async def at_the_faults(page: Page) -> None:
    await page.goto(page.url.split("?")[0] + "faults")
    await page.wait_for_selector("html[data-ready][data-live]")
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


async def at_the_trust_page(page: Page) -> None:
    await page.goto(page.url.split("?")[0] + "trust")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def go(page: Page, name: str) -> None:
    await show_sidebar(page)
    await page.get_by_role("navigation").get_by_role("button", name=name).click()


async def show_sidebar(page: Page) -> None:
    opener = page.get_by_role("button", name="Conversations")
    if await opener.is_visible():
        await opener.click()


PLACES: list[Callable[[Page], Awaitable[None]]] = [
    in_a_channel,
    in_a_direct_conversation,
    in_a_thread,
    in_a_form_with_errors,
    in_a_form_with_every_input,
    in_a_list_of_choices,
    in_a_menu,
    in_the_switcher,
    at_home,
    in_the_inspector,
    in_an_archived_channel,
    at_the_faults,
    at_the_trust_page,
]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
async def test_axe_finds_nothing_wrong(
    open_as: OpenAs, place: Callable[[Page], Awaitable[None]], size: tuple[int, int]
) -> None:
    page = await open_as("ana", size=size)
    await place(page)
    assert await faults_by_scheme(page) == {"light": [], "dark": []}


async def test_axe_finds_nothing_wrong_where_people_sign_in(
    open_as: OpenAs, sandbox: Sandbox
) -> None:
    page = await open_as("ana", size=PHONE)
    asked = {
        "response_type": "code",
        "client_id": sandbox.world.credentials.client_id,
        "scope": "openid email",
        "redirect_uri": SIGNED_IN,
    }
    await page.goto(f"{sandbox.address}/openid/connect/authorize?{urlencode(asked)}")
    await expect(page.get_by_role("button", name="Bo Lindqvist")).to_be_visible()
    assert await faults_by_scheme(page) == {"light": [], "dark": []}


async def faults_by_scheme(page: Page) -> dict[str, list[str]]:
    found = {}
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found[scheme] = await faults_of(page)
    return found
