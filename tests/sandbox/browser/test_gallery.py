"""Everything that Block Kit has is drawn, or named where it is not."""

import inspect
import json

import pytest
from playwright.async_api import Page, expect
from slack_sdk.models import blocks as models
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.ids import stable_id
from bot.sandbox.json_types import Json
from bot.sandbox.server import Sandbox
from tests.chromium import OpenAs
from tests.sandbox.browser.gallery import (
    inputs,
    message_blocks,
    mrkdwn,
    plain,
    undrawn_blocks,
)

pytestmark = pytest.mark.browser

NOT_SENT_BY_APPS = {"file", "call", "auth_provider"}
"""Slack makes the first two itself; what the third is for, it does not say."""

NAMED_BY_THEIR_BLOCK = {"icon_button", "url"}
"""Elements of blocks that are not drawn: context_actions and task_card."""

NOT_DRAWN = [
    "A card block is not drawn here.",
    "A carousel block is not drawn here.",
    "A container block is not drawn here.",
    "A context_actions block is not drawn here.",
    "A data_visualization block is not drawn here.",
    "A plan block is not drawn here.",
    "A task_card block is not drawn here.",
    "A video block is not drawn here.",
    "A workflow_button element is not drawn here.",
]
ALERT: Json = {"type": "alert", "text": mrkdwn("Wave 7 waits"), "level": "warning"}


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)


async def post(client: AsyncWebClient, *blocks: Json) -> None:
    channel = stable_id("C", "migration")
    await client.chat_postMessage(channel=channel, text="Everything", blocks=list(blocks))


def types_in(value: object) -> set[str]:
    return {
        part.split('"')[0] for part in json.dumps(value).replace('"type": "', "\0").split("\0")[1:]
    }


def test_every_block_and_element_of_slack_sdk_is_in_the_gallery() -> None:
    shown = types_in([message_blocks(), inputs(), undrawn_blocks(), ALERT])
    every = {
        str(vars(kind)["type"])
        for _, kind in inspect.getmembers(models, inspect.isclass)
        if issubclass(kind, models.Block | models.BlockElement) and "type" in vars(kind)
    }
    assert every - shown == NOT_SENT_BY_APPS | NAMED_BY_THEIR_BLOCK


async def test_what_is_not_drawn_is_named(open_as: OpenAs, client: AsyncWebClient) -> None:
    page = await open_as("ana")
    await post(client, *undrawn_blocks())

    await expect(page.locator(".not-drawn")).to_have_text(
        [f"{words} Slack shows it." for words in NOT_DRAWN]
    )


async def test_an_alert_says_its_words(open_as: OpenAs, client: AsyncWebClient) -> None:
    page = await open_as("ana")
    await post(client, ALERT)
    await expect(page.get_by_role("note")).to_have_text("Wave 7 waits")


async def test_a_picture_that_cannot_be_loaded_is_told_by_its_words(
    open_as: OpenAs, client: AsyncWebClient
) -> None:
    page = await open_as("ana")
    nowhere = "http://127.0.0.1:9/none.png"
    await post(
        client,
        {"type": "image", "image_url": nowhere, "alt_text": "The burn-up", "title": plain("Now")},
        {"type": "image", "image_url": "/client/icon.svg", "alt_text": "A wave"},
    )
    await expect(page.get_by_role("figure").first).to_have_text("NowThe burn-up")
    await expect(page.get_by_role("img", name="A wave")).to_be_visible()


async def test_a_date_is_shown_in_the_zone_of_who_reads_it(
    open_as: OpenAs, client: AsyncWebClient
) -> None:
    ana, bo = await open_as("ana"), await open_as("bo")
    late = "<!date^1642289400^{date_long} at {time}|15 January>"
    await post(client, {"type": "section", "text": mrkdwn(late)})
    await expect(ana.get_by_role("log")).to_contain_text("Saturday, January 15th, 2022 at 6:30 PM")
    await expect(bo.get_by_role("log")).to_contain_text("Sunday, January 16th, 2022 at 12:30 AM")


async def test_a_wide_table_scrolls_within_itself(open_as: OpenAs, client: AsyncWebClient) -> None:
    page = await open_as("ana", size=(375, 740))
    await post(client, {"type": "table", "rows": [_cells(column) for column in "AB"]})
    table = page.get_by_role("group", name="Table")
    await expect(table.get_by_role("cell", name="B12")).to_be_attached()
    assert await table.evaluate("node => node.scrollWidth > node.clientWidth")
    assert await fits(page)
    await table.focus()
    await page.keyboard.press("End")
    await page.keyboard.press("ArrowRight")
    await page.wait_for_function(
        "node => node.scrollLeft > 0", arg=await table.element_handle(), timeout=10_000
    )


def _cells(row: str) -> list[Json]:
    return [{"type": "raw_text", "text": f"{row}{column}"} for column in range(1, 16)]


async def fits(page: Page) -> bool:
    wide: bool = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return not wide
