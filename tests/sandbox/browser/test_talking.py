"""Messages and commands, as people type and see them."""

import pytest
from playwright.async_api import Page, expect

from tests.chromium import OpenAs
from tests.sandbox.browser.bakery import NAUGHTY

pytestmark = pytest.mark.browser


async def say(page: Page, words: str) -> None:
    await page.get_by_label("Message #migration").fill(words)
    await page.keyboard.press("Enter")


async def test_a_message_is_seen_by_another_person_at_once(open_as: OpenAs) -> None:
    ana, bo = await open_as("ana"), await open_as("bo")

    await say(ana, "Joe's asked twice when they move")

    await expect(bo.get_by_role("log")).to_contain_text("Joe's asked twice when they move")


async def test_shift_and_enter_add_a_line_and_enter_sends_it(open_as: OpenAs) -> None:
    ana = await open_as("ana")

    await ana.get_by_label("Message #migration").fill("one")
    await ana.keyboard.press("Shift+Enter")
    await ana.keyboard.type("two")
    await ana.keyboard.press("Enter")

    assert "one\ntwo" in await ana.get_by_role("article").inner_text()


async def test_a_command_is_completed_by_tab_and_answered_to_its_asker_only(
    open_as: OpenAs,
) -> None:
    ana, bo = await open_as("ana"), await open_as("bo")

    await ana.get_by_label("Message #migration").focus()
    await ana.keyboard.type("/sch")
    await expect(ana.get_by_role("option")).to_have_count(1)
    await ana.keyboard.press("Tab")
    await ana.keyboard.type("Noodle House")
    await ana.keyboard.press("Enter")

    await expect(ana.get_by_role("log")).to_contain_text("Only visible to you")
    await expect(ana.get_by_role("log")).to_contain_text("Noodle House moves on Monday, February")
    await say(ana, "Now you")
    await expect(bo.get_by_role("log")).to_contain_text("Now you")
    await expect(bo.get_by_role("log")).not_to_contain_text("Noodle House")


async def test_a_command_nobody_answers_says_so_to_its_asker(open_as: OpenAs) -> None:
    ana = await open_as("ana")

    await say(ana, "/nothing")

    await expect(ana.get_by_role("log")).to_contain_text("/nothing is not a valid command")


async def test_a_button_of_an_answer_works(open_as: OpenAs) -> None:
    ana, bo = await open_as("ana"), await open_as("bo")
    await say(ana, "/schedule")

    await ana.get_by_role("button", name="Post to the channel").click()

    await expect(bo.get_by_role("log")).to_contain_text("Joe's Pizza moves on February 7th.")


async def test_what_people_type_and_are_called_is_never_markup(open_as: OpenAs) -> None:
    tester, ana = await open_as("img"), await open_as("ana")

    await say(tester, "<b>bold?</b> <!channel> &lt; *bold* @ana")

    log = ana.get_by_role("log")
    await expect(log).to_contain_text(NAUGHTY)
    await expect(log).to_contain_text("<b>bold?</b> <!channel> &lt; bold @Ana Ito")
    assert await log.locator("img, b").count() == 0
    await expect(log.locator("strong")).to_have_text("bold")
    assert "taken" not in await ana.title()


async def test_acting_as_somebody_else_shows_what_they_see(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await say(page, "/schedule Joe")
    await expect(page.get_by_role("log")).to_contain_text("Only visible to you")

    await page.get_by_role("button", name="You are Ana Ito").click()
    await page.keyboard.type("lead")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("button", name="You are Bo Lindqvist")).to_be_visible()
    await expect(page.get_by_role("button", name="leads, private")).to_be_visible()
    await expect(page.get_by_role("log")).not_to_contain_text("Only visible to you")
    await page.reload()
    await expect(page.get_by_role("button", name="You are Bo Lindqvist")).to_be_visible()


async def test_an_unread_channel_is_marked_until_it_is_read(open_as: OpenAs) -> None:
    ana, bo = await open_as("ana", "triage"), await open_as("bo")

    await say(bo, "Wave 7 starts")

    await ana.get_by_role("button", name="migration, 1 unread").click()
    await expect(ana.get_by_role("separator", name="New")).to_be_visible()
    await ana.get_by_role("button", name="triage").click()
    await expect(ana.get_by_role("button", name="migration", exact=True)).to_be_visible()


async def test_a_reply_stands_in_its_thread_and_is_counted(open_as: OpenAs) -> None:
    ana, bo = await open_as("ana"), await open_as("bo")
    await say(bo, "Who moves next?")

    await ana.get_by_role("button", name="More actions").click()
    await ana.get_by_role("menuitem", name="Reply in thread").click()
    await ana.get_by_label("Reply…").fill("Joe's Pizza")
    await ana.keyboard.press("Enter")

    await expect(bo.get_by_role("button", name="1 reply")).to_be_visible()
    await expect(bo.get_by_role("log")).not_to_contain_text("Joe's Pizza")
    await bo.get_by_role("button", name="1 reply").click()
    await expect(bo.get_by_role("log", name="Thread")).to_contain_text("Joe's Pizza")


async def test_every_block_is_drawn_and_what_cannot_be_is_named(open_as: OpenAs) -> None:
    ana = await open_as("ana")

    await say(ana, "/gallery")

    message = ana.get_by_role("article")
    await expect(message.get_by_role("cell", name="Joe's Pizza")).to_be_visible()
    await expect(message).to_contain_text("2 * 3 * 4 stays. 👋 :no_such_emoji:")
    await expect(message).to_contain_text("two & three <four> &#39;five&#39;")
    await expect(message).to_contain_text("Saturday, January 15th, 2022 at 11:00 AM")
    await expect(message.locator("blockquote").first).to_have_text(
        "A quote of two lineswith a link"
    )
    await expect(message.locator(".not-drawn")).to_have_count(0)


async def test_a_data_table_pages_and_sorts(open_as: OpenAs) -> None:
    ana = await open_as("ana")
    await say(ana, "/gallery")
    table = ana.get_by_role("table", name="Locations by wave")
    await expect(table.get_by_role("rowheader")).to_have_count(5)

    await table.get_by_role("button", name="Locations").click()
    await expect(table.get_by_role("rowheader").first).to_have_text("Wave 3")
    await ana.get_by_role("button", name="Next").click()

    await expect(table.get_by_role("rowheader")).to_have_text(["Wave 4", "Wave 7"])


async def test_the_host_programs_links_are_in_the_header(open_as: OpenAs) -> None:
    ana = await open_as("ana")

    await expect(ana.get_by_role("link", name="Set the clock")).to_have_attribute(
        "href", "https://example.com/clock"
    )


async def test_the_inspector_shows_what_went_to_the_app(open_as: OpenAs) -> None:
    ana = await open_as("ana")
    await ana.get_by_role("button", name="Inspector", exact=True).click()

    await say(ana, "/schedule Joe")

    row = ana.get_by_role("listitem").filter(has_text="/schedule")
    await row.locator("summary").click()
    await expect(row).to_contain_text('"text": "Joe"')
