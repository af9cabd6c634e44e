"""The page of faults, reached, read and worked in a browser."""

import pytest
from playwright.async_api import Page, expect
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.chromium import OpenAs

pytestmark = pytest.mark.browser


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)


async def faults_page(open_as: OpenAs) -> Page:
    """The page, by way of the link in the sidebar."""
    page = await open_as("ana")
    await page.get_by_role("link", name="Faults").click()
    await page.wait_for_selector("html[data-ready][data-live]")
    return page


async def test_a_fault_is_begun_watched_and_lifted(
    open_as: OpenAs, sandbox: Sandbox, client: AsyncWebClient
) -> None:
    page = await faults_page(open_as)
    await expect(page.get_by_text("None. Everything works.")).to_be_visible()
    await page.get_by_text("Too many calls").click()
    await page.get_by_label("How many times").locator("visible=true").fill("2")
    await page.get_by_label("Method").locator("visible=true").select_option("users.list")
    await page.get_by_role("button", name="Begin Too many calls").click()
    at_work = page.get_by_role("list", name="Faults at work")
    await expect(at_work).to_contain_text("Answer 429, wait 2 s: users.list")
    await expect(at_work).to_contain_text("2 more times")

    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.users_list()
    await expect(at_work).to_contain_text("Once more")
    await page.get_by_role("button", name="Lift Answer 429").click()
    await expect(page.get_by_text("None. Everything works.")).to_be_visible()
    assert sandbox.faults.active == []
    assert (await client.users_list())["ok"]


async def test_the_page_is_worked_with_the_keyboard_alone(
    open_as: OpenAs, sandbox: Sandbox, client: AsyncWebClient
) -> None:
    page = await faults_page(open_as)
    summary = page.locator("summary", has_text="Token revoked")
    await summary.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Error").locator("visible=true")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_have_text(
        "At work: Token refused with token_revoked."
    )
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()

    lift = page.get_by_role("button", name="Lift Token")
    await lift.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="At work now")).to_be_focused()
    assert (await client.auth_test())["ok"]


async def test_what_cannot_be_done_is_said_beside_its_button(
    open_as: OpenAs, sandbox: Sandbox
) -> None:
    page = await faults_page(open_as)
    sandbox.people.archive("triage", by="ana")
    await page.get_by_text("Channel archived").click()
    await page.get_by_role("combobox", name="Channel").select_option(label="#triage")
    await page.get_by_role("button", name="Begin Channel archived").click()
    await expect(page.get_by_role("alert")).to_have_text("#triage is archived already.")
    assert sandbox.faults.active == []


async def test_all_faults_are_lifted_at_once(open_as: OpenAs, sandbox: Sandbox) -> None:
    sandbox.faults.expire_trigger()
    sandbox.faults.archive_channel("triage")
    page = await faults_page(open_as)
    await page.get_by_role("button", name="Lift all").click()
    await expect(page.get_by_text("None. Everything works.")).to_be_visible()
    assert not sandbox.people.channel("triage").is_archived


async def test_the_sidebar_says_how_many_faults_are_at_work(
    open_as: OpenAs, sandbox: Sandbox
) -> None:
    sandbox.faults.slow_network(seconds=0, jitter=0)
    page = await open_as("ana")
    await expect(page.get_by_role("link", name="Faults, 1 at work")).to_be_visible()
    sandbox.faults.expire_trigger()
    await expect(page.get_by_role("link", name="Faults, 2 at work")).to_be_visible()
    sandbox.faults.lift_all()
    await expect(page.get_by_role("link", name="Faults", exact=True)).to_be_visible()


async def test_one_goes_back_to_where_one_was(open_as: OpenAs) -> None:
    page = await open_as("bo", "triage")
    await page.get_by_role("link", name="Faults").click()
    await page.get_by_role("link", name="Back to the workspace").click()
    await expect(page.get_by_role("heading", name="triage")).to_be_visible()
    await expect(page.get_by_role("button", name="You are Bo")).to_be_visible()


async def test_a_phone_never_scrolls_sideways_on_the_page(open_as: OpenAs) -> None:
    page = await open_as("ana", size=(360, 740))
    await page.goto(page.url.split("?")[0] + "faults")
    await page.wait_for_selector("html[data-ready]")
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert not await page.evaluate(
        "document.querySelector('#page').scrollWidth > document.querySelector('#page').clientWidth"
    )
