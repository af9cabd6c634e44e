"""How escalations pose for the pictures of docs/sandbox.md: asked for, decided, late."""

import re

from playwright.async_api import Page, expect

from tests.pictures_of_news import digest, newest_news
from tests.picturing import (
    UNTIL_THE_CLOCK_KNOCKS,
    act_as,
    say,
)


async def escalate(page: Page) -> None:
    """Somebody asks for a customer to move sooner."""
    await say(page, "/escalate Thai Basil")
    form = page.get_by_role("dialog", name="Escalate")
    await expect(form).to_contain_text("moves in the week of")
    await form.get_by_role("combobox", name="What is it about?").click()
    await page.get_by_role("option", name="Customer may leave").click()
    await form.get_by_label("Why should they move sooner?").fill("They sign elsewhere in February")
    await form.get_by_label("Moved by").fill("2022-02-07")


async def triage(page: Page) -> None:
    """What triage sees of an escalation before it decides, whom it would displace among it."""
    log = page.get_by_role("log")
    await expect(log).to_contain_text(
        "What it would take to go by Mon\u00a07\u00a0Feb", timeout=300_000
    )


async def question(page: Page) -> None:
    """What triage asks before it decides, as the requester gets it."""
    await triage(page)
    await page.get_by_role("button", name="Ask", exact=True).last.click()
    form = page.get_by_role("dialog", name="Ask")
    await form.get_by_role("textbox").fill("Would the week of 14 February do?")
    await form.get_by_role("button", name="Ask", exact=True).click()
    await expect(form).to_have_count(0)
    await act_as(page, "brooke")
    await expect(page.get_by_role("log")).to_contain_text("asks about")


async def displaced(page: Page) -> None:
    """Why a date moved, as the CSA reads it whose customer made room for an escalation."""
    in_triage = page.url
    await act_as(page, "marcus")
    await digest(page, zone="America/Chicago")
    await page.goto(in_triage)
    await triage(page)
    await page.get_by_role("button", name="Approve", exact=True).last.click()
    form = page.get_by_role("dialog", name="Approve")
    await form.get_by_role("textbox", name="Why").fill("Every eighth order lost is too many")
    await form.get_by_role("button", name="Approve", exact=True).click()
    await expect(form).to_have_count(0)
    await expect(page.get_by_role("log")).to_contain_text("What it took", timeout=300_000)
    await act_as(page, "marcus")
    await digest(page, zone="America/Chicago")
    await newest_news(page, re.compile("an escalation took"))


async def late(page: Page) -> None:
    """What a lead gets when nobody has decided in time."""
    await page.get_by_role("navigation").get_by_role("button", name="Wavepost").click()
    await page.get_by_role("tab", name="Messages").click()
    decide = page.get_by_role("button", name="Decide").last
    await expect(decide).to_be_visible(timeout=UNTIL_THE_CLOCK_KNOCKS)
