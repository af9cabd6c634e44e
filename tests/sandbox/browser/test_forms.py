"""Modals, typeaheads, Home and shortcuts."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.ids import stable_id
from bot.sandbox.modals import content_of, update_view
from bot.sandbox.server import Sandbox
from tests.chromium import PATIENCE, OpenAs
from tests.sandbox.browser.wavelet import form

pytestmark = pytest.mark.browser

HEARING = """
window.EventSource = class extends EventSource {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => console.info(JSON.parse(data).type));
  }
};
"""
"""Says in the console what the page hears, before the page makes anything of it."""


async def open_form(page: Page) -> None:
    await page.get_by_label("Message #migration").fill("/escalate")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Ask to move sooner")).to_be_visible()


async def choose_customer(page: Page) -> None:
    customer = page.get_by_role("combobox", name="Customer")
    await expect(customer).to_be_focused()
    await page.keyboard.type("joe")
    await expect(page.get_by_role("option", name="Joe & Sons")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(customer).to_have_value("Joe & Sons")


async def test_a_form_is_filled_in_corrected_and_sent_by_keyboard_alone(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await open_form(page)

    await choose_customer(page)
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("combobox", name="Reason")).to_have_value("Partner launch")
    await page.keyboard.press("Tab")
    await page.keyboard.type("They open on Valentine's Day")
    await page.keyboard.press("Tab")
    await page.keyboard.type("01202022")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="Wave 6 is full")).to_be_visible()
    await expect(page.get_by_label("Wished date")).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.type("02202022")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_label("Message #migration")).to_be_focused()
    await page.get_by_role("button", name="Wavepost, 1 unread").click()
    await expect(page.get_by_role("log")).to_contain_text(
        "Your wish for Joe & Sons is with the leads."
    )


async def test_what_is_missing_is_said_before_the_app_is_asked(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await open_form(page)

    await page.get_by_role("button", name="Send to triage").click()

    await expect(page.get_by_text("Please fill this in.")).to_have_count(3)
    await expect(page.get_by_role("combobox", name="Customer")).to_be_focused()


async def test_an_updated_form_keeps_what_was_typed(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await open_form(page)
    await choose_customer(page)
    await page.get_by_label("What should the lead know?").fill("Kept")

    await page.get_by_role("checkbox", name="Urgent").check()

    await expect(page.get_by_label("Phone")).to_be_visible()
    await expect(page.get_by_label("What should the lead know?")).to_have_value("Kept")
    await expect(page.get_by_role("combobox", name="Customer")).to_have_value("Joe & Sons")
    await expect(page.get_by_role("checkbox", name="Urgent")).to_be_checked()


async def test_a_press_is_heard_while_the_form_is_drawn_anew(
    open_as: OpenAs, sandbox: Sandbox
) -> None:
    page = await open_as("ana")
    heard = asyncio.Event()
    # Long before it is waited for: a browser says nothing in its console until somebody listens.
    page.on("console", lambda said: heard.set() if said.text == "views" else None)
    await page.add_init_script(HEARING)
    await page.reload()
    await page.wait_for_selector("html[data-ready][data-live]")
    await open_form(page)
    await choose_customer(page)
    await page.get_by_role("combobox", name="Reason").fill("Partner launch")
    await page.keyboard.press("Enter")
    send = page.get_by_role("button", name="Send to triage")
    box = await send.bounding_box()
    assert box
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 2)

    await page.get_by_label("Wished date").fill("2022-02-20")
    await page.mouse.down()
    heard.clear()
    (view,) = sandbox.world.views.stack(stable_id("U", "ana"))
    update_view(sandbox.world, view, content_of(sandbox.world, form(urgent=True), kind="modal"))
    async with asyncio.timeout(PATIENCE / 1000):
        await heard.wait()
    assert await send.bounding_box() == box
    await page.mouse.up()

    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_role("button", name="Wavepost, 1 unread").click()
    await expect(page.get_by_role("log")).to_contain_text("Your wish for Joe & Sons")


async def test_a_typeahead_without_matches_says_so(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await open_form(page)

    await page.keyboard.type("zzz")

    await expect(page.get_by_role("option")).to_have_text("No matches")


async def test_escape_closes_the_list_first_and_then_the_modal(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await open_form(page)
    await page.get_by_role("combobox", name="Reason").click()
    await expect(page.get_by_role("option")).to_have_count(2)

    await page.keyboard.press("Escape")
    await expect(page.get_by_role("option")).to_have_count(0)
    await expect(page.get_by_role("dialog")).to_be_visible()

    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_label("Message #migration")).to_be_focused()


async def test_every_input_is_drawn_and_sent(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await page.get_by_label("Message #migration").fill("/gallery modal")
    await page.keyboard.press("Enter")
    modal = page.get_by_role("dialog", name="Every input")
    await expect(modal.locator(".block.input")).to_have_count(22)
    await expect(modal.locator(".not-drawn")).to_contain_text(
        "A rich_text_input element is not drawn"
    )

    await modal.get_by_role("combobox", name="Multi users select").fill("bo lind")
    await page.keyboard.press("Enter")
    await expect(modal.get_by_role("button", name="Remove Bo Lindqvist")).to_be_visible()
    await modal.get_by_label("Number input").fill("half")
    await modal.get_by_role("button", name="Done").click()
    await expect(modal.get_by_text("Please give a whole number.")).to_be_visible()
    await modal.get_by_label("Number input").fill("7")
    await modal.get_by_role("button", name="Done").click()

    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_confirmed_button_acts_only_when_confirmed(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await page.get_by_role("button", name="Inspector", exact=True).click()
    await page.get_by_label("Message #migration").fill("/gallery")
    await page.keyboard.press("Enter")
    pressed = page.get_by_role("listitem").filter(has_text="block_actions")

    await page.get_by_role("button", name="Pause").click()
    await page.get_by_role("button", name="Keep going").click()
    await page.get_by_role("button", name="Pause").click()
    await page.get_by_role("button", name="Pause it").click()

    await expect(pressed).to_have_count(1)


async def test_the_home_tab_shows_what_the_app_published(open_as: OpenAs) -> None:
    page = await open_as("ana")

    await page.get_by_role("button", name="Wavepost", exact=True).click()

    await expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    await expect(page.get_by_role("heading", name="My customers")).to_be_visible()
    await page.get_by_role("tab", name="Home").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_text("Type / to see what the app can do.")).to_be_visible()


async def test_shortcuts_open_from_the_composer_and_from_a_message(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name="Ask to move sooner").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.get_by_role("button", name="Not now").click()
    await page.get_by_label("Message #migration").fill("Joe's again")
    await page.keyboard.press("Enter")

    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Escalate this").click()

    await expect(page.get_by_role("dialog", name="Ask to move sooner")).to_be_visible()
