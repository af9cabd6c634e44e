"""The commonest things done with the keyboard alone; the focus is where one needs it next."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.chromium import OpenAs

pytestmark = pytest.mark.browser

PHONE = (375, 740)


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def tab_to(page: Page, control: Locator, key: str = "Tab") -> None:
    """Walk with the Tab key until the control has the focus."""
    for _ in range(40):
        if await control.evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press(key)
    await expect(control).to_be_focused()


def composer(page: Page) -> Locator:
    return page.get_by_label("Message #migration")


async def say(page: Page, words: str) -> None:
    await tab_to(page, composer(page))
    await page.keyboard.type(words)
    await page.keyboard.press("Enter")


async def test_one_becomes_somebody_else_and_is_back_where_one_was(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await tab_to(page, page.get_by_role("button", name="You are Ana Ito"))
    await press(page, "Enter")
    await expect(page.get_by_label("Act as: search people")).to_be_focused()
    await page.keyboard.type("lindq")
    await press(page, "Enter")

    me = page.get_by_role("button", name="You are Bo Lindqvist")
    await expect(me).to_be_focused()
    await press(page, "Enter", "Escape")
    await expect(me).to_be_focused()
    await expect(page.get_by_role("heading", name="migration", level=1)).to_be_visible()


async def test_one_goes_to_a_channel_and_can_write_there_at_once(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await tab_to(page, page.get_by_role("button", name="triage"))
    await press(page, "Enter")
    await expect(page.get_by_label("Message #triage")).to_be_focused()

    await tab_to(page, page.get_by_role("button", name="pilot-2021"), "Shift+Tab")
    await press(page, "Enter")
    await expect(page.get_by_role("heading", name="pilot-2021", level=1)).to_be_focused()

    await tab_to(page, page.get_by_role("button", name="Wavepost", exact=True), "Shift+Tab")
    await press(page, "Enter")
    await expect(page.get_by_role("tab", name="Home")).to_be_focused()


async def test_a_button_of_an_answer_is_one_step_from_the_composer(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await say(page, "/schedule Joe")
    button = page.get_by_role("button", name="Post to the channel")
    await expect(button).to_be_visible()
    await tab_to(page, button, "Shift+Tab")
    await press(page, "Enter")
    await expect(page.get_by_role("log")).to_contain_text("Joe's Pizza moves on February 7th.")
    await expect(button).to_be_focused()


async def test_a_modal_begins_at_its_first_field_and_ends_where_it_was_opened(
    open_as: OpenAs,
) -> None:
    page = await open_as("ana")
    opener = page.get_by_role("button", name="Shortcuts")
    await tab_to(page, opener)
    await press(page, "Enter", "Enter")
    customer = page.get_by_role("combobox", name="Customer")
    await expect(customer).to_be_focused()

    await press(page, "Shift+Tab")
    for _ in range(12):
        assert await page.evaluate(_IN_THE_DIALOG)
        await press(page, "Tab")
    await press(page, "Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(opener).to_be_focused()


# Past its last control comes the browser's own frame, and then the dialog again.
_IN_THE_DIALOG = "document.activeElement.matches('body, dialog *')"


async def test_a_thread_is_opened_written_in_and_left(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await say(page, "Who moves next?")
    more = page.get_by_role("button", name="More actions")
    await tab_to(page, more, "Shift+Tab")
    await expect(page.locator(".message > .tools")).to_have_css("opacity", "1")
    await press(page, "Enter")
    await expect(page.get_by_role("menuitem", name="Reply in thread")).to_be_focused()
    await press(page, "Enter")
    await expect(page.get_by_label("Reply…")).to_be_focused()
    await page.keyboard.type("Joe's Pizza")
    await press(page, "Enter")
    await expect(page.get_by_role("log", name="Thread")).to_contain_text("Joe's Pizza")

    await press(page, "Escape")
    await expect(page.get_by_role("complementary", name="Thread")).to_have_count(0)
    await expect(more).to_be_focused()

    link = page.get_by_role("button", name="1 reply")
    await tab_to(page, link, "Shift+Tab")
    await press(page, "Enter")
    await expect(page.get_by_label("Reply…")).to_be_focused()
    await press(page, "Escape")
    await expect(link).to_be_focused()


async def test_the_menu_of_a_message_offers_its_shortcuts_by_keyboard_and_by_pointer(
    open_as: OpenAs,
) -> None:
    page = await open_as("ana")
    await say(page, "Joe's asked twice")
    tools = page.locator(".message > .tools")
    await expect(tools).to_have_css("opacity", "0")
    await page.get_by_role("article").hover()
    await expect(tools).to_have_css("opacity", "1")
    await page.mouse.move(0, 0)
    await expect(tools).to_have_css("opacity", "0")

    await tab_to(page, page.get_by_role("button", name="More actions"), "Shift+Tab")
    await press(page, "ArrowUp")
    await expect(page.get_by_role("menuitem", name="Escalate this")).to_be_focused()
    await press(page, "Enter")
    await expect(page.get_by_role("dialog", name="Ask to move sooner")).to_be_visible()


async def test_escape_closes_one_thing_at_a_time(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await tab_to(page, page.get_by_role("button", name="Inspector", exact=True))
    await press(page, "Enter")
    await expect(page.get_by_label("Filter requests")).to_be_focused()
    await say(page, "/escalate")
    await expect(page.get_by_role("combobox", name="Customer")).to_be_focused()
    await page.keyboard.type("joe")
    await expect(page.get_by_role("option", name="Joe & Sons")).to_be_visible()

    await press(page, "Escape")
    await expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(0)
    await press(page, "Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(composer(page)).to_be_focused()
    await tab_to(page, page.get_by_label("Filter requests"))
    await page.keyboard.type("views")
    await press(page, "Escape")
    await expect(page.get_by_label("Filter requests")).to_have_value("")
    await press(page, "Escape")
    await expect(page.get_by_role("complementary", name="Inspector")).to_be_hidden()
    await expect(page.get_by_role("button", name="Inspector", exact=True)).to_be_focused()


async def test_the_sidebar_of_a_phone_keeps_the_focus_until_it_is_left(open_as: OpenAs) -> None:
    page = await open_as("ana", size=PHONE)
    opener = page.get_by_role("button", name="Conversations")
    await tab_to(page, opener)
    await press(page, "Enter")
    await expect(page.get_by_role("button", name="migration")).to_be_focused()
    for _ in range(16):
        await press(page, "Tab")
        assert await page.evaluate("!document.activeElement.closest('main')")

    await press(page, "Escape")
    await expect(page.get_by_role("button", name="migration")).to_be_hidden()
    await expect(opener).to_be_focused()


async def test_a_window_that_becomes_wide_lets_go_of_the_sidebar(open_as: OpenAs) -> None:
    page = await open_as("ana", size=PHONE)
    await page.get_by_role("button", name="Conversations").click()
    await expect(page.get_by_role("button", name="triage")).to_be_visible()
    await page.set_viewport_size({"width": 1280, "height": 800})
    await composer(page).click()
    await expect(composer(page)).to_be_focused()


async def test_a_drawer_that_covers_a_phone_keeps_what_is_behind_it_out_of_the_walk(
    open_as: OpenAs,
) -> None:
    page = await open_as("ana", size=PHONE)
    await tab_to(page, page.get_by_role("button", name="Inspector", exact=True))
    await press(page, "Enter")
    await expect(page.get_by_label("Filter requests")).to_be_focused()
    for _ in range(8):
        await press(page, "Tab")
        assert await page.evaluate("!document.activeElement.closest('main')")
    await tab_to(page, page.get_by_role("button", name="Close the inspector"))
    await press(page, "Enter")
    await expect(page.get_by_role("button", name="Inspector", exact=True)).to_be_focused()
