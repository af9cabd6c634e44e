"""An announcement, clicked: it is due, a CSA confirms it, and a lead sees who did and reads it again."""

import re
from datetime import UTC, datetime, time

import pytest
from playwright.async_api import Page, expect

from bot.assembly import Wavepost
from handlers.announcing import announce_due
from handlers.roles import give
from rules.announcement import Topic
from rules.roles import Role
from store.announcement_rows import ScheduleVersionRow
from store.session import Store
from tests.chromium import OpenAs
from tests.sandbox.browser.axe import faults_of
from tests.typography import glued
from tests.world import FIRST_MONDAY, World

pytestmark = pytest.mark.browser

DUE = datetime(2022, 1, 17, 9, tzinfo=UTC)
MANY = 20


@pytest.fixture
async def _due(store: Store, wavepost: Wavepost) -> None:
    """Twenty customers move this week, which #general hears on Monday at nine; it is Monday at nine."""
    assert wavepost.directory_read.is_set()
    world = World()
    world.csa()
    for number in range(MANY):
        world.customer(f"Store {number:02}", weeks={FIRST_MONDAY: 1})
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        await give(tx, "lea@northwind.example", Role.lead)
        general = await tx.channels.named("general")
        assert general
        says = ScheduleVersionRow(
            schedule_id=0,
            version=1,
            since=datetime(2022, 1, 12, tzinfo=UTC),
            by="test",
            channel=general.id,
            topic=Topic.waves,
            weekday=0,
            at_time=time(9),
            zone="UTC",
        )
        await tx.announcement_schedules.add(says)
        await tx.clock.set_now(DUE)
    await announce_due(store, leads_channel="migration-leads")


async def say(page: Page, words: str) -> None:
    composer = page.get_by_label(re.compile("^Message "))
    await composer.fill(words)
    await composer.press("Enter")


@pytest.mark.usefixtures("_due")
async def test_what_is_announced_is_read_whole_confirmed_and_seen_by_leads(
    open_as: OpenAs,
) -> None:
    ana = await open_as("ana", "general")
    log = ana.get_by_role("log")
    await expect(log).to_contain_text(glued("20 locations of 20 customers move this week"))
    await expect(log).to_contain_text("and 12 more")
    assert await faults_of(ana) == []

    await log.get_by_role("button", name="See all").click()
    whole = ana.get_by_role("dialog")
    await expect(whole).to_contain_text("Store 19")
    await whole.get_by_label("Close").first.click()
    await expect(whole).to_have_count(0)
    await log.get_by_role("button", name="Got it").click()
    await expect(log).to_contain_text("Thank you, noted.")

    lea = await open_as("lea", "general")
    seen = lea.get_by_role("log")
    await say(lea, "/wavepost announce")
    await expect(seen).to_contain_text("1 pressed Got it")
    await expect(seen).to_contain_text("Mondays at 09:00, UTC")
