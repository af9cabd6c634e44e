"""Switching people and reloading: nobody lands where they are not, nothing typed is lost."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from bot.sandbox.json_types import Json
from bot.sandbox.modals import update_view
from bot.sandbox.server import Sandbox
from tests.chromium import OpenAs

pytestmark = pytest.mark.browser


async def act_as(page: Page, name: str) -> None:
    await page.get_by_role("button", name="You are").click()
    await page.get_by_role("option", name=name).click()
    await expect(page.get_by_role("button", name=f"You are {name}")).to_be_visible()
    await page.wait_for_selector("html[data-ready][data-live]")


async def test_who_is_not_in_the_conversation_begins_in_one_of_their_own(open_as: OpenAs) -> None:
    page = await open_as("bo", "leads")
    await act_as(page, "Ana Ito")
    await expect(page.get_by_role("heading", name="migration", level=1)).to_be_visible()

    await act_as(page, "Bo Lindqvist")
    await page.get_by_role("button", name="random").click()
    await act_as(page, "Ana Ito")
    await expect(page.get_by_role("heading", name="migration", level=1)).to_be_visible()
    await expect(page.get_by_text("You are not in this channel.")).to_have_count(0)


async def test_who_is_in_it_too_stays_and_an_app_is_each_one_s_own(open_as: OpenAs) -> None:
    page = await open_as("bo", "triage")
    await act_as(page, "Ana Ito")
    await expect(page.get_by_role("heading", name="triage", level=1)).to_be_visible()

    await page.get_by_role("button", name="Wavepost", exact=True).click()
    await act_as(page, "Bo Lindqvist")
    await expect(page.get_by_role("heading", name="Wavepost", level=1)).to_be_visible()
    await expect(page.get_by_role("heading", name="My customers")).to_be_visible()


async def test_a_home_that_is_filled_before_the_stream_began_is_shown(open_as: OpenAs) -> None:
    page = await open_as("ana", "triage")
    await page.get_by_role("button", name="Wavepost", exact=True).click()

    async def begin_late(route: Route) -> None:
        await asyncio.sleep(1)
        await route.continue_()

    await page.route("**/client/api/live?*", begin_late)
    await act_as(page, "Bo Lindqvist")

    await expect(page.get_by_role("heading", name="My customers")).to_be_visible()


async def test_who_is_in_no_channel_begins_with_the_app(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await act_as(page, "Gus Guest")
    await expect(page.get_by_role("heading", name="Wavepost", level=1)).to_be_visible()


async def open_form(page: Page) -> None:
    await page.get_by_label("Message #migration").fill("/escalate")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Ask to move sooner")).to_be_visible()


async def fill(page: Page) -> None:
    await page.get_by_role("combobox", name="Customer").fill("joe")
    await page.get_by_role("option", name="Joe & Sons").click()
    await page.get_by_label("What should the lead know?").fill("They open soon")
    await page.get_by_label("Wished date").fill("2022-02-20")


async def expect_filled(page: Page) -> None:
    await expect(page.get_by_role("combobox", name="Customer")).to_have_value("Joe & Sons")
    await expect(page.get_by_label("What should the lead know?")).to_have_value("They open soon")
    await expect(page.get_by_label("Wished date")).to_have_value("2022-02-20")


async def test_an_open_form_is_whole_after_a_reload_and_can_be_sent(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await open_form(page)
    await fill(page)
    await page.reload()

    await expect_filled(page)
    await expect(page.get_by_role("combobox", name="Customer")).to_be_focused()
    await page.get_by_role("combobox", name="Reason").click()
    await page.get_by_role("option", name="Partner launch").click()
    await page.get_by_role("button", name="Send to triage").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.reload()
    await page.wait_for_selector("html[data-ready][data-live]")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await page.evaluate("sessionStorage.length") == 0


async def test_a_form_that_is_not_sent_can_be_closed_after_a_reload(
    open_as: OpenAs, sandbox: Sandbox
) -> None:
    page = await open_as("ana")
    await open_form(page)
    await page.reload()
    await expect(page.get_by_role("combobox", name="Customer")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_label("Message #migration")).to_be_focused()


async def test_an_error_goes_when_its_field_is_mended(open_as: OpenAs) -> None:
    page = await open_as("ana")
    await open_form(page)
    await page.get_by_role("button", name="Send to triage").click()
    await expect(page.locator(".wrong")).to_have_count(3)

    await fill(page)
    await expect(page.locator(".wrong")).to_have_count(1)
    await page.get_by_role("combobox", name="Reason").click()
    await page.get_by_role("option", name="Partner launch").click()

    await expect(page.locator(".wrong")).to_have_count(0)
    await expect(page.get_by_text("Please fill this in.")).to_have_count(0)
    assert await page.locator("[aria-invalid]").count() == 0


async def test_a_field_that_becomes_required_no_longer_says_that_it_is_optional(
    open_as: OpenAs, sandbox: Sandbox
) -> None:
    page = await open_as("ana")
    await open_form(page)
    label = page.locator(".label", has_text="What should the lead know?")
    await expect(label).to_contain_text("(optional)")
    await page.get_by_label("What should the lead know?").fill("Kept")

    view = sandbox.world.views.stack(sandbox.people.user("ana").id)[-1]
    blocks: list[Json] = [
        block | {"optional": False} if block["type"] == "input" else block
        for block in view.content["blocks"]
    ]
    update_view(sandbox.world, view, view.content | {"blocks": blocks})

    await expect(label).not_to_contain_text("(optional)")
    await expect(page.get_by_label("What should the lead know?")).to_have_value("Kept")


async def test_answers_to_one_person_stand_a_little_apart(open_as: OpenAs) -> None:
    page = await open_as("ana")
    for customer in ("Joe", "Maria"):
        await page.get_by_label("Message #migration").fill(f"/schedule {customer}")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("log")).to_contain_text(f"{customer} moves")
    first, second = [await one.bounding_box() for one in await page.locator(".ephemeral").all()]
    assert first
    assert second
    assert second["y"] - (first["y"] + first["height"]) >= 4


async def test_a_message_that_was_begun_is_there_after_a_reload_and_gone_once_sent(
    open_as: OpenAs,
) -> None:
    page = await open_as("ana")
    await expect(page.get_by_label("Message #migration")).to_be_focused()
    await page.keyboard.type("Half a thou")
    await page.reload()
    await expect(page.get_by_label("Message #migration")).to_have_value("Half a thou")

    await page.get_by_role("button", name="triage").click()
    await expect(page.get_by_label("Message #triage")).to_have_value("")
    await page.get_by_role("button", name="migration", exact=True).click()
    await expect(page.get_by_label("Message #migration")).to_have_value("Half a thou")
    await expect(page.get_by_label("Message #migration")).to_be_focused()
    await page.keyboard.press("End")
    await page.keyboard.type("ght")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("Half a thought")
    await page.reload()
    await expect(page.get_by_role("log")).to_contain_text("Half a thought")
    await expect(page.get_by_label("Message #migration")).to_have_value("")
